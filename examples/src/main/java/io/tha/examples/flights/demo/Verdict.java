package io.tha.examples.flights.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What came out of a run: nothing is taken on trust but the reference. */
final class Verdict {
    private static final int SHOWN_DIFFERENCES = 10;

    private final int events;
    private final List<Kill> kills;
    private final int plannedKills;
    private final List<String> differences = new ArrayList<>();
    private final long lost;
    private final long duplicated;

    Verdict(int events, int plannedKills, List<Kill> kills, List<Check> checks) {
        this.events = events;
        this.kills = kills;
        this.plannedKills = plannedKills;
        checks.forEach(check -> differences.addAll(check.differences()));
        lost = kills.stream().mapToLong(Kill::lost).sum() + checks.stream().mapToLong(Check::lost).max().orElse(0);
        duplicated = checks.stream().mapToLong(Check::duplicated).max().orElse(0);
    }

    boolean isGood() {
        return lost == 0 && duplicated == 0 && differences.isEmpty() && kills.size() == plannedKills;
    }

    /** The first of what is wrong, if anything is. */
    List<String> differences() {
        return differences.subList(0, Math.min(SHOWN_DIFFERENCES, differences.size()));
    }

    String killTable() {
        StringBuilder table = new StringBuilder(String.format(
                Locale.ROOT,
                "%-5s %12s %12s %12s %12s %13s %16s%n",
                "kill",
                "due at",
                "committed",
                "found",
                "handed back",
                "takeover ms",
                "first commit ms"));
        for (int i = 0; i < kills.size(); i++) {
            Kill kill = kills.get(i);
            table.append(String.format(
                    Locale.ROOT,
                    "%-5d %,12d %,12d %,12d %,12d %13.3f %16.3f%n",
                    i + 1,
                    kill.event(),
                    kill.committed(),
                    kill.found(),
                    kill.handedBack(),
                    kill.takeoverMillis(),
                    kill.firstCommitMillis()));
        }
        long handedBack = kills.stream().mapToLong(Kill::handedBack).sum();
        return table.append(String.format(Locale.ROOT, "intents handed back, of flights in flight: %d%n", handedBack)).toString();
    }

    /** The last line of the demonstration. */
    String line() {
        return String.format(
                Locale.ROOT,
                "events=%d kills=%d lost=%d duplicated=%d state=%s takeover_ms_max=%.3f first_commit_ms_max=%.3f",
                events,
                kills.size(),
                lost,
                duplicated,
                state(),
                kills.stream().mapToDouble(Kill::takeoverMillis).max().orElse(0),
                kills.stream().mapToDouble(Kill::firstCommitMillis).max().orElse(0));
    }

    /** The last line of an upgrade and the way back. */
    String upgradeLine() {
        return String.format(
                Locale.ROOT,
                "upgrade: v1 -> v2 -> v1 kills=%d flights=%d lost=%d duplicated=%d state=%s",
                kills.size(),
                events,
                lost,
                duplicated,
                state());
    }

    private String state() {
        return differences.isEmpty() ? "identical" : "different";
    }
}
