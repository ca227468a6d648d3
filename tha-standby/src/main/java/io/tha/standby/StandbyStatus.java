package io.tha.standby;

/**
 * How far a standby is.
 *
 * @param ready whether it has the committed state and could take over
 * @param epoch of the active that it follows; 0 when there is none yet
 * @param position in that epoch's log up to which it has applied
 * @param transactions that it has applied since it joined
 */
public record StandbyStatus(boolean ready, long epoch, long position, long transactions) {}
