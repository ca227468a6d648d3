package io.tha.examples.booking.demo;

import io.tha.examples.booking.Report;
import io.tha.examples.booking.ServiceKind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What was found in a run.
 *
 * <p>Threads: one at a time.
 */
final class Verdict {
    private static final int SHOWN_PROBLEMS = 10;

    private final int plannedKills;
    private final List<String> problems = new ArrayList<>();
    private final Set<Long> lost = new HashSet<>();
    private int kills;
    private long jointReads;
    private long halfVisible;
    private boolean broken;

    Verdict(int plannedKills) {
        this.plannedKills = plannedKills;
    }

    void killed() {
        kills++;
    }

    /** What the standbys had at one instant while orders were in flight. */
    void jointRead(Books books) {
        jointReads++;
        check("joint read " + jointReads, books);
    }

    private void check(String who, Books books) {
        long half = books.halfVisible();
        halfVisible += half;
        if (half > 0) {
            tell(who + ": " + half + " bookings are in some services only");
        }
        books.broken().forEach(text -> breaks(who + ": " + text));
    }

    /** Orders of which one service said that they are committed, and another one that they are aborted. */
    void contradicted(long orders) {
        halfVisible += orders;
        if (orders > 0) {
            tell(orders + " orders are committed, and aborted, as different services say");
        }
    }

    /** What is there at the end, beside what customers were told. */
    void end(String who, Books expected, Books found) {
        check(who, found);
        for (ServiceKind kind : ServiceKind.values()) {
            Report wanted = expected.of(kind);
            Report there = found.of(kind);
            String where = who + ", " + kind.applicationName() + ": ";
            for (Report.Line line : without(wanted.lines(), there.lines())) {
                lost.add(line.booking());
                tell(where + line + " is missing, and was told to be committed");
            }
            without(there.lines(), wanted.lines()).forEach(line -> breaks(where + line + " is there, and nobody was told so"));
            if (wanted.money() != there.money()) {
                breaks(where + "money " + there.money() + ", expected " + wanted.money());
            }
        }
    }

    /** One line is taken away for each of the others. */
    private static List<Report.Line> without(List<Report.Line> lines, List<Report.Line> others) {
        List<Report.Line> rest = new ArrayList<>();
        int next = 0;
        for (Report.Line line : lines) {
            while (next < others.size() && others.get(next).compareTo(line) < 0) {
                next++;
            }
            if (next < others.size() && others.get(next).equals(line)) {
                next++;
            } else {
                rest.add(line);
            }
        }
        return rest;
    }

    private void breaks(String problem) {
        broken = true;
        tell(problem);
    }

    private void tell(String problem) {
        if (problems.size() < SHOWN_PROBLEMS) {
            problems.add(problem);
        }
    }

    /** The first of what is wrong, if anything is. */
    List<String> problems() {
        return List.copyOf(problems);
    }

    /** Whether nothing is wrong, and everything was done that would have shown it. */
    boolean isGood() {
        return halfVisible == 0 && lost.isEmpty() && holds() && kills == plannedKills;
    }

    private boolean holds() {
        return !broken && jointReads > 0;
    }

    /** The last line of the demonstration. */
    String line(long bookings) {
        return "bookings=" + bookings + " kills=" + kills + " half_visible=" + halfVisible + " lost=" + lost.size() + " invariants="
                + (holds() ? "hold" : "broken");
    }
}
