package io.tha.benchmarks;

import io.tha.memory.Memory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/** What it costs to touch some hundred pages again after a rest: what this machine adds to whatever an idle process does first. */
final class ColdPages {
    private static final int PAGES = 300;
    private static final long PAGE = 4_096;
    private static final int LINE = 64;
    /** Pages are met out of order, as code meets them. */
    private static final int STRIDE = 7_919;

    private static final int WARM_ROUNDS = 1_000;
    private static final double MICRO = 1e3;

    private ColdPages() {}

    /** Rests so often for so long. */
    static String report(int rounds, long restMillis) {
        long pages = Memory.allocate(PAGES * PAGE);
        Histogram warm = new Histogram(3);
        Histogram cold = new Histogram(3);
        try {
            Memory.zero(pages, PAGES * PAGE);
            for (int round = 0; round < rounds; round++) {
                for (int i = 0; i < WARM_ROUNDS; i++) {
                    warm.recordValue(touch(pages));
                }
                long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(restMillis);
                while (System.nanoTime() - end < 0) {
                    LockSupport.parkNanos(end - System.nanoTime());
                }
                cold.recordValue(touch(pages));
            }
        } finally {
            Memory.free(pages);
        }
        return String.format("%d pages touched again after a rest of %d ms: %.1f us (p50), %.1f (p90); without a rest %.1f us", PAGES, restMillis,
                cold.getValueAtPercentile(50) / MICRO, cold.getValueAtPercentile(90) / MICRO, warm.getValueAtPercentile(50) / MICRO);
    }

    private static long touch(long pages) {
        long begin = System.nanoTime();
        for (int i = 0; i < PAGES; i++) {
            long at = pages + (long) i * STRIDE % PAGES * PAGE + (long) i * LINE % PAGE;
            Memory.putLong(at, Memory.getLong(at) + 1);
        }
        return System.nanoTime() - begin;
    }
}
