package io.tha.coordination;

/**
 * Lets an application's active sleep until somebody, in any process, has decided something; docs/coordination.md 5.3.
 *
 * <p>Threads: one sleeps, any {@link #end}.
 */
public final class ActiveSleep {
    private final Sleepers actives;
    private final int application;

    /** Of one application. */
    public ActiveSleep(Decisions decisions, int application) {
        actives = Sleepers.ofActives(decisions.table());
        this.application = application;
    }

    /** Before a last look whether there is something to act upon. */
    public void prepare() {
        actives.prepare(application);
    }

    /** Sleeps until something was decided since {@link #prepare}, or {@link #end} was called, or the time is over. */
    public void sleep(long nanos) {
        actives.sleep(application, nanos);
    }

    /** Who sleeps does no longer. */
    public void end() {
        actives.wake(application);
    }
}
