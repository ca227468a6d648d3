package io.tha.examples.flights.demo;

import java.util.Random;

/**
 * At which events the active is killed, and which version serves then: a third of the kills before the first change of version, a third between the
 * two, the rest after.
 */
final class UpgradePlan {
    static final int OLDER = 1;
    static final int NEWER = 2;

    private static final int STAGES = 3;
    /** A kill comes so many flights after its event at most: there the service may have waited for the standby, or for a check. */
    private static final int MOST_DELAY = 200;

    private final long[] events;
    private final Random delays;

    private UpgradePlan(long[] events, Random delays) {
        this.events = events;
        this.delays = delays;
    }

    /**
     * Draws the events.
     *
     * @param kills 2, one for each change of version, or more
     * @throws IllegalArgumentException if there are fewer kills, or too few events for them
     */
    static UpgradePlan draw(long seed, int kills, int events) {
        if (kills < STAGES - 1) {
            throw new IllegalArgumentException(kills + " kills, expected 2 or more with --upgrade: each change of version is one");
        }
        return new UpgradePlan(KillPlan.draw(seed, kills, events), new Random(~seed));
    }

    int kills() {
        return events.length;
    }

    /** When a kill is due, counted from 0. */
    long event(int kill) {
        return events[kill];
    }

    /** Up to where the active may go before a kill is due that comes after this one. */
    long lastBefore(int kill, int size) {
        return kill < events.length ? events[kill] - 1 : size;
    }

    /** How many flights after its event a kill comes. */
    int delay() {
        return 1 + delays.nextInt(MOST_DELAY);
    }

    /** The version that serves after so many kills. */
    int version(int kills) {
        int third = (events.length + 1) / STAGES;
        return kills < third || kills >= (STAGES - 1) * third ? OLDER : NEWER;
    }
}
