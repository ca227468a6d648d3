package io.tha.testkit;

/**
 * How often a test does what is drawn at random: its own number of times, or the percentage of it that {@code -Dtha.percent} says; more than 100 for
 * a long search.
 */
public final class Extent {
    static final int WHOLE = 100;
    static final int PERCENT = Integer.getInteger("tha.percent", WHOLE);

    private Extent() {}

    /** At least 1. */
    public static int of(int repetitions) {
        return (int) Math.max(1, (long) repetitions * PERCENT / WHOLE);
    }

    /** Whether tests are to be made in full: otherwise those are left out of which a part says nothing. */
    public static boolean isWhole() {
        return PERCENT >= WHOLE;
    }
}
