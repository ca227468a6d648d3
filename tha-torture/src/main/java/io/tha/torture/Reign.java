package io.tha.torture;

import io.tha.torture.Attempt.Phase;
import io.tha.torture.Journal.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** What one process did with one lane while it served an epoch, as far as it told. */
final class Reign {
    private static final int REMEMBERED = 32;

    final int node;
    final long epoch;
    /** The last transaction of those before. */
    final long found;
    /** Intents that it was handed and has not acknowledged. */
    final List<Handed> unacknowledged = new ArrayList<>();
    /** As it was handed them. */
    final List<Handed> handed = new ArrayList<>();
    /** The last ones. */
    final Deque<Attempt> attempts = new ArrayDeque<>();

    long committed;
    /** The last transaction of which commit was called. */
    long committing;
    long transactions;
    boolean reported;

    /** An intent that a process was handed at its takeover. */
    record Handed(long k, long transactionId, long number) {}

    Reign(int node, long epoch, long found) {
        this.node = node;
        this.epoch = epoch;
        this.found = found;
        committed = found;
        committing = found;
    }

    /** Null if it has begun nothing. */
    Attempt last() {
        return attempts.peekLast();
    }

    void add(Kind kind, long k, long id, long number) {
        switch (kind) {
            case HANDED -> handed.add(new Handed(k, id, number));
            case REPORTED -> {
                unacknowledged.addAll(handed);
                reported = true;
            }
            case BEGUN -> begin(new Attempt(k, id, number != 0));
            case INTENDING -> last().intending++;
            case INTENDED -> last().intended++;
            case FLUSHING -> last().flushing = true;
            case FLUSHED -> last().flushed = true;
            case ACKNOWLEDGES -> last().acknowledged.add(number);
            case COMMITTING -> {
                last().phase = Phase.COMMITTING;
                committing = last().onlyAcknowledges ? committing : k;
            }
            case COMMITTED -> commit(k);
            case ABORTING -> last().phase = Phase.ABORTING;
            case ABORTED -> last().phase = Phase.ABORTED;
            case FENCED -> fence();
            default -> throw new IllegalStateException("entry " + kind + " in a reign");
        }
    }

    private void begin(Attempt attempt) {
        attempts.add(attempt);
        if (attempts.size() > REMEMBERED) {
            attempts.remove();
        }
    }

    private void commit(long k) {
        last().phase = Phase.COMMITTED;
        unacknowledged.removeIf(intent -> last().acknowledged.contains(intent.number()));
        transactions++;
        committed = last().onlyAcknowledges ? committed : k;
    }

    private void fence() {
        if (last() != null && last().isOpen()) {
            last().phase = Phase.FENCED;
        }
    }

    @Override
    public String toString() {
        return "epoch " + epoch + " of node " + node + ", found " + found + ", was handed " + handed + ", committed " + committed + ", attempts "
                + attempts;
    }
}
