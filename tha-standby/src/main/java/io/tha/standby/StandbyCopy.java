package io.tha.standby;

import io.tha.active.ThaConfig;
import io.tha.coordination.DomainCut;
import io.tha.follow.CopyRates;
import io.tha.follow.EpochFollower;
import io.tha.follow.Follower;
import io.tha.follow.Joiner;
import io.tha.follow.ScrubFindings;
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
 * A standby's copy of one epoch: pool, follower, and the active in waiting.
 *
 * <p>Threads: the standby's, under its lock; the follower's makes it.
 */
final class StandbyCopy implements AutoCloseable {
    private final DomainFiles files;
    private final ThaConfig config;
    private final ThaPool pool;
    private final OutcomeTable outcomes;
    private final EpochFollower follower;
    /** Null where the image is mapped. */
    private final Follower copying;

    private final Successor successor;
    /** Null where the pool is a copy of its own. */
    private final StandbyMapping mapping;

    private final Joiner.Version version;

    private final int application;
    private final long epoch;
    private final Path nextLog;
    private final long begin;
    /** Whether pool and outcomes are somebody else's now. */
    private boolean handedOver;
    private boolean successorHandedOver;

    private StandbyCopy(DomainFiles files, ThaConfig config, Parts parts, long epoch, long begin) {
        this.files = files;
        this.config = config;
        pool = parts.pool;
        outcomes = parts.outcomes;
        copying = parts.follower;
        follower = copying;
        successor = parts.successor;
        mapping = null;
        version = parts.version;
        application = files.control().findApplication(files.application());
        this.epoch = epoch;
        nextLog = files.log(epoch + 1);
        this.begin = begin;
    }

    private StandbyCopy(DomainFiles files, ThaConfig config, StandbyMapping mapping, long epoch) {
        this.files = files;
        this.config = config;
        this.mapping = mapping;
        version = null;
        application = files.control().findApplication(files.application());
        this.epoch = epoch;
        nextLog = files.log(epoch + 1);
        pool = mapping.pool();
        outcomes = mapping.outcomes();
        copying = null;
        follower = mapping.follower();
        successor = mapping.successor();
        begin = System.nanoTime();
    }

    /** Maps the image of an epoch, and copies nothing. */
    static StandbyCopy map(DomainFiles files, ThaConfig config, long epoch, Joiner.Version version) {
        return new StandbyCopy(files, config, StandbyMapping.join(files, config, epoch, version), epoch);
    }

    private record Parts(ThaPool pool, OutcomeTable outcomes, Follower follower, Successor successor, Joiner.Version version) {}

    /** Makes an empty pool and fills it from the image of an epoch. */
    static StandbyCopy join(DomainFiles files, ThaConfig config, long epoch, Joiner.Version version, Runnable whileWaiting) {
        long begin = System.nanoTime();
        ThaPool pool = ThaPool.create(files.newPool(), config.poolBytes());
        OutcomeTable outcomes = null;
        Follower follower = null;
        try {
            outcomes = OutcomeTable.create(files.outcomes(pool.structure().memory().path()));
            pool.register(version.layouts().all());
            LogFile log = LogFile.open(files.log(epoch), epoch);
            long ringBytes = log.capacity();
            follower = Follower.join(log, files, joiner(files, log, version, whileWaiting), pool.structure(), outcomes);
            pool.structure().setReadOnly(true);
            Successor successor = Successor.prepare(files, new Successor.Copy(pool, outcomes), config, ringBytes);
            successor.declare(version.layouts());
            return new StandbyCopy(files, config, new Parts(pool, outcomes, follower, successor, version), epoch, begin);
        } catch (RuntimeException | Error e) {
            if (follower != null) {
                follower.close();
            }
            remove(pool, outcomes);
            throw e;
        }
    }

    private static Joiner joiner(DomainFiles files, LogFile log, Joiner.Version version, Runnable whileWaiting) {
        ControlFile control = files.control();
        return new Joiner(new ReaderSlots(log, slot -> control.watch(slot).isDead()), control.processSlot(), version, whileWaiting);
    }

    /**
     * The same pool, to follow a later epoch that begins with the state at the cut of this one; {@link #handOver} is to be called then.
     *
     * @return null if it does not begin with that, or its beginning is lost: the state has to be copied
     */
    StandbyCopy followOn(long nextEpoch) {
        long nextBegin = System.nanoTime();
        LogFile log = LogFile.open(files.log(nextEpoch), nextEpoch);
        if (log.epochBefore() != epoch) {
            log.close();
            return null;
        }
        long ringBytes = log.capacity();
        Joiner joiner = joiner(files, log, version, () -> {});
        Follower next = Follower.followOn(log, files, joiner, pool.structure(), outcomes);
        if (next == null) {
            return null;
        }
        try {
            boolean fits = successor.fits(ringBytes);
            Successor nextSuccessor = fits ? successor : Successor.prepare(files, new Successor.Copy(pool, outcomes), config, ringBytes);
            nextSuccessor.declare(version.layouts());
            successorHandedOver = fits;
            return new StandbyCopy(files, config, new Parts(pool, outcomes, next, nextSuccessor, version), nextEpoch, nextBegin);
        } catch (RuntimeException | Error e) {
            next.close();
            throw e;
        }
    }

    /** What is left of the epoch that is over: what was undecided at its cut is aborted, and its log closed. */
    void handOver() {
        follower.abortUndecided();
        handedOver = true;
        close();
    }

    ThaPool pool() {
        return pool;
    }

    OutcomeTable outcomes() {
        return outcomes;
    }

    /** How far the state is in the chain of its own application. */
    long chainEnd() {
        return pool.structure().memory().chainEndAcquire(application);
    }

    /** Which transactions of several applications the state has. */
    DomainCut cut() {
        return new DomainCut(application, pool.structure().memory().chainEnds());
    }

    EpochFollower follower() {
        return follower;
    }

    Successor successor() {
        return successor;
    }

    long epoch() {
        return epoch;
    }

    /** The log of an epoch behind this one's; mostly of the next, so that one is known before it is needed. */
    Path laterLog(long later) {
        return later == epoch + 1 ? nextLog : files.log(later);
    }

    /** Where it tells what scrubbing finds; before anything is found. Where there is no copy there is nothing to scrub. */
    void report(ScrubFindings findings) {
        if (copying != null) {
            copying.report(findings);
        }
    }

    /** Whether this may claim an epoch: not if it has found that it must wait for somebody. */
    boolean mayClaim() {
        return mapping == null || mapping.mayClaim();
    }

    /** Makes the state at the cut this process's own. */
    ImageAdoption.Result adopt() {
        return mapping == null ? ImageAdoption.Result.ADOPTED : mapping.adopt();
    }

    /** How long it took until it was the committed state; 0 before, and where nothing is copied. */
    long joinNanos() {
        return copying != null && copying.isConsistent() ? copying.consistentNanos() - begin : 0;
    }

    /** How fast it was made. */
    CopyRates rates() {
        return copying == null ? CopyRates.NONE : copying.rates();
    }

    /** Whether another epoch that begins with the cut of this one can be followed with it. */
    boolean canFollowOn() {
        return copying != null && !successor.isPoolTaken() && copying.isAtCut() && copying.isAsOnActive();
    }

    /** The pool is the active's now: only the follower is closed. */
    void promoted() {
        handedOver = true;
        if (mapping != null) {
            mapping.promoted();
        }
    }

    @Override
    public void close() {
        if (mapping != null) {
            mapping.close();
            return;
        }
        try {
            // First of all its place in the log, for which the active waits.
            follower.close();
        } finally {
            closeOwn();
        }
    }

    private void closeOwn() {
        try {
            if (!successorHandedOver) {
                successor.close();
            }
        } finally {
            if (!handedOver) {
                remove(pool, outcomes);
            }
        }
    }

    private static void remove(ThaPool pool, OutcomeTable outcomes) {
        pool.close();
        DomainFiles.delete(pool.structure().memory().path());
        if (outcomes != null) {
            outcomes.close();
            DomainFiles.delete(outcomes.path());
        }
    }
}
