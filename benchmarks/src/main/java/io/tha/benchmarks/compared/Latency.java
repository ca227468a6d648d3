package io.tha.benchmarks.compared;

import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Times from when transactions were due; so who is late with one, or is held up, counts as slow for all that were due meanwhile (Tene's coordinated
 * omission).
 */
final class Latency {
    private static final int DIGITS = 3;
    private static final long MOST_NANOS = TimeUnit.MINUTES.toNanos(10);

    private final Histogram nanos = new Histogram(MOST_NANOS, DIGITS);

    /** One that was due then is there now. */
    void since(long dueNanos) {
        nanos.recordValue(Math.min(MOST_NANOS, Math.max(0, System.nanoTime() - dueNanos)));
    }

    /** The line that a process answers with. */
    @Override
    public String toString() {
        return "LATENCY " + nanos.getValueAtPercentile(50) + " " + nanos.getValueAtPercentile(99) + " " + nanos.getValueAtPercentile(99.9);
    }
}
