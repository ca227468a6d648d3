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
import io.tha.region.ReaderSlots;
import io.tha.takeover.Successor;
import java.io.IOException;
import java.nio.file.Files;
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
    private final long epoch;
    private boolean promoted;

    private StandbyCopy(ThaPool pool, Follower follower, Successor successor, long epoch) {
        this.pool = pool;
        this.follower = follower;
        this.successor = successor;
        this.epoch = epoch;
    }

    /** Makes an empty pool and fills it from the image of an epoch. */
    static StandbyCopy join(DomainFiles files, ThaConfig config, long epoch, Collection<Layout> layouts, Runnable whileWaiting) {
        ControlFile control = files.control();
        ThaPool pool = ThaPool.create(files.newPool(), config.poolBytes());
        try {
            pool.register(layouts.toArray(Layout[]::new));
            LogFile log = LogFile.open(files.log(epoch));
            long ringBytes = log.capacity();
            ReaderSlots readers = new ReaderSlots(log, slot -> control.watch(slot).isDead());
            Joiner joiner = new Joiner(readers, control.processSlot(), whileWaiting);
            Follower follower = Follower.join(log, files, joiner, pool.structure());
            pool.structure().setReadOnly(true);
            return new StandbyCopy(pool, follower, Successor.prepare(files, pool, config, ringBytes), epoch);
        } catch (RuntimeException e) {
            remove(pool);
            throw e;
        }
    }

    ThaPool pool() {
        return pool;
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
            remove(pool);
        }
    }

    private static void remove(ThaPool pool) {
        pool.close();
        try {
            Files.deleteIfExists(pool.structure().memory().path());
        } catch (IOException e) {
            throw new ThaException("pool file '" + pool.structure().memory().path() + "' cannot be removed: " + e, e);
        }
    }
}
