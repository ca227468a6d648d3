package io.tha.region;

import static io.tha.region.LogDescriptor.SEALED;

import io.tha.memory.CrashPoint;
import io.tha.memory.Posix;
import io.tha.memory.Protection;

/**
 * Fences a log: afterwards no byte that a reader may use is written, and nothing is published. Idempotent; docs/formats.md 3.3.
 *
 * <p>Threads: any, of any process.
 */
public final class TailSealer {
    private TailSealer() {}

    /** Seals claimed, then tail; the position behind the last frame for ever. */
    public static long seal(LogFile log) {
        long claimed = log.claimedWordVolatile();
        while (!LogFile.isSealed(claimed) && !Protection.SEAL_OF_CLAIMED.isBroken() && !log.casClaimed(claimed, claimed | SEALED)) {
            claimed = log.claimedWordVolatile();
        }
        CrashPoint.AFTER_SEAL_CLAIMED.reached();
        long tail = log.tailWordAcquire();
        while (!LogFile.isSealed(tail) && !Protection.SEAL_OF_TAIL.isBroken() && !log.casTail(tail, tail | SEALED)) {
            tail = log.tailWordAcquire();
        }
        CrashPoint.AFTER_SEAL_TAIL.reached();
        wake(log);
        return log.checkedTail();
    }

    private static void wake(LogFile log) {
        if (Posix.available()) {
            Posix.futexWake(log.sleepers(), Integer.MAX_VALUE);
        }
    }
}
