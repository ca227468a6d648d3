package io.tha.follow;

import io.tha.Intent;
import io.tha.ThaException;
import io.tha.memory.Memory;
import io.tha.pool.CommittedImage;
import io.tha.pool.FollowedPool;
import io.tha.region.Backoff;
import io.tha.region.FrameHandler;
import io.tha.region.LogFile;
import io.tha.region.LogReader;
import io.tha.region.OutcomeTable;
import java.nio.file.Path;
import java.util.List;

/**
 * Follows the log of one epoch for a standby that has no copy, and will take over the image that the active leaves; docs/formats.md 5.6.
 *
 * <p>Threads: one; {@link #position} by any.
 */
public final class ImageFollower implements EpochFollower {
    private final LogFile log;
    private final LogReader reader;
    private final ImageReplica replica;
    private final CommittedImage image;
    private final Translation translation;
    private long redoEnd;
    private volatile long position;
    private volatile boolean consistent;

    private ImageFollower(LogFile log, LogReader reader, CommittedImage image, ImageReplica replica) {
        this.log = log;
        this.reader = reader;
        this.image = image;
        this.replica = replica;
        translation = new SameAddresses(replica.pool().pool().structure());
    }

    /**
     * Joins a log and looks at its image. The active may live or be dead.
     *
     * @param log that holds the truth; closed with the follower, also when joining fails
     * @param image of the log
     * @param joiner this process
     * @param pool over a private mapping of the image; the caller's
     * @throws ThaException if the image is none that may be mapped
     */
    public static ImageFollower join(LogFile log, CommittedImage image, Joiner joiner, FollowedPool pool) {
        LogReader reader = null;
        try {
            refuseUnlessMappable(log, image);
            long[] applied = new long[1];
            reader = LogReader.join(log, joiner.readers(), joiner.processSlot(), () -> {
                applied[0] = image.memory().appliedAcquire();
                long undecided = log.oldestUndecidedAcquire();
                return undecided < 0 ? applied[0] : Math.min(applied[0], undecided);
            });
            return new ImageFollower(log, reader, image, new ImageReplica(pool, joiner.version().layouts(), applied[0]));
        } catch (RuntimeException | Error e) {
            if (reader != null) {
                reader.close();
            }
            log.close();
            throw e;
        }
    }

    private static void refuseUnlessMappable(LogFile log, CommittedImage image) {
        Path path = image.memory().path();
        if (image.memory().copiesAcquire() != 0) {
            throw new ThaException("file '" + path + "' is the pool of an active without a committed image: a standby with standbyMode MAPPING needs "
                    + "one with snapshot IMAGE");
        }
        if (!log.tellsNameSlots() || image.memory().writerVolatile() == 0) {
            throw new ThaException("log file '" + log.path() + "' and image '" + path + "' are of an earlier version: a standby with standbyMode "
                    + "MAPPING needs an active that was started, or has taken over, with this one");
        }
    }

    /**
     * Looks at all objects of the image, and records outcomes from now on.
     *
     * @param outcomes this side's, which become those of the active
     * @param of the active's file of them
     */
    public void begin(OutcomeTable outcomes, Path of) {
        outcomes.copyFrom(of);
        reader.recordOutcomes(outcomes);
        replica.checkLayouts();
        try (Spool spool = new Spool()) {
            replica.pool().scan(() -> spool(spool));
            Memory.loadFence();
            redoEnd = log.checkedTail();
            while (spool.replaySome(replica)) {
                // Memory is given back block by block.
            }
        }
        position = reader.position();
    }

    private void spool(Spool spool) {
        FrameHandler keeping = replica.keeping(spool);
        int transactions = reader.poll(keeping);
        while (transactions > 0) {
            transactions = reader.poll(keeping);
        }
        if (transactions == LogReader.LAGGED) {
            throw new ThaException("log file '" + log.path() + "': the active has overwritten what was not read while the image was looked at; "
                    + "make the ring or the reader time-out larger if this repeats");
        }
    }

    @Override
    public int poll(int most) {
        int transactions = reader.poll(replica, most);
        if (replica.pool().isRedoing() && reader.position() >= redoEnd && transactions != LogReader.LAGGED) {
            replica.pool().endRedo();
            reader.applyAtOnce();
            consistent = true;
        }
        position = reader.position();
        return transactions;
    }

    @Override
    public boolean isIdle() {
        return consistent && reader.isAtTail();
    }

    @Override
    public Backoff backoff() {
        return reader.backoff();
    }

    @Override
    public void rest() {
        reader.rest();
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

    /** Behind the last publication that was read and moves the applied position: an image with this one has everything, and nobody writes it. */
    public long lastEnd() {
        return replica.lastEnd();
    }

    /** Puts the last transaction into the image, if it is not there; the caller is the image's only writer. */
    public void redo(CommittedImage image) {
        replica.redo(image);
    }

    @Override
    public List<Intent> intents() {
        return reader.intents();
    }

    @Override
    public List<DiscardedTransaction> undecidedChanges(int mostChanges) {
        return UndecidedChanges.of(reader, translation, mostChanges);
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

    /** The image must have been adopted: it gets the part too. */
    @Override
    public void commitPart(long id) {
        replica.pool().repeating(true);
        try {
            if (reader.commitPart(id, replica) == LogReader.LAGGED) {
                throw new ThaException("log file '" + log.path() + "': this standby was dropped before it could commit transaction " + id);
            }
        } finally {
            replica.pool().repeating(false);
        }
        replica.redoAnyway(image);
    }

    @Override
    public void needs(int application, long chainEnd) {
        image.memory().raiseChainEnd(application, chainEnd);
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
        return 0;
    }

    @Override
    public long changedBytes() {
        return 0;
    }

    @Override
    public void close() {
        reader.close();
        replica.close();
        log.close();
    }
}
