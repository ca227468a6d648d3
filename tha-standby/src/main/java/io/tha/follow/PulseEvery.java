package io.tha.follow;

/**
 * Calls again and again while something long is done: every few tenths of a millisecond, by what is counted.
 *
 * <p>Threads: one.
 */
final class PulseEvery {
    private static final int SLOTS = 4_096;

    private final int every;
    private final Runnable pulse;
    private int slots;

    PulseEvery(Runnable pulse) {
        this(SLOTS, pulse);
    }

    /** Called for so many slots. */
    PulseEvery(int every, Runnable pulse) {
        this.every = every;
        this.pulse = pulse;
    }

    /** So many slots were looked at. */
    void count(int more) {
        slots += more;
        if (slots >= every) {
            slots = 0;
            pulse.run();
        }
    }
}
