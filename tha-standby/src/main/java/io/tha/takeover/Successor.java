package io.tha.takeover;

import io.tha.Intent;
import io.tha.ThaException;
import io.tha.active.ActiveParts;
import io.tha.active.ThaApplication;
import io.tha.active.ThaConfig;
import io.tha.capture.Snapshot;
import io.tha.follow.DeclaredLayouts;
import io.tha.memory.CrashPoint;
import io.tha.memory.MappedFile;
import io.tha.memory.Memory;
import io.tha.memory.Posix;
import io.tha.memory.Protection;
import io.tha.pool.CommittedImage;
import io.tha.pool.PoolStructure;
import io.tha.pool.ThaPool;
import io.tha.region.DomainFiles;
import io.tha.region.LogConfig;
import io.tha.region.LogFile;
import io.tha.region.OutcomeTable;
import io.tha.region.TailSealer;
import io.tha.region.TakeoverWalk;
import io.tha.region.TransactionIdSource;
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
    /** Null where the standby's pool itself goes on as the working pool, or is a private mapping of the active's image from the beginning. */
    private final MappedFile workingPool;
    private final LogFile log;
    private final ThaApplication application;
    private final String imageName;
    private boolean used;
    private boolean poolTaken;
    private boolean promoted;

    private Successor(DomainFiles files, ActiveParts parts, MappedFile workingPool) {
        this.files = files;
        this.pool = parts.pool().structure();
        this.parts = parts;
        this.log = parts.log();
        this.workingPool = workingPool;
        imageName = parts.copiedFile().getFileName().toString();
        application = ThaApplication.prepare(parts, workingPool == null ? pool.memory().base() : workingPool.address());
    }

    /**
     * What follows an application.
     *
     * @param pool its state
     * @param outcomes of its transactions, beside the pool
     */
    public record Copy(ThaPool pool, OutcomeTable outcomes) {}

    /**
     * What there is at the cut beside the pool.
     *
     * @param intents undecided, in order
     * @param isWhole whether the old log has all that is committed; otherwise nobody can go on from its end with a copy of his own
     */
    public record Cut(List<Intent> intents, boolean isWhole) {}

    /**
     * Prepares the takeover of an application.
     *
     * @param ringBytes of the log that is followed: the new one has no less, or the undecided intents might not fit
     */
    public static Successor prepare(DomainFiles files, Copy copy, ThaConfig config, long ringBytes) {
        return prepare(files, copy, config, ringBytes, files.control());
    }

    static Successor prepare(DomainFiles files, Copy copy, ThaConfig config, long ringBytes, TransactionIdSource ids) {
        ThaPool pool = copy.pool;
        boolean hasImage = config.snapshot() == Snapshot.IMAGE;
        LogFile log = prepareLog(files, config, ringBytes);
        MappedFile workingPool = null;
        try {
            CommittedImage image = hasImage ? pool.structure().sharedImage() : null;
            if (hasImage) {
                image.memory().casWriter(0, files.control().processWord());
            }
            ActiveParts parts = new ActiveParts(files.control(), files.application(), pool, image, copy.outcomes, log, config, ids);
            workingPool = hasImage ? workingPool(files, pool) : null;
            return new Successor(files, parts, workingPool);
        } catch (RuntimeException | Error e) {
            remove(pool.structure(), workingPool, log);
            throw e;
        }
    }

    /**
     * Prepares a takeover by mapping.
     *
     * @param parts with a pool over a private mapping of the active's image, and a log of {@link #prepareLog}
     */
    public static Successor prepareMapped(DomainFiles files, ActiveParts parts) {
        try {
            return new Successor(files, parts, null);
        } catch (RuntimeException | Error e) {
            remove(parts.pool().structure(), null, parts.log());
            throw e;
        }
    }

    /** A log for {@link #prepareMapped}; the bytes are those of the log that is followed. */
    public static LogFile prepareLog(DomainFiles files, ThaConfig config, long ringBytes) {
        LogConfig logConfig = new LogConfig(Math.max(ringBytes, config.log().capacity()), config.log().checksums());
        return LogFile.prepare(files.newPreparedLog(), logConfig);
    }

    private static MappedFile workingPool(DomainFiles files, ThaPool pool) {
        long sizeBytes = pool.structure().memory().sizeBytes();
        return Posix.available()
                ? MappedFile.openPrivate(pool.structure().memory().path(), sizeBytes)
                : MappedFile.create(files.newPool(), sizeBytes);
    }

    /** What this side's version declares, in force when it serves. */
    public void declare(DeclaredLayouts layouts) {
        layouts.forEach(application::register);
    }

    /** Whether it can take over from an epoch with a log of so many bytes: also from a later one than it was prepared for, unless that was tried. */
    public boolean fits(long ringBytes) {
        return !used && log.capacity() >= ringBytes;
    }

    /** Whether a takeover, lost or not, has made the pool a working pool: it cannot follow any more. */
    public boolean isPoolTaken() {
        return poolTaken;
    }

    /** This process has claimed an epoch: from now on it shows that it is not hung. */
    public void hold(long epoch) {
        used = true;
        application.hold(epoch);
    }

    /** For a takeover by mapping: the image has everything below this position, where its next log begins, unless it has begun there already. */
    public void beginAt(long position) {
        if (!poolTaken) {
            application.beginAt(position);
        }
    }

    /**
     * Makes the steps from CUT to SERVING; the pool must be at the cut and at rest. A takeover that has lost may be tried again from the same cut.
     *
     * @param logPath where the new log gets its name
     * @param cut what there is beside the pool
     * @return the application that serves, or null if another process has claimed a later epoch
     */
    public ThaApplication promote(TakeoverWalk walk, Path logPath, Cut cut) {
        used = true;
        pool.memory().requirePresent();
        log.imageId(parts.copiedId());
        if (cut.isWhole) {
            log.continues(walk.servedEpoch());
        }
        if (!walk.open(log, logPath, imageName)) {
            return null;
        }
        if (!poolTaken) {
            poolTaken = true;
            takePool();
            application.inherit(Protection.INTENTS_INHERITED.isBroken() ? List.of() : cut.intents);
            CrashPoint.AFTER_INTENTS.reached();
            application.start();
        }
        if (!walk.serve()) {
            return null;
        }
        promoted = true;
        return application;
    }

    private void takePool() {
        if (workingPool == null && parts.image() == null) {
            pool.memory().closeForCopies();
        } else if (workingPool != null) {
            parts.image().appliedRelease(0);
            copyWithoutPrivateMapping();
            pool.remap(workingPool);
        }
        pool.setReadOnly(false);
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

    /** What can be done after the service goes on: files nobody needs are removed. */
    public void clean(long servedEpoch) {
        files.clean(servedEpoch);
    }

    /** What can be done after the service goes on: others learn what became of what the last process has left of coordinated transactions. */
    public void recoverDecisions() {
        application.recoverDecisions();
    }

    /** What can be done after the service goes on: pages of the working pool are made. */
    public void populate() {
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
        remove(pool, workingPool, log);
    }

    /** A private mapping has the standby's file, which is not removed here; where there are none, the working pool has a file of its own. */
    private static void remove(PoolStructure pool, MappedFile workingPool, LogFile log) {
        log.close();
        delete(log.path());
        if (workingPool != null) {
            workingPool.close();
            if (!workingPool.path().equals(pool.memory().path())) {
                delete(workingPool.path());
            }
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new ThaException("file '" + file + "' of a takeover that did not come to pass cannot be removed: " + e, e);
        }
    }
}
