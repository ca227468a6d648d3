package io.tha.torture;

import io.tha.standby.ThaStandby;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * Queries a standby again and again: it shows nothing but whole transactions, and never goes back.
 *
 * <p>Threads: its own.
 */
final class StandbyReader implements Runnable {
    private static final int MOST_PAUSE_MICROS = 30_000;
    private static final int MOST_HOLD_MICROS = 60_000;
    private static final int HOLDS_ONE_IN = 8;

    private final ThaStandby standby;
    private final StateCheck check;
    private final boolean slow;
    private final Thread thread = new Thread(this, "standby-reader");
    private volatile boolean ended;

    StandbyReader(ThaStandby standby, StateCheck check, boolean slow) {
        this.standby = standby;
        this.check = check;
        this.slow = slow;
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    void end() throws InterruptedException {
        ended = true;
        LockSupport.unpark(thread);
        thread.join();
    }

    @Override
    public void run() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        while (!ended) {
            String problem = read(slow && random.nextInt(HOLDS_ONE_IN) == 0 ? random.nextInt(MOST_HOLD_MICROS) : 0);
            if (problem != null) {
                TortureNode.wrong("as a standby " + problem);
            }
            LockSupport.parkNanos(TortureNode.micros(random.nextInt(MOST_PAUSE_MICROS)));
        }
    }

    private String read(int holdMicros) {
        try {
            return standby.read(pool -> {
                String problem = check.problem(pool);
                // Keeps the follower waiting: a slow reader of the log.
                LockSupport.parkNanos(TortureNode.micros(holdMicros));
                return problem;
            });
        } catch (IllegalStateException e) {
            // The copy is being built, or this process is taking over.
            return null;
        }
    }
}
