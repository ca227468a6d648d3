package io.tha.follow;

import java.util.Locale;

/**
 * How fast a standby has made its copy, and how fast the active wrote to its log meanwhile. A standby catches up when it copies, and redoes what was
 * written meanwhile, before that is more than it may keep.
 *
 * @param copiedBytes of the active's state, slot headers included; 0 where the standby went on with a copy that it had
 * @param copyNanos for copying them, or for finding what it had
 * @param redoneBytes of the log, written while the copy was made
 * @param redoNanos for redoing them
 * @param loggedBytes that the active has written to its log in copyNanos and redoNanos
 */
public record CopyRates(long copiedBytes, long copyNanos, long redoneBytes, long redoNanos, long loggedBytes) {
    private static final double NANOS_PER_MICRO = 1e3;

    /** Nothing measured. */
    public static final CopyRates NONE = new CopyRates(0, 0, 0, 0, 0);

    /** MB/s at which the state was copied. */
    public double copiedPerMicro() {
        return perMicro(copiedBytes, copyNanos);
    }

    /** MB/s at which the log was redone. */
    public double redonePerMicro() {
        return perMicro(redoneBytes, redoNanos);
    }

    /** MB/s at which the active wrote to its log. */
    public double loggedPerMicro() {
        return perMicro(loggedBytes, copyNanos + redoNanos);
    }

    private static double perMicro(long bytes, long nanos) {
        return nanos == 0 ? 0 : bytes / (nanos / NANOS_PER_MICRO);
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "the active wrote %.1f MB/s to its log; this standby copied %,d bytes of state at %.1f MB/s, and redid %,d bytes of log at %.1f MB/s",
                loggedPerMicro(),
                copiedBytes,
                copiedPerMicro(),
                redoneBytes,
                redonePerMicro());
    }
}
