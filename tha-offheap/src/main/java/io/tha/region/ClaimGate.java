package io.tha.region;

import static io.tha.region.LogDescriptor.SEALED;

import io.tha.FencedException;
import io.tha.StandbyBehindException;
import io.tha.memory.CrashPoint;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Raises the claimed position, in steps, when nobody needs what it gives up: the gate between the writer and its readers.
 *
 * <p>Threads: under the commit lock; the counters by any.
 */
final class ClaimGate {
    private static final int STEPS = 16;
    private static final int SPINS = 1_000;
    private static final long PAUSE_NANOS = 20_000;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final LogFile log;
    private final ReaderSlots readers;
    private final ReaderPolicy policy;
    private final long step;
    private final AtomicLong droppedReaders = new AtomicLong();
    private final AtomicLong rejections = new AtomicLong();
    private long claimed;

    ClaimGate(LogFile log, ReaderSlots readers, ReaderPolicy policy) {
        this.log = log;
        this.readers = readers;
        this.policy = policy;
        step = log.capacity() / STEPS;
        claimed = log.claimedWordVolatile() & ~SEALED;
    }

    /** The log begins here, and not at 0. */
    void beginAt(long position) {
        claimed = position;
    }

    /**
     * Makes bytes below a position writable. The caller's own needs are met by construction: they span less than a ring.
     *
     * @param mayReject whether the caller can do without, if that is the policy
     */
    void claim(long end, boolean mayReject) {
        if (end > claimed) {
            raise(end, mayReject && policy.rejects());
        }
    }

    private void raise(long end, boolean rejects) {
        long next = (end + step - 1) / step * step;
        long givenUp = next - log.capacity();
        if (readers.lowestConsumed(Long.MAX_VALUE) < givenUp) {
            awaitReaders(givenUp, rejects);
        }
        if (!log.casClaimed(claimed, next)) {
            throw fenced(log);
        }
        claimed = next;
        CrashPoint.AFTER_CLAIM.reached();
    }

    private void awaitReaders(long givenUp, boolean rejects) {
        long start = System.nanoTime();
        for (int spins = 0; readers.lowestConsumed(Long.MAX_VALUE) < givenUp; spins++) {
            if (spins < SPINS && policy.timeoutNanos() > 0) {
                Thread.onSpinWait();
                continue;
            }
            if (LogFile.isSealed(log.claimedWordVolatile())) {
                throw fenced(log);
            }
            boolean late = System.nanoTime() - start >= policy.timeoutNanos();
            readers.reclaim();
            if (late) {
                droppedReaders.addAndGet(readers.drop(givenUp, rejects));
                rejectIfBehind(givenUp, rejects);
            } else {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    private void rejectIfBehind(long givenUp, boolean rejects) {
        long lowest = readers.lowestConsumed(Long.MAX_VALUE);
        if (rejects && lowest < givenUp) {
            rejections.incrementAndGet();
            throw new StandbyBehindException("log file '" + log.path() + "': a standby has read up to position " + lowest + " and must reach "
                    + givenUp + " to make room, and did not for " + policy.timeoutNanos() / NANOS_PER_MILLI + " ms; the transaction is open: try "
                    + "again, abort, or stop the standby");
        }
    }

    /** How many readers were dropped because they were too slow. */
    long droppedReaders() {
        return droppedReaders.get();
    }

    /** How many publications were refused because a reader was too slow. */
    long rejections() {
        return rejections.get();
    }

    static FencedException fenced(LogFile log) {
        return new FencedException("log file '" + log.path() + "' was sealed at position " + (log.tailWordAcquire() & ~SEALED)
                + ": another process has taken over, this one must not serve any more; close it and open a standby");
    }
}
