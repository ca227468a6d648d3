package io.tha.active;

/**
 * What became of a switchover.
 *
 * @param end how it ended
 * @param epoch that is served now, as far as is known: the new one, or this application's
 * @param pauseNanos from when transactions could not be begun until it ended
 * @param reason for people: who serves, or why nobody else does
 */
public record SwitchoverResult(End end, long epoch, long pauseNanos, String reason) {
    /** How a switchover ends. */
    public enum End {
        /** Another process serves; this application is fenced, its pool a copy that gets old. */
        HANDED_OVER,
        /** No standby took the offer, and it was withdrawn: this application goes on as if nothing had happened. */
        GIVEN_UP,
        /**
         * A standby took the offer and has not confirmed in time. Nothing committed is lost. Where the log was sealed already this application is
         * fenced, and the takeover is finished by that standby or another; else it goes on until the log is sealed.
         */
        UNCONFIRMED
    }

    public boolean isHandedOver() {
        return end == End.HANDED_OVER;
    }
}
