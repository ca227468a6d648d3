package io.tha.standby;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * What is left to do after a takeover, when the service goes on already.
 *
 * <p>Threads: the watcher's.
 */
final class Settling {
    private static final long SETTLE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    /** A standby that is stopped for longer copies the state. */
    private static final long OTHERS_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final BooleanSupplier stopping;

    Settling(BooleanSupplier stopping) {
        this.stopping = stopping;
    }

    /** What is left to do loads classes and makes system calls, and would take a processor from the service's first transactions. */
    void leaveTheFirstMomentsToTheService() {
        long end = System.nanoTime() + SETTLE_NANOS;
        while (!stopping.getAsBoolean() && System.nanoTime() - end < 0) {
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    /** With the copy that has become the active's, when nobody follows the old log here any more. */
    void finish(StandbyCopy copy, long epoch) {
        copy.successor().recoverDecisions();
        copy.successor().populate();
        letOthersReachTheCut(copy);
        copy.close();
        copy.successor().clean(epoch);
    }

    /** Other standbys that have not read all of the old log need its overflow segments, or they would have to copy the state. */
    private void letOthersReachTheCut(StandbyCopy copy) {
        long begin = System.nanoTime();
        while (!stopping.getAsBoolean() && !copy.follower().isReadByAll() && System.nanoTime() - begin < OTHERS_NANOS) {
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }
}
