package io.tha.standby;

import io.tha.follow.CopyRates;

/**
 * Counts how a standby gets its state.
 *
 * <p>Threads: the follower's; {@link #status} by any, under the standby's lock.
 */
final class Joins {
    private long copies;
    private long takeoversFollowed;
    private String trouble;

    void copied() {
        copies++;
    }

    void followedOn() {
        takeoversFollowed++;
    }

    /** It has to begin anew. */
    void failed(Throwable why) {
        trouble = String.valueOf(why.getMessage());
    }

    /** With the copy that there is, or null. */
    JoinStatus status(StandbyCopy copy) {
        return new JoinStatus(
                copies, takeoversFollowed, copy == null ? 0 : copy.joinNanos(), copy == null ? CopyRates.NONE : copy.rates(), trouble);
    }
}
