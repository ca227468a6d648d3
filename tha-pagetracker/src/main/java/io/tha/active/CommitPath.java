package io.tha.active;

import io.tha.CorruptRegionException;
import io.tha.FencedException;
import io.tha.Intent;
import io.tha.Outcome;
import io.tha.TransactionAbortedException;
import io.tha.capture.Audit;
import io.tha.capture.Baseline;
import io.tha.capture.Capture;
import io.tha.capture.CapturedChanges;
import io.tha.layout.Field;
import io.tha.layout.Layout;
import io.tha.memory.Protection;
import io.tha.pool.CommittedImage;
import io.tha.pool.PoolStructure;
import io.tha.pool.Registry;
import io.tha.region.ControlFile;
import io.tha.region.LogFile;
import io.tha.region.LogWriter;
import io.tha.region.OutcomeTable;
import io.tha.region.ReaderSlots;
import io.tha.tracker.PageTracker;
import io.tha.tracker.Trackers;
import io.tha.transform.Conversions;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * The way of transactions into log and image, under one commit lock; docs/formats.md 5.2 gives the order of its stores and why it is right.
 *
 * <p>Threads: any; one per open transaction.
 */
final class CommitPath implements AutoCloseable {
    private static final long NOT_BEGUN = -1;

    private final ReentrantLock commitLock = new ReentrantLock();
    private final PoolStructure pool;
    private final Registry registry;
    private final LogFile logFile;
    private final LogWriter log;
    private final PageTracker tracker;
    private final Audit audit;
    private final Baseline baseline;
    private final Capture capture;
    private final Admission admission;
    private final Acknowledgements acknowledgements;
    private final OpenTransactions transactions;
    private final CoordinatedPath coordinated;
    private final Registrations registrations;
    private final TransactionIds registrationIds;
    private final OutcomeTable outcomes;
    /** Null where it is off, or there is no image to hash. */
    private final Scrubber scrubber;

    private final Soundness soundness;
    /** Under the commit lock: behind it nothing is mapped any more. */
    private boolean closed;

    /**
     * Prepares the way.
     *
     * @param parts that it connects
     * @param workingBase where the pool will be mapped when the application serves
     */
    CommitPath(ActiveParts parts, long workingBase) {
        ControlFile control = parts.control();
        pool = parts.pool().structure();
        CommittedImage image = parts.image();
        soundness = new Soundness(pool, image);
        logFile = parts.log();
        outcomes = parts.outcomes();
        registry = pool.registry();
        ReaderSlots readers = new ReaderSlots(logFile, slot -> control.watch(slot).isDead());
        log = new LogWriter(logFile, readers, parts.config().readerPolicy());
        tracker = Trackers.create(parts.config().usableTracker(), pool, image, workingBase);
        audit = new Audit(pool, image, tracker, parts.config().auditEvery());
        baseline = Baseline.of(pool, image, parts.config().snapshot(), parts.config().comparison());
        capture = new Capture(pool, baseline, tracker, audit, log);
        admission = new Admission(pool.memory(), log);
        acknowledgements = new Acknowledgements(logFile, readers);
        transactions = new OpenTransactions(this, registry, parts.ids());
        coordinated = new CoordinatedPath(parts, new CoordinatedPath.Shared(commitLock, log, capture, transactions), soundness);
        registrations = new Registrations(commitLock, pool, capture.foreign(), tracker.kind(), coordinated::checkMayRegister);
        registrationIds = new TransactionIds(parts.ids());
        scrubber = parts.config().scrubShare() == 0 ? null : new Scrubber(commitLock, parts, log, registrationIds::take, soundness::checkWhole);
    }

    /** From now on writes are noticed. */
    void start() {
        tracker.start();
        baseline.start();
        pool.setTouchListener(tracker::touch);
        if (scrubber != null) {
            scrubber.serve();
        }
    }

    OpenTransactions transactions() {
        soundness.checkFenced();
        return transactions;
    }

    /** The rules of a layout that is registered. */
    void declare(Layout layout, Conversions conversions) {
        locked(() -> {
            capture.olderFields().add(layout, conversions);
            return null;
        });
    }

    int sizeOf(long handle) {
        return pool.pool().layoutOf(handle).sizeBytes();
    }

    void requireField(long handle, Field field) {
        if (pool.pool().layoutOf(handle).fingerprint() != field.layout().fingerprint()) {
            throw new IllegalArgumentException(
                    field + " is none of object '" + pool.pool().nameOf(handle) + "', of layout '" + pool.pool().layoutOf(handle).name() + "'");
        }
    }

    /** The application names a range of an object. */
    void changed(TransactionState transaction, long handle, int offset, int lengthBytes) {
        int group = pool.pool().groupOf(handle);
        if (!transaction.has(group)) {
            throw new IllegalArgumentException("object '" + pool.pool().nameOf(handle) + "' is of group " + group + ", which the transaction"
                    + transaction + " has not claimed");
        }
        pool.pool().touch(handle, offset, lengthBytes);
    }

    Registrations registrations() {
        return registrations;
    }

    CoordinatedPath coordinated() {
        return coordinated;
    }

    private <T> T locked(Supplier<T> action) {
        commitLock.lock();
        try {
            return action.get();
        } finally {
            commitLock.unlock();
        }
    }

    /** Returns the position behind it. */
    long commit(TransactionState transaction) {
        long position = publish(transaction);
        transactions.end(transaction);
        return position;
    }

    Acknowledgements acknowledgements() {
        return acknowledgements;
    }

    /**
     * Commits, and keeps the groups until the standbys that wait have copied the pool, which is the committed state meanwhile.
     *
     * @return whether none waits any more
     */
    boolean admit(TransactionState transaction, long timeoutNanos) {
        try {
            publish(transaction);
            return admission.admit(timeoutNanos);
        } finally {
            // A publication that failed leaves the changes to the next transaction: nobody has this one to try again.
            if (!soundness.isFenced() && !transaction.hasEnded()) {
                capture.abandon(transaction.changes());
                transactions.end(transaction);
            }
        }
    }

    /** How many standbys wait to be admitted. */
    int waiting() {
        return admission.waiting();
    }

    private long publish(TransactionState transaction) {
        CapturedChanges changes = transaction.changes();
        long begun = NOT_BEGUN;
        commitLock.lock();
        try {
            checkOpen();
            awaitDecided(transaction);
            int[] groups = transaction.groups(registry);
            int groupCount = transaction.groupCount();
            append(transaction, groups, groupCount, true, false);
            capture.appendDeletes(groups, groupCount, changes);
            log.acknowledge(transaction.acknowledged());
            requireMemory(transaction);
            if (Protection.TAIL_BEFORE_IMAGE.isBroken()) {
                capture.advance(changes, log.tail());
            }
            begun = log.tail();
            long position = log.publishCommit(transaction.published()); // the point of no return
            outcomes.committed(transaction.id());
            capture.advance(changes, position);
            if (transaction.published() != null || !transaction.acknowledged().isEmpty()) {
                log.decided();
            }
            capture.release(groups, groupCount, changes);
            return position;
        } catch (FencedException e) {
            throw fence(transaction, e);
        } catch (RuntimeException | Error e) {
            giveUp(transaction, begun, e);
            throw e;
        } finally {
            commitLock.unlock();
        }
    }

    void flush(TransactionState transaction) {
        long begun = NOT_BEGUN;
        commitLock.lock();
        try {
            checkOpen();
            int[] groups = transaction.groups(registry);
            append(transaction, groups, transaction.groupCount(), false, true);
            requireMemory(transaction);
            begun = log.tail();
            transaction.published(log.publishEarly(transaction.published(), false));
            outcomes.undecided(transaction.id());
            capture.published(groups, transaction.groupCount(), transaction.changes());
        } catch (FencedException e) {
            throw fence(transaction, e);
        } catch (RuntimeException | Error e) {
            giveUp(transaction, begun, e);
            throw e;
        } finally {
            commitLock.unlock();
        }
    }

    void intent(TransactionState transaction, byte[] bytes, int offset, int lengthBytes) {
        commitLock.lock();
        try {
            checkOpen();
            soundness.checkFenced();
            publishRegistrations(false);
            transaction.published(log.publishIntent(transaction.id(), transaction.published(), bytes, offset, lengthBytes));
            outcomes.undecided(transaction.id());
        } catch (FencedException e) {
            throw fence(transaction, e);
        } catch (Error e) {
            // Also where nothing shows: what is kept of the intents may be half done.
            throw breakDown(transaction, e);
        } finally {
            commitLock.unlock();
        }
    }

    void acknowledge(TransactionState transaction, Intent intent) {
        locked(() -> {
            checkOpen();
            log.reserve(intent, transaction.id());
            transaction.acknowledged().add(intent);
            return null;
        });
    }

    /** For a takeover by mapping, before the log has its name: where it begins. */
    void beginAt(long position) {
        locked(() -> {
            log.beginAt(position);
            return null;
        });
    }

    /** For a takeover, before anybody follows: the intents of transactions that the old active left undecided. */
    void inherit(List<Intent> intents) {
        locked(() -> {
            log.inherit(intents);
            return null;
        });
    }

    Outcome outcome(long transactionId) {
        return locked(() -> {
            if (closed) {
                throw new IllegalStateException("the application was closed; ask the one that serves now, or a standby");
            }
            return outcomes.outcome(transactionId);
        });
    }

    private void append(TransactionState transaction, int[] groups, int groupCount, boolean decidesAtOnce, boolean goesOn) {
        soundness.checkFenced();
        publishRegistrations(decidesAtOnce);
        log.begin(transaction.id(), decidesAtOnce);
        capture.append(groups, groupCount, transaction.changes(), goesOn);
    }

    private void publishRegistrations(boolean commitFollows) {
        if (capture.hasRegistrations() || !commitFollows && capture.isCommitLongAgo()) {
            capture.publishRegistrations(registrationIds.take());
        }
    }

    void abort(TransactionState transaction) {
        long begun = NOT_BEGUN;
        commitLock.lock();
        try {
            checkOpen();
            soundness.checkWhole();
            begun = log.tail();
            undo(transaction);
        } catch (FencedException e) {
            throw fence(transaction, e);
        } catch (RuntimeException | Error e) {
            giveUp(transaction, begun, e);
            throw e;
        } finally {
            commitLock.unlock();
        }
        transactions.end(transaction);
    }

    private void undo(TransactionState transaction) {
        int[] groups = transaction.groups(registry);
        if (capture.canRollBack()) {
            capture.rollback(groups, transaction.groupCount(), transaction.changes());
        } else {
            capture.abandon(transaction.changes());
        }
        log.unreserve(transaction.acknowledged());
        if (transaction.published() != null && !soundness.isFenced()) {
            log.publishAbort(transaction.published());
            outcomes.aborted(transaction.id());
        }
        if (transaction.isCoordinated()) {
            outcomes.aborted(transaction.id());
            coordinated.abort(transaction.id());
        }
    }

    /** Makes a transaction that has claimed its groups a part of a coordinated one; if that fails, or must wait for a roll-back, it is ended. */
    boolean join(TransactionState transaction, long id) {
        commitLock.lock();
        try {
            checkOpen();
            soundness.checkFenced();
            if (coordinated.isRollBackDue()) {
                transactions.end(transaction);
                return false;
            }
            coordinated.join(transaction, id);
            return true;
        } catch (RuntimeException | Error e) {
            transactions.end(transaction);
            throw e;
        } finally {
            commitLock.unlock();
        }
    }

    /** Publishes a part of a coordinated transaction, which others decide; what became of it by now. */
    Outcome done(TransactionState transaction) {
        long id = transaction.id();
        if (publishDone(transaction)) {
            coordinated.decide();
        }
        return outcome(id);
    }

    /** False if it is aborted. */
    private boolean publishDone(TransactionState transaction) {
        long begun = NOT_BEGUN;
        commitLock.lock();
        try {
            checkOpen();
            if (!coordinated.prepare(transaction)) {
                begun = log.tail();
                undo(transaction);
                transactions.end(transaction);
                return false;
            }
            int[] groups = transaction.groups(registry);
            append(transaction, groups, transaction.groupCount(), false, false);
            capture.appendDeletes(groups, transaction.groupCount(), transaction.changes());
            requireMemory(transaction);
            begun = log.tail();
            transaction.published(log.publishEarly(transaction.published(), true));
            coordinated.done(transaction, groups);
            return true;
        } catch (FencedException e) {
            throw fence(transaction, e);
        } catch (RuntimeException | Error e) {
            giveUp(transaction, begun, e);
            throw e;
        } finally {
            commitLock.unlock();
        }
    }

    /** Whatever is undecided, this commit is built on. */
    private void awaitDecided(TransactionState transaction) {
        if (coordinated.isPending()) {
            try {
                coordinated.awaitDecided(transaction);
            } catch (TransactionAbortedException e) {
                undo(transaction);
                transactions.end(transaction);
                throw e;
            }
        }
    }

    /** Whether an abort restores what was committed; otherwise the changes stay, and go with the next transaction of their groups. */
    boolean canRollBack() {
        return capture.canRollBack();
    }

    private FencedException fence(TransactionState transaction, FencedException e) {
        soundness.fence(e);
        log.cancel();
        transactions.end(transaction);
        return e;
    }

    /**
     * Forgets what failed before it was published. Behind that, or when memory was gone, log, image and what this process believes need not agree.
     *
     * @param begun the tail where the publication began, or {@link #NOT_BEGUN}
     */
    private void giveUp(TransactionState transaction, long begun, Throwable e) {
        if (e instanceof InternalError || begun != NOT_BEGUN && log.tail() != begun) {
            throw breakDown(transaction, e);
        }
        log.cancel();
    }

    private CorruptRegionException breakDown(TransactionState transaction, Throwable e) {
        return soundness.breakDown("transaction " + transaction.id(), e);
    }

    private void requireMemory(TransactionState transaction) {
        try {
            soundness.requireMemory(log.isLarge());
        } catch (CorruptRegionException e) {
            throw breakDown(transaction, e);
        }
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("the application was closed before the transaction was decided: its changes are lost");
        }
    }

    /** One load: false as soon as somebody has sealed the log. */
    boolean isActive() {
        return !LogFile.isSealed(logFile.tailWordAcquire());
    }

    /** The check of the tracker; for the engine's reports. */
    Audit audit() {
        return audit;
    }

    /** What tells standbys the hashes of objects; null where it is off. */
    Scrubber scrubber() {
        return scrubber;
    }

    /** The log's writer; for the engine's reports. */
    LogWriter log() {
        return log;
    }

    @Override
    public void close() {
        if (scrubber != null) {
            scrubber.close();
        }
        coordinated.close();
        commitLock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            coordinated.end();
            acknowledgements.close();
            capture.foreign().close();
            tracker.close();
            audit.close();
            log.close();
        } finally {
            commitLock.unlock();
        }
    }
}
