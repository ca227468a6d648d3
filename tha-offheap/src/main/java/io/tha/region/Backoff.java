package io.tha.region;

import io.tha.memory.Posix;
import java.util.concurrent.locks.LockSupport;

/**
 * How one thread waits for what may come soon: it spins, then lets others run, then naps. Unlike agrona's {@code BackoffIdleStrategy} it comes to an
 * end, when it is time to sleep until somebody wakes the thread.
 *
 * <p>Threads: one at a time.
 */
public final class Backoff {
    private static final int SPINS = 500;
    private static final int YIELDS = 30;
    private static final int NAPS = 200;
    private static final int ROUNDS = SPINS + YIELDS + NAPS;
    private static final long NAP_NANOS = 30_000;

    /** How often in a row it had to wait. */
    private int rounds;

    Backoff() {}

    /** What was waited for has come. */
    public void reset() {
        rounds = 0;
    }

    /** From now on there is only sleep. */
    public void end() {
        rounds = ROUNDS;
    }

    /**
     * Waits for a moment, unless it has done so often. After the first moments others may run: where there are fewer processors than standbys, it may
     * be another one that has something to apply.
     */
    @SuppressWarnings("ThreadPriorityCheck")
    public boolean spin() {
        if (rounds >= SPINS + YIELDS) {
            return false;
        }
        rounds++;
        if (rounds <= SPINS) {
            Thread.onSpinWait();
        } else {
            Thread.yield();
        }
        return true;
    }

    /** {@link #spin}s or naps, unless it is time to sleep. Where nobody could wake the thread it never is. */
    public boolean idle() {
        if (spin()) {
            return true;
        }
        if (rounds >= ROUNDS && Posix.available()) {
            return false;
        }
        rounds = Math.min(rounds + 1, ROUNDS);
        LockSupport.parkNanos(NAP_NANOS);
        return true;
    }
}
