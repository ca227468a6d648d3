package io.tha.standby;

import io.tha.follow.CopyRates;

/**
 * How a standby has got the state of the actives that it follows.
 *
 * @param copies how often it has copied the whole state since it was opened
 * @param takeoversFollowed how often another standby took over, and this one went on with the copy that it had
 * @param nanos from the beginning of the last copy, its file included, or of the search for what it had, until it was the committed state
 * @param rates of the same
 * @param trouble why it had to begin anew, the last time; null if it never had to
 */
public record JoinStatus(long copies, long takeoversFollowed, long nanos, CopyRates rates, String trouble) {}
