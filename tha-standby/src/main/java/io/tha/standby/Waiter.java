package io.tha.standby;

import io.tha.region.Backoff;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * The follower of one standby at the {@link Lookout}.
 *
 * <p>Threads: any; {@link #park} the follower's.
 */
final class Waiter {
    private static final int AWAKE = 0;
    private static final int PARKED = 1;
    private static final int DISMISSED = 2;
    /** Who looks after it may be busy with a long transaction of another one: then it looks itself. */
    private static final long MOST_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final CopyHolder held;
    private final Future<?> takeover;
    private final Thread thread;
    private final AtomicInteger state = new AtomicInteger(AWAKE);
    /** At the lookout, under its lock. Who walks past one that leaves meanwhile comes on to the others. */
    private volatile Waiter next;

    /** Of a standby whose follower has this thread. */
    Waiter(CopyHolder held, Future<?> takeover, Thread thread) {
        this.held = held;
        this.takeover = takeover;
        this.thread = thread;
    }

    Waiter next() {
        return next;
    }

    void setNext(Waiter waiter) {
        next = waiter;
    }

    /**
     * Lets others look after it, for a moment at most.
     *
     * @param isLookedAfter whether they do; asked when they can see that it is parked
     * @param backoff of the follower
     */
    void park(BooleanSupplier isLookedAfter, Backoff backoff) {
        state.set(PARKED);
        if (isLookedAfter.getAsBoolean()) {
            LockSupport.parkNanos(this, MOST_NANOS);
        }
        if (state.getAndSet(AWAKE) == DISMISSED) {
            backoff.end();
        }
    }

    boolean isParked() {
        return state.get() == PARKED;
    }

    /** Applies what it waits for; true if there was a transaction. */
    boolean help() {
        int transactions = held.tryPoll(takeover);
        if (transactions < 0) {
            wake(AWAKE);
        } else if (transactions > 0) {
            // Whoever is behind park sees what was applied before it was waked, also without the lock.
            state.compareAndSet(PARKED, PARKED);
        }
        return transactions > 0;
    }

    /** Nobody looks after it any more. */
    void dismiss() {
        wake(DISMISSED);
    }

    private void wake(int why) {
        if (state.compareAndSet(PARKED, why)) {
            LockSupport.unpark(thread);
        }
    }
}
