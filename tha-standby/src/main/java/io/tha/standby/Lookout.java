package io.tha.standby;

import io.tha.follow.EpochFollower;
import io.tha.region.Backoff;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;

/**
 * Where the followers of a process wait. No more of them spin than processors can be spared: each of these looks at what the others wait for too, and
 * applies it for them; the others are parked. When nothing has come for a while all sleep, each by its own log. docs/memory-ordering.md has the
 * argument.
 *
 * <p>Threads: any.
 */
final class Lookout {
    /** Half of the processors are left to actives and to the service. */
    static final Lookout OF_PROCESS = new Lookout(Math.max(1, Runtime.getRuntime().availableProcessors() / 2));

    private final Semaphore posts;
    private final BooleanSupplier areTaken = this::areTaken;
    private volatile Waiter first;

    /** With so many followers that spin, at most. */
    Lookout(int posts) {
        this.posts = new Semaphore(posts);
    }

    private boolean areTaken() {
        return posts.availablePermits() == 0;
    }

    synchronized void enter(Waiter waiter) {
        waiter.setNext(first);
        first = waiter;
    }

    /** Allocates nothing: who leaves may have run out of heap. */
    synchronized void leave(Waiter waiter) {
        if (first == waiter) {
            first = waiter.next();
            return;
        }
        for (Waiter before = first; before != null; before = before.next()) {
            if (before.next() == waiter) {
                before.setNext(waiter.next());
                return;
            }
        }
    }

    /**
     * Waits for a while, or until there may be something that only the caller can do; what can be applied for it may be applied meanwhile.
     *
     * @param own of the calling thread
     * @param follower whose last poll found nothing
     */
    void idle(Waiter own, EpochFollower follower) {
        if (!follower.isConsistent()) {
            follower.idle();
        } else if (!posts.tryAcquire()) {
            own.park(areTaken, follower.backoff());
        } else if (!lookAfterAll(own, follower.backoff())) {
            follower.rest();
        }
    }

    /** For a moment; false if nothing has come for so long that all should rest. */
    private boolean lookAfterAll(Waiter own, Backoff backoff) {
        boolean goesOn = true;
        try {
            boolean isAlone = true;
            for (Waiter waiter = first; waiter != null; waiter = waiter.next()) {
                if (waiter != own && waiter.isParked()) {
                    isAlone = false;
                    if (waiter.help()) {
                        backoff.reset();
                    }
                }
            }
            goesOn = isAlone ? backoff.spin() : backoff.idle();
        } finally {
            posts.release();
        }
        if (!goesOn) {
            // Behind the release: who parks from now on sees that nobody looks after it.
            for (Waiter waiter = first; waiter != null; waiter = waiter.next()) {
                waiter.dismiss();
            }
        }
        return goesOn;
    }
}
