package io.tha.standby;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Keeps a copy where it is, or lets it go on exactly so far, for one who reads it together with others; docs/coordination.md 5.5.
 *
 * <p>Threads: any; {@link #most} the follower's, under the write lock of the copy. So who begins a hold, and has had the lock of the copy after
 * that, finds it at rest.
 */
final class HoldGate {
    /** No bound. */
    static final int ALL = Integer.MAX_VALUE;

    private final Semaphore one = new Semaphore(1, true);
    private volatile Hold hold;

    /** One at a time. */
    static final class Hold {
        private final long endNanos;
        /** The copy may go on while the end of its own chain is below. */
        private volatile long target;
        /** Why it is over, before its holder gave it back; null if it is not. */
        private volatile String over;

        private final AtomicBoolean released = new AtomicBoolean();

        private Hold(long endNanos) {
            this.endNanos = endNanos;
        }

        void letGoOnTo(long chainEnd) {
            target = chainEnd;
        }

        String over() {
            return over;
        }

        long leftNanos() {
            return endNanos - System.nanoTime();
        }
    }

    /**
     * Waits for who holds the copy.
     *
     * @param nanos how long it waits, and then holds, at most
     * @return null if that was not long enough
     */
    Hold begin(long nanos) throws InterruptedException {
        if (!one.tryAcquire(nanos, TimeUnit.NANOSECONDS)) {
            return null;
        }
        hold = new Hold(System.nanoTime() + nanos);
        return hold;
    }

    /** The holder gives it back; only the first time counts. */
    void release(Hold begun) {
        if (!begun.released.compareAndSet(false, true)) {
            return;
        }
        begun.over = "it was given back";
        if (hold == begun) {
            hold = null;
        }
        one.release();
    }

    /** Nobody holds the copy any more; under its lock, or by who will have it next. */
    void end(String reason) {
        Hold held = hold;
        if (held != null) {
            held.over = reason;
            hold = null;
        }
    }

    /** How many transactions the follower may apply now. */
    int most(StandbyCopy copy) {
        Hold held = hold;
        if (held == null) {
            return ALL;
        }
        if (held.leftNanos() <= 0) {
            end("its time was over");
            return ALL;
        }
        return copy.chainEnd() < held.target ? 1 : 0;
    }
}
