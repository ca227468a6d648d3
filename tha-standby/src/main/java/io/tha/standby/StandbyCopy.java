package io.tha.standby;

import io.tha.ThaException;
import io.tha.active.ThaConfig;
import io.tha.follow.Follower;
import io.tha.follow.Joiner;
import io.tha.layout.Layout;
import io.tha.pool.ThaPool;
import io.tha.region.ControlFile;
import io.tha.region.DomainFiles;
import io.tha.region.LogFile;
import io.tha.region.OutcomeTable;
import io.tha.region.ReaderSlots;
import io.tha.takeover.Successor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;

/**
 * A standby's copy of one epoch: pool, follower, and the active in waiting.
 *
 * <p>Threads: the standby's, under its lock.
 */
final class StandbyCopy implements AutoCloseable {
    private final ThaPool pool;
    private final Follower follower;
    private final Successor successor;
    private final OutcomeTable outcomes;
    private final long epoch;
    private boolean promoted;

    private StandbyCopy(ThaPool pool, OutcomeTable outcomes, Follower follower, Successor successor, long epoch) {
        this.pool = pool;
        this.outcomes = outcomes;
        this.follower = follower;
        this.successor = successor;
        this.epoch = epoch;
    }

    /** Makes an empty pool and fills it from the image of an epoch. */
    static StandbyCopy join(DomainFiles files, ThaConfig config, long epoch, Collection<Layout> layouts, Runnable whileWaiting) {
        ControlFile control = files.control();
        ThaPool pool = ThaPool.create(files.newPool(), config.poolBytes());
        OutcomeTable outcomes = null;
        try {
            outcomes = OutcomeTable.create(files.outcomes(pool.structure().memory().path()));
            pool.register(layouts.toArray(Layout[]::new));
            LogFile log = LogFile.open(files.log(epoch));
            long ringBytes = log.capacity();
            ReaderSlots readers = new ReaderSlots(log, slot -> control.watch(slot).isDead());
            Joiner joiner = new Joiner(readers, control.processSlot(), whileWaiting);
            Follower follower = Follower.join(log, files, joiner, pool.structure(), outcomes);
            pool.structure().setReadOnly(true);
            return new StandbyCopy(pool, outcomes, follower, Successor.prepare(files, pool, config, outcomes, ringBytes), epoch);
        } catch (RuntimeException e) {
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

    Follower follower() {
        return follower;
    }

    Successor successor() {
        return successor;
    }

    long epoch() {
        return epoch;
    }

    /** The pool is the active's now: only the follower is closed. */
    void promoted() {
        promoted = true;
    }

    @Override
    public void close() {
        follower.close();
        successor.close();
        if (!promoted) {
            remove(pool, outcomes);
        }
    }

    private static void remove(ThaPool pool, OutcomeTable outcomes) {
        pool.close();
        delete(pool.structure().memory().path());
        if (outcomes != null) {
            outcomes.close();
            delete(outcomes.path());
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new ThaException("file '" + file + "' of a standby's copy cannot be removed: " + e, e);
        }
    }
}
