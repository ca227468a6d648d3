package io.tha.torture.coordinated;

import io.tha.torture.Failure;
import java.util.EnumMap;
import java.util.Map;

/**
 * What happened in a run.
 *
 * <p>Threads: one.
 */
final class CoordinatedTally {
    long kills;
    long selfKills;
    long stops;
    long fenced;
    long takeovers;
    long joins;
    long pauses;
    private final Map<Failure, Integer> failures = new EnumMap<>(Failure.class);
    private final long begin = System.nanoTime();

    void add(Failure failure) {
        failures.merge(failure, 1, Integer::sum);
    }

    boolean isGood() {
        return failures.isEmpty();
    }

    double seconds() {
        return (System.nanoTime() - begin) / 1e9;
    }

    /** In one line. */
    String text(Verdicts verdicts, JointReads reads) {
        return "transactions=" + verdicts.transactions() + " joint_reads=" + reads.reads() + " (" + reads.freshReads() + " at a first moment, "
                + reads.repeated() + " repeated) kills=" + kills + " (" + selfKills + " at crash points) stops=" + stops + " fenced=" + fenced
                + " takeovers=" + takeovers + " joins=" + joins + " pauses=" + pauses
                + String.format(" seconds=%.1f kills_per_minute=%.0f", seconds(), kills * 60 / seconds()) + Failure.text(failures);
    }
}
