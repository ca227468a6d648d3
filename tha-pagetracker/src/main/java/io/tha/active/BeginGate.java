package io.tha.active;

import io.tha.FencedException;

/**
 * Keeps those who begin transactions waiting while a switchover is under way: until it is given up, and they go on, or the log was sealed, and
 * they are told; the switchover's time-out bounds the wait. And while coordinated transactions must be rolled back, until those that are open have
 * ended. Where there is neither, a passage costs one load.
 *
 * <p>Threads: any.
 */
final class BeginGate {
    /** How many keep it shut. */
    private volatile int shut;
    /** Under the monitor; not null when it stays shut for ever. */
    private String fencedBy;

    void pass() {
        if (shut > 0) {
            await();
        }
    }

    private synchronized void await() {
        boolean interrupted = false;
        while (shut > 0 && fencedBy == null) {
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (fencedBy != null) {
            throw new FencedException(fencedBy);
        }
    }

    synchronized void shut() {
        shut++;
    }

    synchronized void open() {
        shut--;
        notifyAll();
    }

    /** It stays shut, and whoever comes is told. */
    synchronized void fence(String message) {
        fencedBy = message;
        notifyAll();
    }
}
