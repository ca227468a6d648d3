package io.tha.coordination;

import io.tha.memory.Memory;
import io.tha.memory.Posix;
import java.util.concurrent.locks.LockSupport;

/**
 * Lets an application's active sleep until somebody, in any process, has decided something; docs/coordination.md 5.3.
 *
 * <p>Threads: any; one sleeps for an application.
 */
final class Sleepers {
    /** Where there is no futex. */
    private static final long NAP_NANOS = 50_000;

    private final DecisionTable table;

    Sleepers(DecisionTable table) {
        this.table = table;
    }

    /** Before a last look. Volatile: pairs with the CAS of who decides, and its look at this word behind that. */
    void prepare(int application) {
        Memory.putIntVolatile(table.sleeper(application), 1);
    }

    /** Until {@link #wake} was called since {@link #prepare}, or the time is over. */
    void sleep(int application, long nanos) {
        if (Posix.available()) {
            Posix.futexWait(table.sleeper(application), 1, nanos);
        } else {
            LockSupport.parkNanos(Math.min(nanos, NAP_NANOS));
        }
    }

    void wakeAll() {
        for (int application = 0; application < table.applications(); application++) {
            wake(application);
        }
    }

    void wake(int application) {
        long sleeper = table.sleeper(application);
        if (Memory.getIntVolatile(sleeper) != 0) {
            Memory.putIntVolatile(sleeper, 0);
            if (Posix.available()) {
                Posix.futexWake(sleeper, Integer.MAX_VALUE);
            }
        }
    }
}
