package io.tha.examples.booking.demo;

import io.tha.examples.booking.ServiceKind;
import java.util.Locale;

/**
 * One kill, and what followed.
 *
 * @param kind of which service
 * @param isActive whether the active was killed, or the standby
 * @param orders what became of those that were in flight
 * @param nanos until the successor served, or a new standby was ready
 */
record Kill(ServiceKind kind, boolean isActive, Orders.Tally orders, long nanos) {
    private static final double NANOS_PER_MILLI = 1e6;

    String line() {
        return String.format(
                Locale.ROOT,
                "%s of %s, %d orders in flight: %d committed, %d aborted; %s after %.1f ms",
                isActive ? "active" : "standby",
                kind.applicationName(),
                orders.committed() + orders.aborted(),
                orders.committed(),
                orders.aborted(),
                isActive ? "its standby served" : "a new one was ready",
                nanos / NANOS_PER_MILLI);
    }
}
