package io.tha.active;

import io.tha.region.LogFile;
import io.tha.region.ReaderSlots;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * What the standbys have of the log, asked of their reader slots. What was acknowledged once stays so, whoever leaves; and with a position all
 * below it: so commits are acknowledged in their order.
 *
 * <p>Threads: any.
 */
final class Acknowledgements implements AutoCloseable {
    private static final int SPINS = 1_000;
    private static final long PAUSE_NANOS = 20_000;
    /** From one look for dead standbys to the next. */
    private static final int PAUSES = 64;

    private final LogFile log;
    private final ReaderSlots readers;
    /** By index of the Ack, the highest position that was acknowledged. */
    private final long[] reached = new long[Ack.indexes()];

    private boolean closed;

    Acknowledgements(LogFile log, ReaderSlots readers) {
        this.log = log;
        this.readers = readers;
    }

    /** Whether everything below the position is acknowledged so; of a closed application, whether it was when it was asked for last. */
    synchronized boolean isReached(long position, Ack ack) {
        boolean known = ack.kind() == Ack.Kind.LOGGED || reached[ack.index()] >= position;
        if (known || closed) {
            return known;
        }
        boolean now =
                switch (ack.kind()) {
                    case LOGGED -> true;
                    case RECEIVED -> readers.receivedCount(position) >= ack.standbys();
                    case APPLIED -> readers.appliedCount(position) >= ack.standbys();
                    case APPLIED_ALL -> readers.appliedCount(position) >= Math.max(1, readers.followingCount());
                };
        if (now) {
            reached[ack.index()] = position;
        }
        return now;
    }

    /**
     * Waits for it.
     *
     * @return whether it came; false also when nobody will come to tell: the log was sealed, the application closed, or the thread interrupted
     */
    boolean await(long position, Ack ack, Duration timeout) {
        long start = System.nanoTime();
        long timeoutNanos = TimeUnit.NANOSECONDS.convert(timeout);
        for (int round = 0; !isReached(position, ack); round++) {
            if (System.nanoTime() - start >= timeoutNanos || Thread.currentThread().isInterrupted() || !isOpen()) {
                return isReached(position, ack);
            }
            if (round < SPINS) {
                Thread.onSpinWait();
            } else {
                LockSupport.parkNanos(PAUSE_NANOS);
                if (round % PAUSES == 0) {
                    forgetTheDead();
                }
            }
        }
        return true;
    }

    private synchronized boolean isOpen() {
        return !closed && !LogFile.isSealed(log.tailWordAcquire());
    }

    /** The slot of a standby that was killed would be waited for until the ring is full. */
    private synchronized void forgetTheDead() {
        if (!closed) {
            readers.reclaim();
        }
    }

    /** Before the log is unmapped. */
    @Override
    public synchronized void close() {
        closed = true;
    }
}
