package io.tha.takeover;

import io.tha.Intent;
import io.tha.ThaException;
import io.tha.active.ActiveParts;
import io.tha.active.ThaApplication;
import io.tha.active.ThaConfig;
import io.tha.capture.Snapshot;
import io.tha.memory.CrashPoint;
import io.tha.memory.MappedFile;
import io.tha.memory.Memory;
import io.tha.memory.Posix;
import io.tha.pool.CommittedImage;
import io.tha.pool.PoolStructure;
import io.tha.pool.ThaPool;
import io.tha.region.DomainFiles;
import io.tha.region.LogConfig;
import io.tha.region.LogFile;
import io.tha.region.OutcomeTable;
import io.tha.region.TailSealer;
import io.tha.region.TakeoverState;
import io.tha.region.TakeoverWalk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * An active in waiting: all that a takeover needs, made while its process is still a standby. The standby's pool file becomes the committed image,
 * and a private mapping of it the working pool; where no image is kept, it goes on as the working pool.
 *
 * <p>Threads: one at a time.
 */
public final class Successor implements AutoCloseable {
    private final DomainFiles files;
    private final PoolStructure pool;
    private final ActiveParts parts;
    /** Null where the standby's pool itself goes on as the working pool. */
    private final MappedFile workingPool;
    private final LogFile log;
    private final ThaApplication application;
    private boolean promoted;
    private long moment;

    private Successor(DomainFiles files, ActiveParts parts, MappedFile workingPool) {
        this.files = files;
        this.pool = parts.pool().structure();
        this.parts = parts;
        this.log = parts.log();
        this.workingPool = workingPool;
        application = ThaApplication.prepare(parts, workingPool == null ? pool.memory().base() : workingPool.address());
    }

    /**
     * Prepares the takeover of an application with the pool that follows it.
     *
     * @param outcomes of its transactions, beside the pool
     * @param ringBytes of the log that is followed: the new one has no less, or the undecided intents might not fit
     */
    public static Successor prepare(DomainFiles files, ThaPool pool, ThaConfig config, OutcomeTable outcomes, long ringBytes) {
        boolean hasImage = config.snapshot() == Snapshot.IMAGE;
        LogConfig logConfig = new LogConfig(Math.max(ringBytes, config.log().capacity()), config.log().checksums());
        LogFile log = LogFile.prepare(files.newPreparedLog(), logConfig);
        CommittedImage image = hasImage ? pool.structure().sharedImage() : null;
        ActiveParts parts = new ActiveParts(files.control(), files.application(), pool, image, outcomes, log, config);
        return new Successor(files, parts, hasImage ? workingPool(files, pool) : null);
    }

    private static MappedFile workingPool(DomainFiles files, ThaPool pool) {
        long sizeBytes = pool.structure().memory().sizeBytes();
        return Posix.available()
                ? MappedFile.openPrivate(pool.structure().memory().path(), sizeBytes)
                : MappedFile.create(files.newPool(), sizeBytes);
    }

    /** This process has claimed an epoch: from now on it shows that it is not hung. */
    public void hold(long epoch) {
        application.hold(epoch);
    }

    /**
     * Makes the steps from CUT to SERVING; the pool must be at the cut and at rest.
     *
     * @param logPath where the new log gets its name
     * @param intents undecided at the cut, in order
     * @return the application that serves, or null if another process has claimed a later epoch
     */
    public ThaApplication promote(TakeoverWalk walk, Path logPath, List<Intent> intents) {
        log.name(logPath, walk.epoch(), parts.copiedFile().getFileName().toString());
        CrashPoint.AFTER_RENAME_BEFORE_OPENED.reached();
        if (!walk.advance(TakeoverState.OPENED)) {
            return null;
        }
        CrashPoint.AFTER_OPENED.reached();
        moment = files.moment();
        if (workingPool == null) {
            pool.memory().closeForCopies();
        } else {
            parts.image().appliedRelease(0);
            copyWithoutPrivateMapping();
            pool.remap(workingPool);
        }
        pool.setReadOnly(false);
        application.inherit(intents);
        CrashPoint.AFTER_INTENTS.reached();
        application.start();
        if (!walk.advance(TakeoverState.SERVING)) {
            return null;
        }
        promoted = true;
        CrashPoint.AFTER_SERVING.reached();
        return application;
    }

    /** Where there is no private mapping, the takeover takes as long as a copy of the pool. */
    private void copyWithoutPrivateMapping() {
        if (!Posix.available()) {
            System.getLogger(Successor.class.getName())
                    .log(System.Logger.Level.WARNING, "no private mappings here, the pool is copied: {0}", Posix.unavailableReason());
            Memory.copy(parts.image().memory().base(), workingPool.address(), workingPool.sizeBytes());
        }
    }

    /** Ends a rehearsal as another process would end a service. */
    void seal() {
        TailSealer.seal(log);
    }

    /** What can be done after the service goes on: pages of the working pool are made, and files nobody needs are removed. */
    public void settle(long servedEpoch) {
        files.clean(servedEpoch, moment, application.files());
        if (workingPool != null && !parts.config().usableTracker().countsPagesMade()) {
            WorkingPages.populate(workingPool);
        }
    }

    /** Gives up what was prepared, unless it serves. */
    @Override
    public void close() {
        if (promoted) {
            return;
        }
        application.giveUp();
        if (workingPool != null) {
            workingPool.close();
        }
        log.close();
        try {
            Files.deleteIfExists(log.path());
        } catch (IOException e) {
            throw new ThaException("log file '" + log.path() + "' cannot be removed: " + e, e);
        }
    }
}
