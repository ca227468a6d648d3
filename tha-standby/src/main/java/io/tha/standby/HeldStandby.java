package io.tha.standby;

import io.tha.coordination.DomainCut;
import java.time.Duration;

/**
 * A standby that stays where it is: {@link StandbyHold} in its own process. For those in other processes implement it by whatever
 * the processes talk to each other.
 */
public interface HeldStandby {
    /** Where it is. */
    DomainCut cut();

    /**
     * Lets it go on, transaction by transaction, and exactly so far.
     *
     * @param chainEnd of its own application
     * @param timeout how long to wait for that
     * @throws io.tha.ThaException if the time was too short
     * @throws IllegalStateException if it is not held any more, with the reason
     */
    void advanceTo(long chainEnd, Duration timeout);
}
