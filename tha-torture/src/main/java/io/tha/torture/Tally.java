package io.tha.torture;

import java.util.EnumMap;
import java.util.Map;

/** What happened in a run. */
final class Tally {
    long kills;
    long stops;
    long terms;
    long takeovers;
    long switchovers;
    long joins;
    long selfKills;
    long selfStops;
    long gaveUp;
    long outcomesAsked;
    private final Map<Failure, Integer> failures = new EnumMap<>(Failure.class);
    private final long begin = System.nanoTime();

    void add(Failure failure) {
        failures.merge(failure, 1, Integer::sum);
    }

    boolean isGood() {
        return failures.isEmpty();
    }

    /** Kills, stops and ends. */
    long events() {
        return kills + stops + selfStops + terms;
    }

    double seconds() {
        return (System.nanoTime() - begin) / 1e9;
    }

    /** In one line. */
    String text(long transactions) {
        StringBuilder text = new StringBuilder();
        text.append("transactions=").append(transactions).append(" kills=").append(kills).append(" (").append(selfKills).append(" at crash points)")
                .append(" stops=").append(stops + selfStops).append(" terms=").append(terms).append(" takeovers=").append(takeovers)
                .append(" switchovers=").append(switchovers).append(" joins=").append(joins).append(" outcomes=").append(outcomesAsked)
                .append(" gave_up=").append(gaveUp)
                .append(String.format(" seconds=%.1f kills_per_minute=%.0f", seconds(), kills * 60 / seconds()));
        return text.append(Failure.text(failures)).toString();
    }
}
