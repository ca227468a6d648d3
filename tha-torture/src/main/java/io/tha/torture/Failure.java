package io.tha.torture;

import java.util.Locale;

/** What a run can find to be wrong. */
enum Failure {
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
    /** Nobody serves, or what must come to pass does not. */
    STALLED,
    /** A node failed. */
    FAILED;

    /** Of a problem that a node tells, which begins with the name. */
    static Failure of(String problem) {
        for (Failure failure : values()) {
            if (problem.contains(failure.label() + ":")) {
                return failure;
            }
        }
        return FAILED;
    }

    /** As it is printed. */
    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
