package io.tha.active;

import io.tha.FencedException;
import io.tha.Intent;
import io.tha.Outcome;
import io.tha.ThaException;
import io.tha.layout.Layout;
import io.tha.pool.ThaPool;
import io.tha.region.ActiveRole;
import io.tha.transform.Conversions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * An application in its active role: it writes to its pool as to memory, and commits transactions that its standbys follow.
 *
 * <p>Threads: any; one at a time per group, see {@link Transaction}.
 */
public final class ThaApplication implements AutoCloseable {
    private final ActiveParts parts;
    private final CommitPath path;
    private final Beat beat;
    private final AtomicLong progress = new AtomicLong();
    /** Held by a switchover and by the closing, so that nothing is unmapped under the former. */
    private final ReentrantLock roleLock = new ReentrantLock();

    private volatile boolean closed;
    /** Under the role lock. */
    private ShutdownHook shutdownHook;

    private ThaApplication(ActiveParts parts, long workingBase) {
        this.parts = parts;
        path = new CommitPath(parts, workingBase);
        try {
            beat = new Beat(parts.control(), parts.name(), path::isActive, () -> progress.getOpaque() + path.log().publications());
            beat.onFenced(() -> path.coordinated().futures().end(new FencedException("another process has taken over application '" + name() + "'")));
        } catch (RuntimeException | Error e) {
            path.close();
            throw e;
        }
    }

    /**
     * Opens an application of which the domain has no state yet, as its first active. Where there is state, a standby takes over instead.
     *
     * @param domainDirectory created with mode 0700 if it is missing; on tmpfs, usually below {@code /dev/shm}
     * @param name of 1 to 64 letters, digits, {@code _} and {@code -}
     * @param config sizes and choices
     * @throws ThaException if the application has an active or state in the domain, or there is no space
     */
    public static ThaApplication open(Path domainDirectory, String name, ThaConfig config) {
        return FirstOpening.open(domainDirectory, name, config);
    }

    /**
     * For a takeover: everything is in place, and nothing serves yet.
     *
     * @param parts of the application
     * @param workingBase where its pool will be mapped when it serves
     */
    public static ThaApplication prepare(ActiveParts parts, long workingBase) {
        return new ThaApplication(parts, workingBase);
    }

    /** For a takeover that does not come to pass: gives back what {@link #prepare} took. */
    public void giveUp() {
        beat.close();
        path.close();
    }

    /** For a takeover: this process has claimed an epoch, and is not hung. */
    public void hold(long epoch) {
        beat.hold(epoch);
    }

    /** For a takeover by mapping, before the log has its name: its positions go on from the image's applied one. */
    public void beginAt(long position) {
        path.beginAt(position);
    }

    /** For a takeover, before {@link #start}: the intents of transactions that the old active left undecided, in order. */
    public void inherit(List<Intent> intents) {
        path.inherit(intents);
    }

    /** For a takeover: this process serves now. */
    public void start() {
        path.start();
        beat.serve();
    }

    /** For a takeover, when the service goes on: others may wait for what the last process has left of coordinated transactions. */
    public void recoverDecisions() {
        path.coordinated().recover();
    }

    /** Names of the files that this application needs; after a takeover image and pool are one file. */
    public Set<String> files() {
        return Stream.of(parts.log().path(), parts.copiedFile(), parts.outcomes().path(), parts.pool().structure().memory().path())
                .map(path -> path.getFileName().toString())
                .collect(Collectors.toSet());
    }

    /** Registers layouts in the pool; the next transaction carries them. */
    public void register(Layout... layouts) {
        parts.pool().register(layouts);
    }

    /**
     * Registers a layout in the pool, with the rules that keep in step what only standbys of an earlier version read; a successor has those that its
     * standby was given.
     *
     * @param conversions of which the rules count here; what does not fit is a standby's question
     * @throws io.tha.layout.LayoutException if the conversions do not fit the layout
     */
    public void register(Layout layout, Conversions conversions) {
        conversions.check(layout);
        register(layout);
        path.declare(layout, conversions);
    }

    /**
     * Makes memory outside the pool the home of a named object: what anybody writes there goes with the transactions of the object's group. Where
     * the object exists, as after a takeover, the memory is filled from it; else it is created with what the memory has, by the group's
     * next transaction. Call it from the thread that writes the group.
     *
     * @param name of the object
     * @param address of a page; mapped readable and writable until the registration is closed, and the caller's alone
     * @param lengthBytes the layout's size, rounded up to whole pages of 4 KiB
     * @param layout registered before
     * @param group of {@link ThaPool#createGroup}
     * @throws IllegalArgumentException if the memory is not such, is registered already, or the object has another layout or group
     * @throws ThaException if there is no tracker that sees raw writes, or none for so many memories
     * @throws io.tha.PoolFullException if the pool has no space for the object
     */
    public RegisteredMemory registerMemory(String name, long address, long lengthBytes, Layout layout, int group) {
        checkOpen();
        return path.registrations().register(new MemoryRegistration(name, address, lengthBytes, layout, group));
    }

    /** The state. */
    public ThaPool pool() {
        return parts.pool();
    }

    /** Begins a transaction over all groups; not while another is open. */
    public Transaction begin() {
        checkOpen();
        return path.transactions().begin();
    }

    /**
     * Begins a transaction over one group; others may be written by other threads meanwhile.
     *
     * @throws IllegalStateException if the group belongs to an open transaction
     */
    public Transaction begin(int group) {
        checkOpen();
        return path.transactions().begin(group);
    }

    /**
     * Begins a transaction over some groups; others may be written by other threads meanwhile.
     *
     * @throws IllegalStateException if a group belongs to an open transaction
     */
    public Transaction begin(int... groups) {
        checkOpen();
        return path.transactions().begin(groups.clone());
    }

    /**
     * Takes part in a coordinated transaction, with all groups: what is written until {@link Transaction#done} is committed with what the other
     * participants do, or not at all.
     *
     * @param coordinatedId of {@link ThaCoordinator#begin}
     * @throws IllegalArgumentException if there is no such transaction, or this application is none of its participants
     * @throws IllegalStateException if it has joined already, or nobody can join any more; if no committed image is kept; or a transaction is open
     * @throws io.tha.TransactionAbortedException if it is aborted
     */
    public Transaction join(long coordinatedId) {
        Transaction transaction = begin();
        while (!transaction.join(coordinatedId)) {
            transaction = begin();
        }
        return transaction;
    }

    /** Takes part in a coordinated transaction, as {@link #join(long)}, with some groups; others may be written meanwhile. */
    public Transaction join(long coordinatedId, int... groups) {
        Transaction transaction = begin(groups);
        while (!transaction.join(coordinatedId)) {
            transaction = begin(groups);
        }
        return transaction;
    }

    /**
     * Calls back for each coordinated transaction that this application was done with, when it is decided: one thread of the engine, with no lock
     * held. Commits are told in the order in which it was done; an aborted one as soon as it is undone, and with it whatever was built on it.
     */
    public void onDecision(DecisionListener listener) {
        path.coordinated().watch().add(listener);
    }

    /**
     * A future of what becomes of a coordinated transaction that this application was done with, completed when it is decided and acted upon here, by
     * a thread of the engine.
     *
     * @return completed exceptionally with {@link FencedException} when another process takes over before that, and with
     *     {@link IllegalStateException} when this application is closed
     */
    public CompletableFuture<Outcome> decision(long coordinatedId) {
        checkOpen();
        return path.coordinated().futures().of(coordinatedId, this::outcome);
    }

    /**
     * Waits until a coordinated transaction that this application was done with is decided, and acted upon here.
     *
     * @return what became of it by the end of the time
     */
    public Outcome awaitDecision(long coordinatedId, Duration timeout) {
        checkOpen();
        return path.coordinated().await(coordinatedId, TimeUnit.NANOSECONDS.convert(timeout));
    }

    /** Whether transactions can be aborted: not where no snapshot is kept. */
    public boolean canAbort() {
        return path.canRollBack();
    }

    /** Whether this process is still the active: one load. Ask before answering a request from memory. */
    public boolean isActive() {
        return !closed && path.isActive();
    }

    /**
     * Calls back, once, when another process has taken over: this one must not answer any more, and its pool is a stale copy that can be read
     * until {@link #close}. It is told within some milliseconds of running again, whether it commits or not; at once if it is fenced already.
     *
     * @param listener called by a thread of the engine, with no lock held; it may close this application
     */
    public void onFenced(Runnable listener) {
        beat.onFenced(listener);
    }

    /**
     * Asks the engine to look at the service's progress too: when it neither commits nor calls {@link #progress} for so long, as in a deadlock, this
     * process counts as hung, and after its {@link ThaConfig.Builder#lease lease} a standby takes over.
     *
     * @param most time without progress; zero ends the watch
     */
    public void watchProgress(Duration most) {
        beat.watchProgress(TimeUnit.NANOSECONDS.convert(most));
    }

    /** Says that the service is not stuck, where {@link #watchProgress} asks for it; cheap. */
    public void progress() {
        progress.lazySet(progress.getPlain() + 1);
    }

    /** Counts takeovers from 1. */
    public long epoch() {
        return parts.log().epoch();
    }

    public String name() {
        return parts.name();
    }

    /** How many commits were audited, see {@link ThaConfig.Builder#auditEvery}. */
    public long auditedCommits() {
        return path.audit().auditedCaptures();
    }

    /** How many writes the audits have found that the tracker had missed, counted by lines of 64 bytes. */
    public long missedWrites() {
        return path.audit().missedWrites();
    }

    /**
     * How many standbys wait until {@link #admitStandbys} lets them copy the state. 0 where a committed image is kept: there they help themselves.
     */
    public int waitingStandbys() {
        return parts.image() == null ? path.waiting() : 0;
    }

    /**
     * Commits what was written so far, and lets standbys that wait copy the state; for an application without a committed image, at a time
     * when nobody writes. The caller waits for as long as they copy the pool. Where nobody waits, it is a commit.
     *
     * @param timeout after which those that are not ready have to wait for the next call
     * @return whether no standby waits any more
     * @throws IllegalStateException if a transaction is open
     * @throws io.tha.FencedException as a commit
     */
    public boolean admitStandbys(Duration timeout) {
        checkOpen();
        Transaction transaction = path.transactions().begin();
        return transaction.admit(parts.image() == null ? TimeUnit.NANOSECONDS.convert(timeout) : 0);
    }

    /**
     * Whether a commit is acknowledged so; and with it all earlier ones. What was acknowledged once stays so, also if the standby leaves.
     *
     * @param commit of {@link Transaction#commitAsync}, of this application
     */
    public boolean isAcknowledged(long commit, Ack ack) {
        return path.acknowledgements().isReached(commit, ack);
    }

    /**
     * Waits until a commit is acknowledged so.
     *
     * @param commit of {@link Transaction#commitAsync}, of this application
     * @return whether it is; false also when another process has taken over, this application was closed, or the thread interrupted
     */
    public boolean awaitAcknowledged(long commit, Ack ack, Duration timeout) {
        return path.acknowledgements().await(commit, ack, timeout);
    }

    /**
     * What became of a transaction of this application, also of one that another process began. It is remembered for the last four million ids of
     * the domain, from which all its applications draw.
     *
     * @param transactionId of {@link Transaction#id}
     */
    public Outcome outcome(long transactionId) {
        checkOpen();
        return path.outcome(transactionId);
    }

    /** How many standbys were dropped since this process serves because they were too slow; they copy the state anew. */
    public long droppedStandbys() {
        return path.log().droppedReaders();
    }

    /** How many commits and flushes were refused since this process serves because a standby was too slow; {@link SlowStandby#REJECT}. */
    public long rejectedCommits() {
        return path.log().rejections();
    }

    /**
     * Hands the active role to a standby, in good order: waits until the open transactions are decided and a standby has everything, offers it the
     * role, and waits until it serves. Who begins a transaction meanwhile waits: when it is given up the transaction is begun, when
     * it was handed over {@link io.tha.FencedException} is thrown. Do not call it with a transaction open in the same thread, nor begin a second
     * one while it runs: both would wait until the time is over.
     *
     * @param timeout for all of it; when it is over, the offer is withdrawn, unless a standby has taken it
     * @return what became of it; when it was handed over, {@link #isActive} is false, and the pool can be read until {@link #close}
     * @throws IllegalStateException if the application was closed
     * @throws io.tha.FencedException if another process has taken over already
     */
    public SwitchoverResult switchover(Duration timeout) {
        Objects.requireNonNull(timeout, "timeout");
        roleLock.lock();
        try {
            checkOpen();
            return new Switchover(parts, path, timeout).run();
        } finally {
            roleLock.unlock();
        }
    }

    /**
     * From now on, when the JVM is told to end (SIGTERM, {@code System.exit}), it does a {@link #switchover} first, while the service's threads still
     * run; where that is given up, the role is left as by {@link #close}, and a standby that comes takes over. Ends with {@link #close}. Where the
     * JVM is ending already it does nothing: a standby takes over when the process is gone.
     *
     * @param timeout of the switchover; shorter than what the process is given to stop
     * @throws IllegalStateException if the application was closed, or this was called before
     */
    public void switchoverOnShutdown(Duration timeout) {
        Objects.requireNonNull(timeout, "timeout");
        roleLock.lock();
        try {
            checkOpen();
            if (shutdownHook != null) {
                throw new IllegalStateException("application '" + parts.name() + "' has a switchover for the end of its process already");
            }
            shutdownHook = ShutdownHook.install(this, timeout);
        } finally {
            roleLock.unlock();
        }
    }

    /** How many objects were scrubbed since this process serves, each once a round; see {@link ThaConfig.Builder#scrubShare}. */
    public long scrubbedObjects() {
        return path.scrubber() == null ? 0 : path.scrubber().objects();
    }

    /** How often all objects were scrubbed since this process serves. */
    public long scrubRounds() {
        return path.scrubber() == null ? 0 : path.scrubber().rounds();
    }

    /** How many objects, or parts of large ones, were sent once more because a standby's copy of them was damaged. */
    public long scrubRepairs() {
        return path.scrubber() == null ? 0 : path.scrubber().answers();
    }

    /** How many standbys follow. */
    public int standbys() {
        return path.log().readers().activeCount();
    }

    /** The position up to which every standby has committed to its own pool, and this application's own. */
    public boolean isFollowed() {
        long tail = path.log().tail();
        return standbys() > 0 && path.log().readers().lowestApplied(tail) >= tail;
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("application '" + parts.name() + "' was closed");
        }
    }

    /**
     * Leaves the active role; transactions must be decided. A standby takes over. The files stay for it: with the directory, the state is removed.
     */
    @Override
    public void close() {
        roleLock.lock();
        try {
            if (!closed) {
                endRole();
            }
        } finally {
            roleLock.unlock();
        }
    }

    private void endRole() {
        release();
        closed = true;
        if (shutdownHook != null) {
            shutdownHook.remove();
        }
        closeParts();
    }

    /** Leaves the active role, unless another process has it or it was left: a standby may take over. Nothing is unmapped. */
    void release() {
        roleLock.lock();
        try {
            if (!closed) {
                casReleased();
            }
        } finally {
            roleLock.unlock();
        }
    }

    private void casReleased() {
        int application = parts.control().findApplication(parts.name());
        if (new ActiveRole(parts.control(), application, parts.log()).release()) {
            parts.control().wakeWatchers();
        }
    }

    /** Unmaps everything. */
    void closeParts() {
        beat.close();
        path.close();
        parts.pool().close();
        if (parts.image() != null) {
            parts.image().close();
        }
        parts.outcomes().close();
        parts.log().close();
        parts.control().close();
    }
}
