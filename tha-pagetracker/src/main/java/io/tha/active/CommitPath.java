package io.tha.active;

import io.tha.CorruptRegionException;
import io.tha.FencedException;
import io.tha.Intent;
import io.tha.Outcome;
import io.tha.capture.Audit;
import io.tha.capture.Baseline;
import io.tha.capture.Capture;
import io.tha.capture.CapturedChanges;
import io.tha.capture.ForeignMemory;
import io.tha.layout.Field;
import io.tha.layout.Layout;
import io.tha.memory.Protection;
import io.tha.memory.TruncatedFiles;
import io.tha.pool.CommittedImage;
import io.tha.pool.PoolMemory;
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
    private static final String END =
            "End this process: a standby takes over, and tells by its outcome whether the transaction is committed";
    private static final long NOT_BEGUN = -1;

    private final ReentrantLock commitLock = new ReentrantLock();
    private final PoolStructure pool;
    private final Registry registry;
    /** Null where none is kept. */
    private final CommittedImage image;
    private final LogFile logFile;
    private final LogWriter log;
    private final PageTracker tracker;
    private final Audit audit;
    private final Baseline baseline;
    private final Capture capture;
    private final Admission admission;
    private final Acknowledgements acknowledgements;
    private final OpenTransactions transactions;
    private final TransactionIds registrationIds;
    private final OutcomeTable outcomes;
    /** Null where it is off, or there is no image to hash. */
    private final Scrubber scrubber;

    private volatile FencedException fenced;
    /** Set when memory of a file was gone: what is in the other files is not what this process believes. */
    private volatile CorruptRegionException broken;
    private final CorruptRegionException outOfHeap = new CorruptRegionException(END);
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
        image = parts.image();
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
        registrationIds = new TransactionIds(parts.ids());
        scrubber = parts.config().scrubShare() == 0 ? null : new Scrubber(commitLock, parts, log, registrationIds::take, this::checkWhole);
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

    /** Hands out transactions. */
    OpenTransactions transactions() {
        checkFenced();
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

    RegisteredMemory register(MemoryRegistration registration) {
        return locked(() -> {
            checkFenced();
            ForeignMemory memory = registration.enter(pool, capture.foreign(), tracker.kind());
            return new RegisteredMemory(this, memory, registration.name());
        });
    }

    boolean isRegistered(ForeignMemory memory) {
        return locked(() -> capture.foreign().contains(memory));
    }

    /** Somebody will write to a memory who may not be noticed. */
    void hold(ForeignMemory memory, long offset, long lengthBytes) {
        locked(() -> {
            if (!capture.foreign().contains(memory)) {
                throw new IllegalStateException("the memory is not registered any more");
            }
            memory.pages().hold(offset, lengthBytes);
            return null;
        });
    }

    void endRegistration(ForeignMemory memory) {
        locked(() -> {
            capture.foreign().end(memory);
            return null;
        });
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
            if (fenced == null) {
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
            int[] groups = transaction.groups(registry);
            int groupCount = transaction.groupCount();
            append(transaction, groups, groupCount, true);
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
            append(transaction, groups, transaction.groupCount(), false);
            requireMemory(transaction);
            begun = log.tail();
            transaction.published(log.publishFlush(transaction.published()));
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
            checkFenced();
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

    private void append(TransactionState transaction, int[] groups, int groupCount, boolean decidesAtOnce) {
        checkFenced();
        if (capture.hasRegistrations()) {
            capture.publishRegistrations(registrationIds.take());
        }
        log.begin(transaction.id(), decidesAtOnce);
        capture.append(groups, groupCount, transaction.changes(), !decidesAtOnce);
    }

    void abort(TransactionState transaction) {
        long begun = NOT_BEGUN;
        commitLock.lock();
        try {
            checkOpen();
            checkWhole();
            int[] groups = transaction.groups(registry);
            if (capture.canRollBack()) {
                capture.rollback(groups, transaction.groupCount(), transaction.changes());
            } else {
                capture.abandon(transaction.changes());
            }
            log.unreserve(transaction.acknowledged());
            if (transaction.published() != null && fenced == null) {
                begun = log.tail();
                log.publishAbort(transaction.published());
                outcomes.aborted(transaction.id());
            }
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

    /** Whether an abort restores what was committed; otherwise the changes stay, and go with the next transaction of their groups. */
    boolean canRollBack() {
        return capture.canRollBack();
    }

    private FencedException fence(TransactionState transaction, FencedException e) {
        fenced = e;
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

    /** Whether the transaction was published before is not known: only the other side can tell. */
    private CorruptRegionException breakDown(TransactionState transaction, Throwable e) {
        broken = outOfHeap; // what follows takes heap, of which there may be none
        String file = TruncatedFiles.describe(pool.memory().path().getParent());
        broken = new CorruptRegionException("transaction " + transaction.id() + ": " + (file.isEmpty() ? e.toString() : file) + ". " + END, e);
        return broken;
    }

    /** What was read from memory that is gone must not be published: the point of no return comes next. */
    private void requireMemory(TransactionState transaction) {
        try {
            requireMemory(pool.memory());
            if (image != null) {
                requireMemory(image.memory());
            }
        } catch (CorruptRegionException e) {
            throw breakDown(transaction, e);
        }
    }

    private void requireMemory(PoolMemory memory) {
        if (log.isOverflowing()) {
            // Much was read: a processor may still know the header's page when others are gone.
            memory.requireWhole();
        } else {
            memory.requirePresent();
        }
    }

    private void checkWhole() {
        CorruptRegionException e = broken;
        if (e != null) {
            throw new CorruptRegionException(e.getMessage(), e);
        }
    }

    private void checkFenced() {
        checkWhole();
        FencedException e = fenced;
        if (e != null) {
            throw new FencedException(e.getMessage(), e);
        }
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("the application was closed before the transaction was decided: its changes are lost");
        }
    }

    /** Grows with each publication of the service. */
    long publications() {
        return log.publications();
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
        commitLock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
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
