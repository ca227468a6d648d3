package io.tha.active;

import io.tha.region.ControlFile;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * The thread by which an active, or who is about to become one, shows that it is not hung; and the first to know that it is fenced. Its standbys
 * look at the beats, see {@link io.tha.region.Lease}.
 *
 * <p>Threads: any.
 */
final class Beat implements AutoCloseable {
    private static final long PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final ControlFile control;
    private final int application;
    private final BooleanSupplier active;
    private final LongSupplier progress;
    private final Thread thread;
    /** Guarded by this. */
    private final List<Runnable> fenceListeners = new ArrayList<>();

    /** Of the epoch that is held; 0 before. */
    private volatile long epoch;
    private volatile boolean serving;
    private volatile boolean closed;
    /** How long the service may stand still; 0 for as long as it likes. */
    private volatile long mostStillNanos;
    private long lastProgress;
    private long lastProgressNanos;

    /**
     * Prepares the thread; it does nothing before {@link #hold}.
     *
     * @param active whether this process is not fenced
     * @param progress a number that changes when the service does something
     */
    Beat(ControlFile control, String name, BooleanSupplier active, LongSupplier progress) {
        this.control = control;
        this.active = active;
        this.progress = progress;
        application = control.findApplication(name);
        thread = new Thread(this::run, "tha-beat-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    /** Begins to beat for an epoch that this process has claimed; the first beat is made before this returns. */
    void hold(long claimedEpoch) {
        if (epoch != claimedEpoch) {
            epoch = claimedEpoch;
            control.beat(application, claimedEpoch);
            LockSupport.unpark(thread);
        }
    }

    /** From now on who is not active is fenced. */
    void serve() {
        serving = true;
    }

    void watchProgress(long nanos) {
        mostStillNanos = nanos;
    }

    /** Calls back, from the thread that beats, when this process is fenced, or at once if it is. */
    void onFenced(Runnable listener) {
        synchronized (this) {
            fenceListeners.add(listener);
        }
        LockSupport.unpark(thread);
    }

    private void run() {
        lastProgressNanos = System.nanoTime();
        while (!closed) {
            if (epoch == 0) {
                LockSupport.park(this);
                continue;
            }
            boolean fenced = serving && !active.getAsBoolean();
            if (fenced) {
                callBack();
                LockSupport.park(this);
            } else {
                if (makesProgress()) {
                    control.beat(application, epoch);
                }
                LockSupport.parkNanos(this, PERIOD_NANOS);
            }
        }
    }

    private boolean makesProgress() {
        long now = System.nanoTime();
        long found = progress.getAsLong();
        if (found != lastProgress || mostStillNanos == 0) {
            lastProgress = found;
            lastProgressNanos = now;
        }
        return mostStillNanos == 0 || now - lastProgressNanos < mostStillNanos;
    }

    private void callBack() {
        List<Runnable> listeners;
        synchronized (this) {
            listeners = List.copyOf(fenceListeners);
            fenceListeners.clear();
        }
        for (Runnable listener : listeners) {
            try {
                listener.run();
            } catch (RuntimeException | Error e) {
                System.getLogger(Beat.class.getName()).log(System.Logger.Level.ERROR, "a listener that was told of the fence failed", e);
            }
        }
    }

    /** Ends the thread; what it reads may be unmapped afterwards. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
        boolean interrupted = false;
        while (thread.isAlive() && thread != Thread.currentThread()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
