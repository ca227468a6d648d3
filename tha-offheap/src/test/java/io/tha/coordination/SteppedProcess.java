package io.tha.coordination;

import io.tha.memory.Memory;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongPredicate;

/**
 * A process over a decision table, on a thread of its own, that stands still at any point: before its first read, before each of its stores, and
 * behind each. Two never run at one time.
 */
final class SteppedProcess {
    private static final long PATIENCE_SECONDS = 20;

    private final DecisionTable table;
    private final Semaphore mayGo = new Semaphore(0);
    private final Semaphore stands = new Semaphore(0);
    private final LongPredicate stored;
    /** Negative while it does not stop. */
    private int stopAt = -1;
    private int point;
    private volatile boolean dies;
    private volatile boolean ended;
    private volatile Throwable thrown;

    SteppedProcess(long address, long bytes) {
        this(address, bytes, at -> false);
    }

    /** One that, once it goes on, does not look what is in these words when it stores there. */
    SteppedProcess(long address, long bytes, LongPredicate stored) {
        this.stored = stored;
        table = new SteppedTable(address, bytes);
    }

    private static final class DiesHere extends Error {
        private static final long serialVersionUID = 1;
    }

    private final class SteppedTable extends DecisionTable {
        SteppedTable(long address, long lengthBytes) {
            super(address, lengthBytes);
        }

        @Override
        boolean cas(long address, long expected, long value) {
            reach();
            boolean isDone = store(address, expected, value);
            reach();
            return isDone;
        }

        private boolean store(long address, long expected, long value) {
            if (stopAt >= 0 && point > stopAt && stored.test(address)) {
                Memory.putLong(address, value);
                return true;
            }
            return super.cas(address, expected, value);
        }
    }

    DecisionTable table() {
        return table;
    }

    private void reach() {
        if (point++ == stopAt) {
            stands.release();
            mayGo.acquireUninterruptibly();
            if (dies) {
                throw new DiesHere();
            }
        }
    }

    /** Returns whether it stands there; otherwise it has come to its end. */
    boolean runTo(int stop, Runnable action) {
        stopAt = stop;
        point = 0;
        Thread thread = new Thread(() -> {
            try {
                reach();
                action.run();
            } catch (DiesHere e) {
                // As it was told.
            } catch (Throwable e) {
                thrown = e;
            } finally {
                ended = true;
                stopAt = -1;
                stands.release();
            }
        }, "stepped");
        thread.setDaemon(true);
        thread.start();
        await();
        return !ended;
    }

    /** Goes on to its end; returns what it threw, or null. */
    Throwable resume() {
        if (!ended) {
            mayGo.release();
            await();
        }
        return thrown;
    }

    void die() {
        dies = true;
        resume();
    }

    private void await() {
        try {
            if (!stands.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("it does not come to its end");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
