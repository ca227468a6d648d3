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
    /** What {@link #poll} returns while somebody holds the copy where it is. */
    static final int HELD = -3;

    private final HoldGate gate = new HoldGate();
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock(true);
    private volatile StandbyCopy copy;
    /** What has gone wrong with the copy in the hands of another thread than the follower's; null if nothing has. */
    private volatile Throwable failed;
    /** The same thread was told that the copy is out of date. */
    private volatile boolean lagged;

    Lock readLock() {
        return lock.readLock();
    }

    Lock writeLock() {
        return lock.writeLock();
    }

    StandbyCopy copy() {
        return copy;
    }

    /** What keeps the copy where it is. */
    HoldGate gate() {
        return gate;
    }

    /** Another copy, or none; the last one is closed. */
    void set(StandbyCopy next) {
        writeLock().lock();
        try {
            StandbyCopy last = copy;
            gate.end("its copy is made anew, or it was closed");
            copy = next;
            failed = null;
            lagged = false;
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

    /**
     * Applies what the log has; it has ended for who has another copy, and after a takeover.
     *
     * @return as {@link io.tha.follow.EpochFollower#poll(int)}, or {@link #HELD}
     * @throws RuntimeException also what {@link #tryPoll} has met
     */
    int poll(StandbyCopy current, Future<?> takeover) {
        if (!isGivenUp() && current.follower().isIdle()) {
            return 0;
        }
        writeLock().lock();
        try {
            if (copy != current || takeover.isDone()) {
                return LogReader.ENDED;
            }
            throwFailed();
            return lagged ? LogReader.LAGGED : pollLocked(current);
        } finally {
            writeLock().unlock();
        }
    }

    private boolean isGivenUp() {
        return failed != null || lagged;
    }

    private void throwFailed() {
        if (failed instanceof RuntimeException e) {
            throw e;
        } else if (failed instanceof Error e) {
            throw e;
        }
    }

    private int pollLocked(StandbyCopy current) {
        int most = current.follower().isConsistent() ? gate.most(current) : HoldGate.ALL;
        return most == 0 ? HELD : current.follower().poll(most);
    }

    /**
     * {@link #poll} by another thread than the follower's, if nobody has a lock. What it meets but transactions, the follower's thread meets at its
     * next poll.
     *
     * @return how many transactions; negative if the follower's thread has to poll
     */
    int tryPoll(Future<?> takeover) {
        if (!writeLock().tryLock()) {
            return 0;
        }
        try {
            StandbyCopy current = copy;
            if (current == null || takeover.isDone() || isGivenUp()) {
                return LogReader.ENDED;
            }
            if (current.follower().isIdle()) {
                return 0;
            }
            long before = current.follower().transactions();
            int result = pollLocked(current);
            lagged = result == LogReader.LAGGED;
            // Not what scrubbing has published.
            return result == HELD ? 0 : result < 0 ? result : (int) (current.follower().transactions() - before);
        } catch (RuntimeException | Error e) {
            failed = e;
            return LogReader.ENDED;
        } finally {
            writeLock().unlock();
        }
    }
}
