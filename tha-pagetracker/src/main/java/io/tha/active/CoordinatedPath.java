package io.tha.active;

import static io.tha.region.FrameDescriptor.PARTICIPANT_APPLICATION_OFFSET;
import static io.tha.region.FrameDescriptor.PARTICIPANT_ENTRY_OFFSET;
import static io.tha.region.FrameDescriptor.PARTICIPANT_LENGTH;

import io.tha.FencedException;
import io.tha.Outcome;
import io.tha.TransactionAbortedException;
import io.tha.capture.Capture;
import io.tha.capture.Snapshot;
import io.tha.coordination.ActiveSleep;
import io.tha.coordination.DecisionFile;
import io.tha.coordination.Decisions;
import io.tha.coordination.DependencyMap;
import io.tha.memory.CrashPoint;
import io.tha.memory.Memory;
import io.tha.region.FrameType;
import io.tha.region.LogWriter;
import io.tha.region.OutcomeTable;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The way of this application's parts of coordinated transactions: from the join, by the log and the decision table, to the decision, which is acted
 * upon in the order in which the application was done with them; docs/coordination.md 5.
 *
 * <p>Threads: any; everything but the looks from outside under the commit lock.
 */
final class CoordinatedPath implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(CoordinatedPath.class.getName());
    private static final long LOOK_NANOS = TimeUnit.MICROSECONDS.toNanos(20);

    private final ActiveParts active;
    private final int application;
    private final ReentrantLock commitLock;
    private final LogWriter log;
    private final OutcomeTable outcomes;
    private final Capture capture;
    private final OpenTransactions transactions;
    private final DecisionFutures futures = new DecisionFutures();
    private final DecisionWatch watch = new DecisionWatch(this::look, new TableSleep(), futures);
    private final Soundness soundness;
    private final Deque<CoordinatedPart> parts = new ArrayDeque<>();
    private final long leaseNanos;

    /** Null before the first join. */
    private volatile DecisionFile file;

    private DependencyMap map;
    private ActiveSleep sleep;
    private long nextNumber;
    private boolean closed;
    /** Parts are aborted, and stay in the pool until no transaction is open: whoever is open, is built on them. */
    private volatile boolean rollBackDue;
    /** Aborted, for what is told of those that go with it. */
    private long abortedId;

    private volatile boolean pending;

    /** Nothing is opened before it is needed. */
    CoordinatedPath(ActiveParts active, Shared shared, Soundness soundness) {
        this.active = active;
        this.soundness = soundness;
        commitLock = shared.commitLock;
        log = shared.log;
        capture = shared.capture;
        transactions = shared.transactions;
        application = active.control().findApplication(active.name());
        outcomes = active.outcomes();
        leaseNanos = active.config().lease().toNanos();
    }

    /** What it has in common with the way of other transactions. */
    record Shared(ReentrantLock commitLock, LogWriter log, Capture capture, OpenTransactions transactions) {}

    /** Makes a claimed transaction this application's part of a coordinated one. */
    void join(TransactionState transaction, long id) {
        requireImage();
        Decisions decisions = open();
        if (!decisions.join(id, application)) {
            throw aborted(id, id);
        }
        transaction.coordinate(id);
    }

    private void requireImage() {
        if (active.config().snapshot() != Snapshot.IMAGE) {
            throw new IllegalStateException("application '" + active.name() + "' cannot take part in coordinated transactions: it keeps no committed "
                    + "image, to which an undecided one could be undone; configure snapshot IMAGE");
        }
        if (capture.foreign().hasAny()) {
            throw new IllegalStateException("application '" + active.name() + "' cannot take part in coordinated transactions while memory outside "
                    + "its pool is registered");
        }
    }

    /** Memory outside the pool is not undone with a part, so there is none while there are parts. */
    void checkMayRegister() {
        soundness.checkFenced();
        if (!parts.isEmpty()) {
            throw new IllegalStateException("application '" + active.name() + "' cannot register memory outside its pool while its part of "
                    + "coordinated transaction " + parts.peek().id() + " is undecided; await the decision");
        }
    }

    /** From the first use on, what the last process of this application has left is acted upon. */
    private Decisions open() {
        if (file == null) {
            DecisionFile opened = DecisionFile.openOrCreate(active.control().domainDirectory());
            try {
                step(() -> opened.decisions().recover(application, () -> !active.log().isSealBegun()));
            } catch (RuntimeException | Error e) {
                opened.close();
                throw e;
            }
            map = new DependencyMap(opened.decisions());
            sleep = new ActiveSleep(opened.decisions(), application);
            file = opened;
        }
        return file.decisions();
    }

    /** For a successor, when it serves: others may wait for what the last process of this application has left. */
    void recover() {
        if (DecisionFile.exists(active.control().domainDirectory())) {
            commitLock.lock();
            try {
                if (!closed) {
                    open();
                }
            } finally {
                commitLock.unlock();
            }
        }
    }

    /** Whether the part may be published as done; false if the transaction is aborted. */
    boolean prepare(TransactionState transaction) {
        requireImage();
        return !rollBackDue && file.decisions().prepare(transaction.id(), application);
    }

    /** The part is published: the groups go on, the decision is awaited. */
    void done(TransactionState transaction, int[] groups) {
        long id = transaction.id();
        CrashPoint.AFTER_DONE_PUBLISHED.reached();
        outcomes.undecided(id);
        parts.add(new CoordinatedPart(
                id,
                capture.detach(groups, transaction.groupCount(), transaction.changes()),
                transaction.published(),
                List.copyOf(transaction.acknowledged()),
                nextNumber++,
                System.nanoTime()));
        pending = true;
        step(() -> file.decisions().done(id, application));
        CrashPoint.AFTER_DONE.reached();
        transactions.end(transaction);
    }

    /** For who was done, without the lock: acts upon what is decided by that, before the watch goes on with what is left. */
    void decide() {
        if (look() || watch.hasToTell()) {
            watch.wake();
        }
    }

    /** This application gives its part up, and with it the transaction. */
    void abort(long id) {
        step(() -> {
            if (file.decisions().abort(id)) {
                file.decisions().pass(id, application);
            }
        });
    }

    /** Where the table refuses a step, this process was stopped, and a successor has made it meanwhile, and maybe those behind it. */
    private void step(Runnable step) {
        try {
            step.run();
        } catch (IllegalStateException | IllegalArgumentException e) {
            throw active.log().isSealBegun()
                    ? new FencedException("application '" + active.name() + "': another process has taken over, and has gone on with what this one "
                            + "had begun; end this process", e)
                    : e;
        }
    }

    /** Acts on what is decided by now. */
    private void act() {
        if (parts.isEmpty()) {
            return;
        }
        boolean decided = file.decisions().evaluateFirst(map);
        try {
            actUponDecided();
        } finally {
            if (decided) {
                file.decisions().wakeActives();
            }
        }
    }

    private void actUponDecided() {
        while (!parts.isEmpty() && file.decisions().outcome(parts.peek().id()) == Outcome.COMMITTED) {
            commit(parts.peek());
        }
        if (!rollBackDue && firstAborted() != null) {
            rollBackDue = true;
            abortedId = firstAborted().id();
            transactions.shut();
        }
        if (rollBackDue && transactions.tryPause()) {
            rollBack();
            rollBackDue = false;
            transactions.resume();
            transactions.open();
        }
        pending = !parts.isEmpty();
    }

    private CoordinatedPart firstAborted() {
        for (CoordinatedPart part : parts) {
            if (file.decisions().outcome(part.id()) == Outcome.ABORTED) {
                return part;
            }
        }
        return null;
    }

    private void commit(CoordinatedPart part) {
        CrashPoint.AFTER_DECIDED.reached();
        log.beginDecided(part.id());
        log.acknowledge(part.acknowledged());
        file.decisions().entries(part.id(), this::publishParticipant);
        long position = log.publishCommit(part.published());
        outcomes.committed(part.id());
        file.decisions().entries(part.id(), (participant, entry) -> active.image().memory().raiseChainEnd(participant, entry + 1));
        capture.commit(part.changes(), position);
        // What it has kept is freed; before that, it is freed at the end of this application if this fails.
        parts.remove();
        log.decided();
        CrashPoint.AFTER_COMMIT_BEFORE_PASS.reached();
        file.decisions().pass(part.id(), application);
        watch.decided(part.id(), Outcome.COMMITTED);
    }

    private void publishParticipant(int participant, long entry) {
        long address = log.append(FrameType.PARTICIPANT, PARTICIPANT_LENGTH);
        Memory.putLong(address + PARTICIPANT_APPLICATION_OFFSET, participant);
        Memory.putLong(address + PARTICIPANT_ENTRY_OFFSET, entry);
        log.seal();
    }

    /**
     * Everything behind the first aborted one is aborted with it, and nobody writes to the pool. One before that may be aborted meanwhile: the table
     * knows which is the first of this roll-back, and the others are the next one's.
     */
    private void rollBack() {
        file.decisions().rollBack(application);
        CrashPoint.AFTER_ROLLED_BACK_BEFORE_ABORT.reached();
        List<CoordinatedPart> undone = parts.stream().filter(part -> file.decisions().isRolledBack(part.id(), application)).toList();
        capture.rollBackFrom(undone.get(0).changes());
        // Before one of them cannot be told of: what they have kept is freed.
        parts.removeIf(part -> part.number() >= undone.get(0).number());
        undone.forEach(this::giveUp);
    }

    private void giveUp(CoordinatedPart part) {
        log.unreserve(part.acknowledged());
        log.publishAbort(part.published());
        outcomes.aborted(part.id());
        CrashPoint.AFTER_ABORT_BEFORE_PASS.reached();
        file.decisions().pass(part.id(), application);
        watch.decided(part.id(), Outcome.ABORTED);
    }

    /**
     * Acts, and attempts the abort of what has been undecided for the lease.
     *
     * @return whether there is something that will be decided
     */
    boolean look() {
        commitLock.lock();
        try {
            if (!closed && soundness.isSound()) {
                step(this::act);
                if (leaseNanos > 0 && !parts.isEmpty() && System.nanoTime() - parts.peek().doneNanos() > leaseNanos) {
                    attemptAbort();
                    step(this::act);
                }
                return pending;
            }
        } catch (FencedException e) {
            soundness.fence(e);
        } catch (RuntimeException | Error e) {
            LOG.log(System.Logger.Level.ERROR, "application '" + active.name() + "'", soundness.breakDown("coordinated transactions", e));
        } finally {
            commitLock.unlock();
        }
        if (rollBackDue && !soundness.isSound()) {
            transactions.fence("application '" + active.name() + "' is not the active any more, or is damaged, so nothing is rolled back here; "
                    + "end this process");
        }
        return false;
    }

    /** What became of a transaction when this application has acted on that, or when the time is over, or the thread is interrupted. */
    Outcome await(long id, long nanos) {
        long end = System.nanoTime() + nanos;
        boolean more = look();
        while (more && outcomes.outcome(id) == Outcome.UNDECIDED && System.nanoTime() - end < 0 && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(LOOK_NANOS);
            more = look();
        }
        return outcomes.outcome(id);
    }

    private void attemptAbort() {
        long blocker = map.blocker(application);
        try {
            file.decisions().abort(blocker == 0 ? parts.peek().id() : blocker);
        } catch (IllegalArgumentException decidedMeanwhile) {
            // All have acted on that.
        }
    }

    /**
     * For a commit: waits until all that it is built on is decided.
     *
     * @throws TransactionAbortedException if that, or some of it, is aborted: the transaction must be rolled back
     */
    void awaitDecided(TransactionState transaction) {
        long end = nextNumber;
        while (!parts.isEmpty() && parts.peek().number() < end && !rollBackDue) {
            step(this::act);
            if (!parts.isEmpty() && !rollBackDue) {
                pause();
            }
        }
        if (rollBackDue) {
            throw aborted(transaction.id(), abortedId);
        }
    }

    /** Without the lock, so that others can go on. */
    private void pause() {
        commitLock.unlock();
        LockSupport.parkNanos(LOOK_NANOS);
        commitLock.lock();
        if (closed) {
            throw new IllegalStateException("the application was closed before the transaction was decided: its changes are lost");
        }
    }

    /** Of the watch, which is only asked to sleep while there are parts. */
    private final class TableSleep implements DecisionWatch.Sleep {
        @Override
        public void prepare() {
            sleep.prepare();
        }

        @Override
        public void sleep(long nanos) {
            if (rollBackDue) {
                // Nothing that others decide ends this, but the end of this application's open transactions.
                LockSupport.parkNanos(LOOK_NANOS);
            } else {
                sleep.sleep(nanos);
            }
        }

        @Override
        public void end() {
            if (file != null) {
                sleep.end();
            }
        }
    }

    private static TransactionAbortedException aborted(long id, long with) {
        return new TransactionAbortedException("transaction " + id + " is aborted" + (id == with ? "" : ", with coordinated transaction " + with
                + ", on which it is built") + "; its changes are undone: begin anew");
    }

    DecisionWatch watch() {
        return watch;
    }

    DecisionFutures futures() {
        return futures;
    }

    /** Whether there are parts that were not acted upon; by any thread. */
    boolean isPending() {
        return pending;
    }

    boolean isRollBackDue() {
        return rollBackDue;
    }

    /** Under the commit lock, before anything is unmapped. */
    void end() {
        closed = true;
        if (rollBackDue) {
            transactions.fence("application '" + active.name() + "' was closed");
        }
        parts.forEach(part -> part.changes().close());
        parts.clear();
        if (file != null) {
            file.close();
        }
    }

    /** Without the commit lock. */
    @Override
    public void close() {
        watch.close();
        futures.end(new IllegalStateException("application '" + active.name() + "' was closed before the transaction was decided"));
    }
}
