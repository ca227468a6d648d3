package io.tha.follow;

import io.tha.Intent;
import io.tha.ThaException;
import io.tha.memory.Memory;
import io.tha.pool.CommittedImage;
import io.tha.pool.PoolMemory;
import io.tha.pool.PoolStructure;
import io.tha.region.DomainFiles;
import io.tha.region.LogFile;
import io.tha.region.LogReader;
import io.tha.region.OutcomeTable;
import java.util.List;

/**
 * Follows the log of one epoch with one copy, from the bootstrap to the seal.
 *
 * <p>Threads: one; {@link #position} by any.
 */
public final class Follower implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Follower.class.getName());

    private final LogFile log;
    private final CommittedImage image;
    private final LogReader reader;
    private final Replica replica;
    private long redoEnd;
    private volatile long position;
    private volatile boolean consistent;

    private Follower(LogFile log, CommittedImage image, LogReader reader, Replica replica) {
        this.log = log;
        this.image = image;
        this.reader = reader;
        this.replica = replica;
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
     */
    public static Follower join(LogFile log, DomainFiles files, Joiner joiner, PoolStructure pool, OutcomeTable outcomes) {
        CommittedImage image = null;
        LogReader reader = null;
        try {
            CommittedImage opened = CommittedImage.openForReading(files.sibling(log.imageName()));
            image = opened;
            reader = LogReader.join(log, joiner.readers(), joiner.processSlot(), () -> {
                awaitAdmission(opened, joiner.whileWaiting());
                return redoStart(log, opened);
            });
            outcomes.copyFrom(files.outcomes(image.memory().path()));
            reader.recordOutcomes(outcomes);
            Replica replica = new Replica(pool, image.memory().firstDataPage(), image.memory().pageCount());
            Follower follower = new Follower(log, image, reader, replica);
            follower.bootstrap();
            return follower;
        } catch (RuntimeException e) {
            if (reader != null) {
                reader.close();
            }
            if (image != null) {
                image.close();
            }
            log.close();
            throw e;
        }
    }

    private static void awaitAdmission(CommittedImage image, Runnable whileWaiting) {
        while (!PoolMemory.isOpenForCopies(image.memory().copiesAcquire())) {
            whileWaiting.run();
        }
    }

    private void bootstrap() {
        long copies = image.memory().copiesAcquire();
        try (Spool spool = new Spool()) {
            new Bootstrap(image, replica, () -> spool(spool)).run();
            // Whatever was read after the end of an admission, the end is seen too.
            Memory.loadFence();
            if (!PoolMemory.isOpenForCopies(copies) || image.memory().copiesAcquire() != copies) {
                throw new ThaException("pool file '" + image.memory().path() + "': the active went on before it was copied; "
                        + "give admitStandbys a longer time-out if this repeats");
            }
            redoEnd = log.checkedTail();
            spool.replay(replica);
        }
        position = reader.position();
    }

    private void spool(Spool spool) {
        int transactions = reader.poll(spool);
        while (transactions > 0) {
            transactions = reader.poll(spool);
        }
        if (transactions == LogReader.LAGGED) {
            throw new ThaException("log file '" + log.path() + "': the active has overwritten what was not read while the image was copied; "
                    + "make the ring or the reader time-out larger if this repeats");
        }
    }

    /** The image's position first: a joiner that sees it beyond an open transaction's frames then sees those frames' word too. */
    private static long redoStart(LogFile log, CommittedImage image) {
        long applied = image.memory().appliedAcquire();
        long undecided = log.oldestUndecidedAcquire();
        return undecided < 0 ? applied : Math.min(applied, undecided);
    }

    /**
     * Applies what is there.
     *
     * @return as {@link LogReader#poll}
     */
    public int poll() {
        int transactions = reader.poll(replica);
        if (replica.isRedoing() && reader.position() >= redoEnd && transactions != LogReader.LAGGED) {
            replica.endRedo();
            image.close();
            reader.applyAtOnce();
            consistent = true;
        }
        position = reader.position();
        return transactions;
    }

    /** Whether a look at the log found nothing to apply, and no end; cheap. */
    public boolean isIdle() {
        return consistent && reader.isAtTail();
    }

    /** Waits for more, see {@link LogReader#idle}. */
    public void idle(int idleRounds) {
        reader.idle(idleRounds);
    }

    /** Whether this one, of all that follow the log, should take over. */
    public boolean isFirst() {
        return reader.isFirst();
    }

    /** Whether the copy is at a transaction boundary of the committed state, and may be read. */
    public boolean isConsistent() {
        return consistent;
    }

    /** The intents that are undecided at {@link #position}, in order. */
    public List<Intent> intents() {
        return reader.intents();
    }

    /**
     * What transactions had published that are undecided at {@link #position}, in the order of their ids; the copy must be at rest.
     *
     * @param mostChanges that are told; of the others only the number
     */
    public List<DiscardedTransaction> undecidedChanges(int mostChanges) {
        UndecidedChanges changes = new UndecidedChanges(replica, mostChanges);
        try {
            reader.deliverUndecided(changes);
        } catch (ThaException e) {
            // A takeover must not fail for what it is about to throw away.
            LOG.log(System.Logger.Level.WARNING, "not all discarded updates can be told: {0}", e.getMessage());
        }
        return changes.transactions();
    }

    /** The log was sealed, and is read to its end: what is not decided by then will never be committed. */
    public void abortUndecided() {
        reader.abortUndecided();
    }

    /** The log that is followed. */
    public LogFile log() {
        return log;
    }

    /** Everything below is in the copy. */
    public long position() {
        return position;
    }

    /** How many transactions were applied. */
    public long transactions() {
        return replica.transactions();
    }

    /** How many bytes of updates came that the active had not compared with what it had sent before. */
    public long uncomparedBytes() {
        return replica.uncomparedBytes();
    }

    /** How many of the {@link #uncomparedBytes} differed from the copy, and were written. */
    public long changedBytes() {
        return replica.changedBytes();
    }

    @Override
    public void close() {
        reader.close();
        replica.close();
        image.close();
        log.close();
    }
}
