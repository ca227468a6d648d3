package io.tha.torture;

import io.tha.Outcome;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** One transaction as its process told of it. */
final class Attempt {
    /** How far it came, as its process knew. */
    enum Phase {
        OPEN,
        COMMITTING,
        COMMITTED,
        ABORTING,
        ABORTED,
        FENCED
    }

    final long k;
    final long id;
    /** Changes nothing: it acknowledges an intent, no more. */
    final boolean onlyAcknowledges;
    /** Numbers of the intents that it acknowledges. */
    final List<Long> acknowledged = new ArrayList<>();

    int intending;
    int intended;
    boolean flushing;
    boolean flushed;
    Phase phase = Phase.OPEN;

    Attempt(long k, long id, boolean onlyAcknowledges) {
        this.k = k;
        this.id = id;
        this.onlyAcknowledges = onlyAcknowledges;
    }

    /** Whether it may be undecided in the log. */
    boolean isOpen() {
        return phase != Phase.COMMITTED && phase != Phase.ABORTED;
    }

    /** Whether nobody but its dead process could tell if it was committed. */
    boolean isDoubtful() {
        return phase == Phase.COMMITTING;
    }

    /**
     * What must be said of it once its reign is over.
     *
     * @param committed where it is doubtful, what the state says
     */
    Set<Outcome> outcomes(boolean committed) {
        if (phase == Phase.COMMITTED || phase == Phase.COMMITTING && committed) {
            return EnumSet.of(Outcome.COMMITTED);
        }
        if (flushed || intended > 0) {
            return EnumSet.of(Outcome.ABORTED);
        }
        boolean perhaps = flushing || intending > 0;
        return perhaps
                ? EnumSet.of(Outcome.ABORTED, Outcome.UNKNOWN_NEVER_PUBLISHED)
                : EnumSet.of(Outcome.UNKNOWN_NEVER_PUBLISHED);
    }

    @Override
    public String toString() {
        return "transaction " + id + " for " + k + (onlyAcknowledges ? ", which only acknowledges," : "") + " " + phase
                + " intents " + intended + " of " + intending
                + (flushed ? ", flushed" : flushing ? ", flushing" : "")
                + (acknowledged.isEmpty() ? "" : ", acknowledges " + acknowledged);
    }
}
