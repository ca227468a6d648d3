package io.tha.examples.flights.demo;

import java.util.Random;

/** At which events the active is killed: random, different, in order. */
final class KillPlan {
    private KillPlan() {}

    /**
     * Draws the events.
     *
     * @param kills at most events - 1
     */
    static long[] draw(long seed, int kills, int events) {
        if (kills < 0 || kills > Math.max(0, events - 1)) {
            throw new IllegalArgumentException(kills + " kills, expected 0 to " + Math.max(0, events - 1) + " for " + events + " events");
        }
        return new Random(seed).longs(1, Math.max(2, events)).distinct().limit(kills).sorted().toArray();
    }
}
