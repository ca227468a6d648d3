package io.tha.active;

import io.tha.Outcome;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Looks for decisions while parts of coordinated transactions are undecided, since others make them too, and tells the application of them. It rests
 * while there is nothing to look for, and where no coordinated transaction is joined it is not even started.
 *
 * <p>Threads: any, beside its own.
 */
final class DecisionWatch implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(DecisionWatch.class.getName());
    /** While decisions come soon, and nobody waits to be told of them, who decides need not pay for waking this thread: it looks after its nap. */
    private static final int NAPS = 20;
    private static final long NAP_NANOS = TimeUnit.MICROSECONDS.toNanos(200);
    /** Nobody wakes it for the lease, or when who has decided has died before that. */
    private static final long SLEEP_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long REST_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final BooleanSupplier look;
    private final Sleep sleep;
    private final DecisionFutures futures;
    private final Queue<Decision> untold = new ConcurrentLinkedQueue<>();
    private final CopyOnWriteArrayList<DecisionListener> listeners = new CopyOnWriteArrayList<>();
    /** Null before it is needed. */
    private volatile Thread thread;

    /** Somebody has called {@link #wake}, and it has not looked since. */
    private volatile boolean woken;
    private volatile boolean resting;
    private volatile boolean stopping;

    private record Decision(long id, Outcome outcome) {}

    /** How it sleeps until somebody has decided something. */
    interface Sleep {
        /** Before a last look. */
        void prepare();

        /** Until something was decided since {@link #prepare}, or the time is over. */
        void sleep(long nanos);

        /** By another thread: whoever sleeps does no longer. */
        void end();
    }

    /**
     * Is not started yet.
     *
     * @param look looks, and says whether there is more to come
     * @param sleep is used while there is
     * @param futures are told before the listeners
     */
    DecisionWatch(BooleanSupplier look, Sleep sleep, DecisionFutures futures) {
        this.look = look;
        this.sleep = sleep;
        this.futures = futures;
    }

    void add(DecisionListener listener) {
        listeners.add(listener);
    }

    /** There may be something to look for. */
    void wake() {
        woken = true;
        Thread running = thread;
        if (running == null) {
            start();
        } else if (resting) {
            LockSupport.unpark(running);
        }
    }

    private synchronized void start() {
        if (thread == null && !stopping) {
            Thread started = new Thread(this::run, "tha-decisions");
            started.setDaemon(true);
            thread = started;
            started.start();
        }
    }

    /** Whoever waits for it will be told. */
    void decided(long id, Outcome outcome) {
        if (isAwaited()) {
            untold.add(new Decision(id, outcome));
        }
    }

    private boolean isAwaited() {
        return !listeners.isEmpty() || futures.areAwaited();
    }

    /** Whether there is something to {@link #wake} it for, that has to be told. */
    boolean hasToTell() {
        return !untold.isEmpty();
    }

    private void run() {
        int rounds = 0;
        while (!stopping) {
            rounds = woken ? 0 : Math.min(rounds + 1, NAPS);
            woken = false;
            boolean more = look.getAsBoolean();
            tell();
            if (!more) {
                rest();
            } else if (rounds < NAPS && !isAwaited()) {
                LockSupport.parkNanos(NAP_NANOS);
            } else {
                sleepUnlessDecided();
            }
        }
    }

    /** Volatile, then the look whether it was woken; who wakes it, the other way round. */
    private void rest() {
        resting = true;
        if (!woken && !stopping) {
            LockSupport.parkNanos(REST_NANOS);
        }
        resting = false;
    }

    private void sleepUnlessDecided() {
        sleep.prepare();
        boolean more = look.getAsBoolean();
        tell();
        if (more && !stopping) {
            sleep.sleep(SLEEP_NANOS);
        }
    }

    private void tell() {
        for (Decision decision = untold.poll(); decision != null; decision = untold.poll()) {
            futures.decided(decision.id, decision.outcome);
            for (DecisionListener listener : listeners) {
                tell(listener, decision);
            }
        }
    }

    /** What the application throws is its own affair: others wait for what this thread does. */
    private static void tell(DecisionListener listener, Decision decision) {
        try {
            listener.decided(decision.id, decision.outcome);
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "a listener for the decision of transaction " + decision.id, e);
        }
    }

    @Override
    public synchronized void close() {
        stopping = true;
        if (thread != null) {
            LockSupport.unpark(thread);
            sleep.end();
            if (thread != Thread.currentThread()) {
                joinUninterruptibly(thread);
            }
        }
    }

    private static void joinUninterruptibly(Thread ending) {
        boolean interrupted = false;
        while (ending.isAlive()) {
            try {
                ending.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
