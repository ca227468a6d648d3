package io.tha.torture;

import java.util.Locale;
import java.util.Map;

/** What a run can find to be wrong. */
public enum Failure {
    /** A committed transaction is missing. */
    LOST,
    /** The state has a transaction that nobody has committed. */
    DUPLICATED,
    /** A state that is not that after some transaction. */
    TORN,
    /** Frames, or a file, that are damaged. */
    DAMAGED,
    /** Intents were not handed over as they must be. */
    INTENTS,
    /** An outcome is not true. */
    OUTCOME,
    /** A fenced active was told what is not true. */
    LIED,
    /** Two processes served one epoch. */
    TWO_ACTIVES,
    /** A sealed log is not sealed, or was changed. */
    UNSEALED,
    /** A coordinated transaction that some of its participants have, and others do not. */
    HALF_THERE,
    /** Nobody serves, or what must come to pass does not. */
    STALLED,
    /** A node failed. */
    FAILED;

    /** Of a problem that a node tells, which begins with the name. */
    public static Failure of(String problem) {
        for (Failure failure : values()) {
            if (problem.contains(failure.label() + ":")) {
                return failure;
            }
        }
        return FAILED;
    }

    /** How many there are of each, for the end of a line. */
    public static String text(Map<Failure, Integer> counts) {
        StringBuilder text = new StringBuilder();
        for (Failure failure : values()) {
            text.append(' ').append(failure.label()).append('=').append(counts.getOrDefault(failure, 0));
        }
        return text.toString();
    }

    /** As it is printed. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
