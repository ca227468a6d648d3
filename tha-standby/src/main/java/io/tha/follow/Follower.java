package io.tha.follow;

import io.tha.Intent;
import io.tha.ThaException;
import io.tha.memory.CrashPoint;
import io.tha.memory.Memory;
import io.tha.memory.Protection;
import io.tha.pool.CommittedImage;
import io.tha.pool.PoolMemory;
import io.tha.pool.PoolStructure;
import io.tha.region.Backoff;
import io.tha.region.DomainFiles;
import io.tha.region.LogFile;
import io.tha.region.LogReader;
import io.tha.region.OutcomeTable;
import java.util.List;
import java.util.function.Consumer;

/**
 * Follows the log of one epoch with one copy, from the bootstrap to the seal.
 *
 * <p>Threads: one; {@link #position} by any.
 */
public final class Follower implements EpochFollower {
    /** How much of the log is kept in memory while a copy is made: so much, or half of what the pool has. */
    private static final long LEAST_KEPT_BYTES = 64 << 20;
    /** Another bound, in bytes, for those who have less memory, and for tests. */
    private static final String MOST_KEPT_PROPERTY = "tha.mostKeptBytes";

    private final LogFile log;
    private final CommittedImage image;
    private final LogReader reader;
    private final Replica replica;
    private final CatchUp catchUp;
    private final PartsAhead ahead;
    private long redoEnd;
    private boolean begun;
    private boolean ended;
    private volatile long position;
    private volatile boolean consistent;
    private volatile long consistentNanos;

    private Follower(DomainFiles files, LogFile log, CommittedImage image, LogReader reader, Replica replica) {
        this.log = log;
        this.image = image;
        this.reader = reader;
        this.replica = replica;
        ahead = new PartsAhead(files, reader, replica);
        catchUp = new CatchUp(log, reader, replica::copiedBytes, mostKeptBytes(replica.pool()));
    }

    private static Replica replica(CommittedImage image, PoolStructure pool, Joiner joiner, boolean copies) {
        return new Replica(pool, new PeerSpace(image.memory().firstDataPage(), image.memory().pageCount()), joiner.version(), copies);
    }

    private static long mostKeptBytes(PoolStructure pool) {
        return Long.getLong(MOST_KEPT_PROPERTY, Math.max(LEAST_KEPT_BYTES, pool.memory().sizeBytes() / 2));
    }

    /**
     * Joins a log and copies its image into an empty pool. The active may live or be dead. Where it keeps no image, its pool is copied when it admits
     * standbys.
     *
     * @param log that holds the truth; closed with the follower, also when joining fails
     * @param files of the application
     * @param joiner this process
     * @param pool that becomes the copy
     * @param outcomes that becomes the copy of the active's
     * @throws io.tha.ThaException if log or image are gone (a later epoch serves by now) or damaged
     * @throws io.tha.LayoutMismatchException if a layout of the active, or a value, cannot be taken over by this side's version
     */
    public static Follower join(LogFile log, DomainFiles files, Joiner joiner, PoolStructure pool, OutcomeTable outcomes) {
        CommittedImage image = null;
        LogReader reader = null;
        try {
            CommittedImage opened = CommittedImage.openForReading(files.sibling(log.imageName()));
            image = opened;
            log.checkImage(image.memory().path(), image.memory().poolId());
            reader = LogReader.join(log, joiner.readers(), joiner.processSlot(), () -> {
                awaitAdmission(opened, joiner.whileWaiting());
                return redoStart(log, opened);
            });
            outcomes.copyFrom(files.outcomes(image.memory().path()));
            reader.recordOutcomes(outcomes);
        } catch (RuntimeException | Error e) {
            close(reader, image, log);
            throw e;
        }
        return prepared(new Follower(files, log, image, reader, replica(image, pool, joiner, true)), Follower::bootstrap);
    }

    private static Follower prepared(Follower follower, Consumer<Follower> preparation) {
        try {
            preparation.accept(follower);
            return follower;
        } catch (RuntimeException | Error e) {
            follower.close();
            throw e;
        }
    }

    /**
     * Goes on with a pool that is the committed state with which a log begins: nothing is copied, only the objects' handles in the image are looked
     * for. The pool may be read until the first {@link #poll}.
     *
     * @param log of the later epoch; closed with the follower, also when this fails, or is not possible
     * @param files of the application
     * @param joiner this process
     * @param pool as it is at the log's beginning
     * @param outcomes the same
     * @return null if the log's beginning has been overwritten, or there is no image
     * @throws io.tha.ThaException if log or image are gone or damaged, or the pool is not what the image comes from
     */
    public static Follower followOn(LogFile log, DomainFiles files, Joiner joiner, PoolStructure pool, OutcomeTable outcomes) {
        CommittedImage image = null;
        LogReader reader = null;
        try {
            image = CommittedImage.openForReading(files.sibling(log.imageName()));
            log.checkImage(image.memory().path(), image.memory().poolId());
            reader = image.memory().copiesAcquire() == 0 ? LogReader.resume(log, joiner.readers(), joiner.processSlot(), log.firstPosition()) : null;
            if (reader == null) {
                close(null, image, log);
                return null;
            }
            reader.recordOutcomes(outcomes);
        } catch (RuntimeException | Error e) {
            close(reader, image, log);
            throw e;
        }
        return prepared(new Follower(files, log, image, reader, replica(image, pool, joiner, false)), Follower::remap);
    }

    private static void close(LogReader reader, CommittedImage image, LogFile log) {
        if (reader != null) {
            reader.close();
        }
        if (image != null) {
            image.close();
        }
        log.close();
    }

    private static void awaitAdmission(CommittedImage image, Runnable whileWaiting) {
        while (!PoolMemory.isOpenForCopies(image.memory().copiesAcquire())) {
            whileWaiting.run();
        }
    }

    private void bootstrap() {
        long copied = image.memory().copiesAcquire();
        Bootstrap bootstrap = new Bootstrap(image, replica, catchUp::keep);
        replica.countCopied(bootstrap::copiedBytes);
        bootstrap.run();
        // Before the end of the redo is looked for: what the image needed by now is redone by then.
        replica.pool().memory().raiseChainEnds(image.memory());
        // Whatever was read after the end of an admission, the end is seen too.
        Memory.loadFence();
        if (!PoolMemory.isOpenForCopies(copied) || image.memory().copiesAcquire() != copied) {
            throw new ThaException("pool file '" + image.memory().path() + "': the active went on before it was copied; "
                    + "give admitStandbys a longer time-out if this repeats");
        }
        redoEnd = log.checkedTail();
        catchUp.copied();
        beginRedo();
    }

    private void remap() {
        new Remapping(image, replica, new PulseEvery(catchUp::keep)).run();
        CrashPoint.AFTER_REMAP.reached();
        redoEnd = log.checkedTail();
        catchUp.copied();
    }

    private void beginRedo() {
        begun = true;
        replica.deleteOrphans();
        catchUp.redo(replica);
        catchUp.close();
        position = reader.position();
    }

    /** The image's position first: a joiner that sees it beyond an open transaction's frames then sees those frames' word too. */
    private static long redoStart(LogFile log, CommittedImage image) {
        long applied = image.memory().appliedAcquire();
        long undecided = log.oldestUndecidedAcquire();
        return undecided < 0 || Protection.REDO_FROM_UNDECIDED.isBroken() ? applied : Math.min(applied, undecided);
    }

    @Override
    public int poll(int most) {
        if (!begun) {
            beginRedo();
        }
        boolean wasConsistent = consistent;
        int transactions = pollReader(most);
        if (transactions == LogReader.LAGGED && !wasConsistent) {
            throw catchUp.outrun("the active has overwritten what this standby had not redone over its copy");
        }
        if (replica.isRedoing() && reader.position() >= redoEnd) {
            endRedo();
        }
        replica.ahead(reader.isAhead());
        ended = transactions == LogReader.ENDED;
        if (consistent && transactions > 0) {
            replica.requestRepair(reader);
        }
        position = reader.position();
        return transactions;
    }

    /** A copy to which something was applied that may have been overwritten meanwhile, or that is damaged, is not shown. */
    private int pollReader(int most) {
        int transactions = LogReader.LAGGED;
        try {
            transactions = reader.poll(replica, most);
            if (transactions == 0 && consistent && ahead.hasNext()) {
                transactions = ahead.applyNext();
            }
        } finally {
            consistent &= transactions != LogReader.LAGGED;
        }
        return transactions;
    }

    private void endRedo() {
        replica.endRedo();
        image.close();
        reader.applyAtOnce();
        consistentNanos = System.nanoTime();
        consistent = true;
    }

    /** When the copy became consistent, by {@link System#nanoTime}. */
    public long consistentNanos() {
        return consistentNanos;
    }

    /** Whether everything in a sealed log is applied: the copy is the committed state at the cut. */
    public boolean isAtCut() {
        return consistent && ended;
    }

    /** Whether another version's active can have begun with exactly this copy: not if some of it was transformed. */
    public boolean isAsOnActive() {
        return !replica.transforms();
    }

    /** How fast the copy was made. */
    public CopyRates rates() {
        return consistent ? catchUp.rates() : CopyRates.NONE;
    }

    /** Where it tells what scrubbing finds; before anything is found. */
    public void report(ScrubFindings findings) {
        replica.report(findings);
    }

    @Override
    public boolean isIdle() {
        return consistent && reader.isAtTail() && !reader.hasUndecidedParts();
    }

    @Override
    public Backoff backoff() {
        return reader.backoff();
    }

    @Override
    public void rest() {
        if (!ahead.sleepUntilDecided()) {
            reader.rest();
        }
    }

    @Override
    public boolean isFirst() {
        return reader.isFirst();
    }

    @Override
    public boolean isReadByAll() {
        return reader.isReadByAll();
    }

    @Override
    public boolean isConsistent() {
        return consistent;
    }

    @Override
    public List<Intent> intents() {
        return reader.intents();
    }

    @Override
    public List<DiscardedTransaction> undecidedChanges(int mostChanges) {
        if (Protection.UNDECIDED_DISCARDED.isBroken()) {
            reader.deliverUndecided(replica);
        }
        return reader.hasUndecided() ? UndecidedChanges.of(reader, replica, mostChanges) : List.of();
    }

    @Override
    public boolean hasUndecidedParts() {
        return reader.hasUndecidedParts();
    }

    @Override
    public long[] undecidedParts() {
        return reader.undecidedParts();
    }

    @Override
    public boolean isAhead() {
        return reader.isAhead();
    }

    @Override
    public void commitPart(long id) {
        if (reader.commitPart(id, replica) == LogReader.LAGGED) {
            throw new ThaException("log file '" + log.path() + "': this standby was dropped before it could commit transaction " + id);
        }
    }

    @Override
    public void needs(int application, long chainEnd) {
        replica.pool().memory().raiseChainEnd(application, chainEnd);
    }

    @Override
    public void abortUndecided() {
        reader.abortUndecided();
    }

    @Override
    public LogFile log() {
        return log;
    }

    @Override
    public long position() {
        return position;
    }

    @Override
    public long transactions() {
        return replica.transactions();
    }

    @Override
    public long uncomparedBytes() {
        return replica.uncomparedBytes();
    }

    @Override
    public long changedBytes() {
        return replica.changedBytes();
    }

    @Override
    public void close() {
        catchUp.close();
        ahead.close();
        replica.close();
        close(reader, image, log);
    }
}
