package io.tha.benchmarks.compared;

import java.util.Locale;

/**
 * A bound for a ratio of this engine's value to another one's.
 *
 * @param name of benchmark and value
 * @param ratio that was measured
 * @param isMost whether the bound is the greatest that is good enough, and not the least
 */
record Goal(String name, double ratio, boolean isMost, double bound) {
    static Goal atMost(String name, double ratio, double bound) {
        return new Goal(name, ratio, true, bound);
    }

    static Goal atLeast(String name, double ratio, double bound) {
        return new Goal(name, ratio, false, bound);
    }

    boolean isMet() {
        return isMost ? ratio <= bound : ratio >= bound;
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "goal %s ratio=%.2f bound%s%.2f %s", name, ratio, isMost ? "<=" : ">=", bound, isMet() ? "ok" : "missed");
    }
}
