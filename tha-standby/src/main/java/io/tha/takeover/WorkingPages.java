package io.tha.takeover;

import io.tha.memory.MappedFile;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Makes the private pages of a promoted pool in the background, so that the service does not pay a fault for each page it writes first. */
final class WorkingPages {
    /** Small enough that a page fault of the service never waits long for the lock on the address space. */
    private static final long STEP = 256 << 10;

    private static final long PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(500);

    private WorkingPages() {}

    static void populate(MappedFile pool) {
        Thread thread = new Thread(() -> run(pool), "tha-populate");
        thread.setDaemon(true);
        thread.start();
    }

    private static void run(MappedFile pool) {
        for (long offset = 0; offset < pool.sizeBytes(); offset += STEP) {
            if (pool.populate(offset, Math.min(STEP, pool.sizeBytes() - offset)) < 0) {
                return;
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }
}
