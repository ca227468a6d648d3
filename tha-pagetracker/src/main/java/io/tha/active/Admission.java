package io.tha.active;

import io.tha.memory.CrashPoint;
import io.tha.pool.PoolMemory;
import io.tha.region.LogWriter;
import io.tha.region.ReaderSlots;
import java.util.concurrent.locks.LockSupport;

/**
 * Lets standbys copy the pool itself while nobody writes it, where there is no committed image; docs/snapshots.md has the argument.
 *
 * <p>Threads: the one that holds all groups.
 */
final class Admission {
    private static final long PAUSE_NANOS = 50_000;

    private final PoolMemory pool;
    private final LogWriter log;
    private final ReaderSlots readers;

    Admission(PoolMemory pool, LogWriter log) {
        this.pool = pool;
        this.log = log;
        readers = log.readers();
    }

    /** How many standbys wait, or copy. */
    int waiting() {
        return readers.joiningCount();
    }

    /** Opens the pool to those that wait, until none does or the time is over; returns whether none does. */
    boolean admit(long timeoutNanos) {
        long deadline = System.nanoTime() + timeoutNanos;
        if (waiting() == 0) {
            return true;
        }
        pool.openForCopies(log.tail());
        CrashPoint.IN_ADMISSION.reached();
        try {
            while (waiting() > 0 && System.nanoTime() - deadline < 0) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
            return waiting() == 0;
        } finally {
            pool.closeForCopies();
        }
    }
}
