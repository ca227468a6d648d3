package io.tha.standby;

import io.tha.active.ThaConfig;
import io.tha.follow.EpochFollower;
import io.tha.follow.Follower;
import io.tha.follow.Joiner;
import io.tha.follow.ScrubFindings;
import io.tha.layout.Layout;
import io.tha.pool.ThaPool;
import io.tha.region.ControlFile;
import io.tha.region.DomainFiles;
import io.tha.region.LogFile;
import io.tha.region.OutcomeTable;
import io.tha.region.ReaderSlots;
import io.tha.takeover.ImageAdoption;
import io.tha.takeover.Successor;
import java.util.Collection;

/**
 * A standby's copy of one epoch: pool, follower, and the active in waiting.
 *
 * <p>Threads: the standby's, under its lock.
 */
final class StandbyCopy implements AutoCloseable {
    private final ThaPool pool;
    private final EpochFollower follower;
    private final Successor successor;
    private final OutcomeTable outcomes;
    /** Null where the pool is a copy of its own. */
    private final StandbyMapping mapping;

    private final long epoch;
    private boolean promoted;

    private StandbyCopy(ThaPool pool, OutcomeTable outcomes, EpochFollower follower, Successor successor, long epoch) {
        this.pool = pool;
        this.outcomes = outcomes;
        this.follower = follower;
        this.successor = successor;
        this.epoch = epoch;
        mapping = null;
    }

    private StandbyCopy(StandbyMapping mapping, long epoch) {
        this.mapping = mapping;
        this.epoch = epoch;
        pool = mapping.pool();
        outcomes = mapping.outcomes();
        follower = mapping.follower();
        successor = mapping.successor();
    }

    /** Maps the image of an epoch, and copies nothing. */
    static StandbyCopy map(DomainFiles files, ThaConfig config, long epoch, Collection<Layout> layouts) {
        return new StandbyCopy(StandbyMapping.join(files, config, epoch, layouts), epoch);
    }

    /** Makes an empty pool and fills it from the image of an epoch. */
    static StandbyCopy join(DomainFiles files, ThaConfig config, long epoch, Collection<Layout> layouts, Runnable whileWaiting) {
        ControlFile control = files.control();
        ThaPool pool = ThaPool.create(files.newPool(), config.poolBytes());
        OutcomeTable outcomes = null;
        Follower follower = null;
        try {
            outcomes = OutcomeTable.create(files.outcomes(pool.structure().memory().path()));
            pool.register(layouts.toArray(Layout[]::new));
            LogFile log = LogFile.open(files.log(epoch), epoch);
            long ringBytes = log.capacity();
            ReaderSlots readers = new ReaderSlots(log, slot -> control.watch(slot).isDead());
            Joiner joiner = new Joiner(readers, control.processSlot(), whileWaiting);
            follower = Follower.join(log, files, joiner, pool.structure(), outcomes);
            pool.structure().setReadOnly(true);
            return new StandbyCopy(pool, outcomes, follower, Successor.prepare(files, pool, config, outcomes, ringBytes), epoch);
        } catch (RuntimeException | Error e) {
            if (follower != null) {
                follower.close();
            }
            remove(pool, outcomes);
            throw e;
        }
    }

    ThaPool pool() {
        return pool;
    }

    OutcomeTable outcomes() {
        return outcomes;
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

    /** Where it tells what scrubbing finds; before anything is found. Where there is no copy there is nothing to scrub. */
    void report(ScrubFindings findings) {
        if (follower instanceof Follower copying) {
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

    /** The pool is the active's now: only the follower is closed. */
    void promoted() {
        promoted = true;
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
            successor.close();
        } finally {
            if (!promoted) {
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
