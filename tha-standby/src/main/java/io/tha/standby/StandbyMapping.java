package io.tha.standby;

import io.tha.active.ActiveParts;
import io.tha.active.ThaConfig;
import io.tha.follow.ImageFollower;
import io.tha.follow.Joiner;
import io.tha.memory.MappedFile;
import io.tha.pool.CommittedImage;
import io.tha.pool.FollowedPool;
import io.tha.pool.PoolMemory;
import io.tha.pool.ThaPool;
import io.tha.region.ControlFile;
import io.tha.region.DomainFiles;
import io.tha.region.LogFile;
import io.tha.region.OutcomeTable;
import io.tha.region.ReaderSlots;
import io.tha.takeover.ImageAdoption;
import io.tha.takeover.Successor;
import java.nio.file.Path;

/**
 * What a standby without a copy has instead: the active's image, under a name of its own, mapped twice: shared, to complete it at the takeover, and
 * privately, to go on with as the working pool.
 *
 * <p>Threads: the standby's, under its lock.
 */
final class StandbyMapping implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(StandbyMapping.class.getName());

    private final DomainFiles files;
    private final ThaConfig config;
    private final Joiner.Version version;
    private CommittedImage image;
    private FollowedPool pool;
    private OutcomeTable outcomes;
    private ImageFollower follower;
    private Successor successor;
    private ImageAdoption adoption;
    private boolean isHeld;
    private boolean promoted;

    private StandbyMapping(DomainFiles files, ThaConfig config, Joiner.Version version) {
        this.files = files;
        this.config = config;
        this.version = version;
    }

    /** Maps the image of an epoch, and looks at what is in it. */
    static StandbyMapping join(DomainFiles files, ThaConfig config, long epoch, Joiner.Version version) {
        StandbyMapping mapping = new StandbyMapping(files, config, version);
        try {
            mapping.open(LogFile.open(files.log(epoch), epoch));
            return mapping;
        } catch (RuntimeException | Error e) {
            mapping.close();
            throw e;
        }
    }

    private void open(LogFile log) {
        ControlFile control = files.control();
        Path active = files.sibling(log.imageName());
        try {
            map(active);
            log.checkImage(image.memory().path(), image.memory().poolId());
        } catch (RuntimeException | Error e) {
            log.close();
            throw e;
        }
        ReaderSlots readers = new ReaderSlots(log, slot -> control.watch(slot).isDead());
        Joiner joiner = new Joiner(readers, control.processSlot(), version, () -> {});
        follower = ImageFollower.join(log, image, joiner, pool);
        follower.begin(outcomes, files.outcomes(active));
        LogFile prepared = Successor.prepareLog(files, config, log.capacity());
        successor = Successor.prepareMapped(
                files, new ActiveParts(files.control(), files.application(), pool.pool(), image, outcomes, prepared, config, files.control()));
        adoption = new ImageAdoption(control, image, follower);
    }

    private void map(Path active) {
        Path own = files.link(active);
        image = CommittedImage.open(own);
        pool = FollowedPool.over(MappedFile.openPrivate(own, PoolMemory.MIN_SIZE));
        outcomes = OutcomeTable.create(files.outcomes(own));
    }

    ThaPool pool() {
        return pool.pool();
    }

    OutcomeTable outcomes() {
        return outcomes;
    }

    ImageFollower follower() {
        return follower;
    }

    Successor successor() {
        return successor;
    }

    /** Not while another process holds the image. */
    boolean mayClaim() {
        return !isHeld || adoption.isPossible();
    }

    /** Makes the image this process's own, which has claimed the epoch and drained the sealed log. */
    ImageAdoption.Result adopt() {
        ImageAdoption.Result result = adoption.adopt();
        if (result == ImageAdoption.Result.ADOPTED) {
            successor.beginAt(follower.lastEnd());
        } else if (result == ImageAdoption.Result.HELD) {
            isHeld = true;
            LOG.log(
                    System.Logger.Level.WARNING,
                    "standby of ''{0}'' cannot take over: {1} has been stopped in the middle of a commit, and may still write the image ''{2}'' that "
                            + "this standby has mapped. Another standby may take over now if it has a copy; kill the process, or let it go on, "
                            + "for this one to",
                    files.application(),
                    adoption.holder(),
                    image.memory().path().getFileName());
        }
        return result;
    }

    /** The pool is the active's now, and has this side's layouts too. */
    void promoted() {
        promoted = true;
        successor.declare(version.layouts());
    }

    @Override
    public void close() {
        if (follower != null) {
            follower.close();
        }
        if (successor != null) {
            successor.close();
        }
        if (promoted) {
            return;
        }
        if (image != null) {
            image.close();
            DomainFiles.delete(image.memory().path());
        }
        if (pool != null) {
            pool().close();
        }
        if (outcomes != null) {
            outcomes.close();
            DomainFiles.delete(outcomes.path());
        }
    }
}
