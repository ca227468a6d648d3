package io.tha.coordination;

import io.tha.memory.Memory;
import io.tha.memory.Posix;
import java.util.concurrent.locks.LockSupport;

/**
 * Lets those who act for an application, its active or its standbys, sleep until somebody, in any process, has decided something;
 * docs/coordination.md 5.3.
 *
 * <p>Threads: any.
 */
final class Sleepers {
    /** Where there is no futex. */
    private static final long NAP_NANOS = 50_000;

    private final DecisionTable table;
    private final int wordOffset;

    private Sleepers(DecisionTable table, int wordOffset) {
        this.table = table;
        this.wordOffset = wordOffset;
    }

    static Sleepers ofActives(DecisionTable table) {
        return new Sleepers(table, DecisionDescriptor.SLEEPER_OFFSET);
    }

    static Sleepers ofFollowers(DecisionTable table) {
        return new Sleepers(table, DecisionDescriptor.FOLLOWERS_OFFSET);
    }

    /** Before a last look. Volatile: pairs with the CAS of who decides, and its look at this word behind that. */
    void prepare(int application) {
        Memory.putIntVolatile(word(application), 1);
    }

    private long word(int application) {
        return table.chain(application) + wordOffset;
    }

    /** Until {@link #wake} was called since {@link #prepare}, or the time is over. */
    void sleep(int application, long nanos) {
        if (Posix.available()) {
            Posix.futexWait(word(application), 1, nanos);
        } else {
            LockSupport.parkNanos(Math.min(nanos, NAP_NANOS));
        }
    }

    void wakeAll() {
        for (int application = 0; application < table.usedVolatile(); application++) {
            wake(application);
        }
    }

    void wake(int application) {
        long word = word(application);
        if (Memory.getIntVolatile(word) != 0) {
            Memory.putIntVolatile(word, 0);
            if (Posix.available()) {
                Posix.futexWake(word, Integer.MAX_VALUE);
            }
        }
    }
}
