package io.tha.region;

import static io.tha.region.LogDescriptor.SEALED;

import io.tha.FencedException;
import io.tha.memory.CrashPoint;
import java.util.concurrent.locks.LockSupport;

/**
 * Raises the claimed position, in steps, when nobody needs what it gives up: the gate between the writer and its readers.
 *
 * <p>Threads: under the commit lock.
 */
final class ClaimGate {
    private static final int STEPS = 16;
    private static final int SPINS = 1_000;
    private static final long PAUSE_NANOS = 20_000;

    private final LogFile log;
    private final ReaderSlots readers;
    private final long readerTimeoutNanos;
    private final long step;
    private long claimed;
    private long droppedReaders;

    ClaimGate(LogFile log, ReaderSlots readers, long readerTimeoutNanos) {
        this.log = log;
        this.readers = readers;
        this.readerTimeoutNanos = readerTimeoutNanos;
        step = log.capacity() / STEPS;
        claimed = log.claimedWordVolatile() & ~SEALED;
    }

    /** Makes bytes below a position writable. The caller's own needs are met by construction: they span less than a ring. */
    void claim(long end) {
        if (end > claimed) {
            raise(end);
        }
    }

    private void raise(long end) {
        long next = (end + step - 1) / step * step;
        long givenUp = next - log.capacity();
        if (readers.lowestConsumed(Long.MAX_VALUE) < givenUp) {
            awaitReaders(givenUp);
        }
        if (!log.casClaimed(claimed, next)) {
            throw fenced(log);
        }
        claimed = next;
        CrashPoint.AFTER_CLAIM.reached();
    }

    private void awaitReaders(long givenUp) {
        long deadline = System.nanoTime() + readerTimeoutNanos;
        for (int spins = 0; readers.lowestConsumed(Long.MAX_VALUE) < givenUp; spins++) {
            if (spins < SPINS) {
                Thread.onSpinWait();
                continue;
            }
            if (LogFile.isSealed(log.claimedWordVolatile())) {
                throw fenced(log);
            }
            boolean late = System.nanoTime() - deadline > 0;
            readers.reclaim(givenUp, late);
            droppedReaders += late ? 1 : 0;
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    /** How often a reader was dropped because it was too slow. */
    long droppedReaders() {
        return droppedReaders;
    }

    static FencedException fenced(LogFile log) {
        return new FencedException("log file '" + log.path() + "' was sealed at position " + (log.tailWordAcquire() & ~SEALED)
                + ": another process has taken over, this one must not serve any more; close it and open a standby");
    }
}
