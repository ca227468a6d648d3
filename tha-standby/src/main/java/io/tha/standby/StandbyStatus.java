package io.tha.standby;

import io.tha.follow.LossStatus;
import io.tha.follow.ScrubStatus;

/**
 * How far a standby is.
 *
 * @param failure why it has given up following for good, null if it has not; it is to be closed and opened again when the reason is mended
 * @param ready whether it has the committed state and could take over
 * @param epoch of the active that it follows; 0 when there is none yet
 * @param position in that epoch's log up to which it has applied
 * @param transactions that it has applied since it joined
 * @param uncomparedBytes of updates, since it joined, that the active had not compared: whole written lines, changed or not
 * @param changedBytes of the uncomparedBytes: what differed from the copy and was written to it
 * @param scrub what the comparison with the active's hashes has found, and repaired
 * @param losses how much of the active's state this side's version could not hold as it is
 * @param join how it has got the state
 */
public record StandbyStatus(
        String failure,
        boolean ready,
        long epoch,
        long position,
        long transactions,
        long uncomparedBytes,
        long changedBytes,
        ScrubStatus scrub,
        LossStatus losses,
        JoinStatus join) {}
