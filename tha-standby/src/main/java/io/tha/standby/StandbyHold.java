package io.tha.standby;

import io.tha.ThaException;
import io.tha.coordination.DomainCut;
import io.tha.pool.ThaPool;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/**
 * A standby that stays where it is until this is closed, so that several can be read at one instant; {@link ThaStandby#hold}. It ends by itself when
 * its time is over, when the standby takes over, and when its copy is made anew; what is called then throws {@link IllegalStateException}.
 *
 * <p>Threads: one at a time.
 */
public final class StandbyHold implements HeldStandby, AutoCloseable {
    private static final long LOOK_NANOS = TimeUnit.MICROSECONDS.toNanos(20);

    private final StandbyTask task;
    private final HoldGate.Hold hold;

    StandbyHold(StandbyTask task, HoldGate.Hold hold) {
        this.task = task;
        this.hold = hold;
    }

    @Override
    public DomainCut cut() {
        return task.readHeld(hold, StandbyCopy::cut);
    }

    @Override
    public void advanceTo(long chainEnd, Duration timeout) {
        long end = System.nanoTime() + timeout.toNanos();
        hold.letGoOnTo(chainEnd);
        while (chainEnd() < chainEnd) {
            if (System.nanoTime() - end >= 0) {
                throw new ThaException("standby of '" + task.name() + "' is at entry " + chainEnd() + " of its application's chain after " + timeout
                        + ", and another standby needs " + chainEnd + " of it; its active has not committed its part yet: try again");
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    private long chainEnd() {
        return task.readHeld(hold, StandbyCopy::chainEnd);
    }

    /**
     * Reads the state at {@link #cut}.
     *
     * @param query must not keep the pool
     */
    public <T> T read(Function<ThaPool, T> query) {
        return task.readHeld(hold, copy -> query.apply(copy.pool()));
    }

    /** The standby goes on. */
    @Override
    public void close() {
        task.release(hold);
    }
}
