package io.tha.standby;

import io.tha.region.LogReader;
import java.util.concurrent.Future;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * The copy that a standby has at the moment, or none.
 *
 * <p>Threads: any. Who uses a copy holds one of the locks, or it may be closed meanwhile: the follower the write lock, which it lets go only between
 * transactions; who reads, the read lock. The lock is fair, or a busy follower would keep queries out.
 */
final class CopyHolder {
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock(true);
    private volatile StandbyCopy copy;

    Lock readLock() {
        return lock.readLock();
    }

    Lock writeLock() {
        return lock.writeLock();
    }

    StandbyCopy copy() {
        return copy;
    }

    /** Another copy, or none; the last one is closed. */
    void set(StandbyCopy next) {
        writeLock().lock();
        try {
            StandbyCopy last = copy;
            copy = next;
            if (last != null) {
                last.close();
            }
        } finally {
            writeLock().unlock();
        }
    }

    /** The same pool follows another epoch. */
    void handOver(StandbyCopy next) {
        writeLock().lock();
        try {
            StandbyCopy last = copy;
            copy = next;
            last.handOver();
        } finally {
            writeLock().unlock();
        }
    }

    /** Who has taken over has the copy now; under the write lock. */
    void release() {
        copy = null;
    }

    /** Applies what the log has; it has ended for who has another copy, and after a takeover. */
    int poll(StandbyCopy current, Future<?> takeover) {
        if (current.follower().isIdle()) {
            return 0;
        }
        writeLock().lock();
        try {
            return copy == current && !takeover.isDone() ? current.follower().poll() : LogReader.ENDED;
        } finally {
            writeLock().unlock();
        }
    }
}
