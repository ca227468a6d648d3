package io.tha.active;

import io.tha.FencedException;

/**
 * Keeps those who begin transactions waiting while a switchover is under way: until it is given up, and they go on, or the log was sealed, and
 * they are told. The switchover's time-out bounds the wait. Where none is under way, a passage costs one load.
 *
 * <p>Threads: any.
 */
final class BeginGate {
    private volatile boolean shut;
    /** Under the monitor; not null when it stays shut for ever. */
    private String fencedBy;

    void pass() {
        if (shut) {
            await();
        }
    }

    private synchronized void await() {
        boolean interrupted = false;
        while (shut && fencedBy == null) {
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
        shut = true;
    }

    synchronized void open() {
        shut = false;
        notifyAll();
    }

    /** It stays shut, and whoever comes is told. */
    synchronized void fence(String message) {
        fencedBy = message;
        notifyAll();
    }
}
