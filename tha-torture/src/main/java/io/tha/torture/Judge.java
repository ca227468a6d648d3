package io.tha.torture;

import io.tha.Outcome;
import io.tha.torture.Journal.Kind;
import io.tha.torture.Reign.Handed;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Compares, for one lane, what each active told the world with what its successor found: nothing that was committed is missing, nothing is there
 * that was not, intents were handed over exactly, and nobody committed when another one served already.
 *
 * <p>Threads: one.
 */
final class Judge {
    /** Reigns that are kept, for what a stopped process may still tell when it resumes. */
    private static final int KEPT_REIGNS = 64;

    private final int lane;
    private final TreeMap<Long, Reign> reigns = new TreeMap<>();
    private final List<Reign> unjudged = new ArrayList<>();
    private final List<Known> known = new ArrayList<>();
    private long judgedEpoch;
    private long transactions;

    Judge(int lane) {
        this.lane = lane;
    }

    /** What must be said of a transaction from an epoch on. */
    record Known(long id, Set<Outcome> outcomes, long epoch, String what) {}

    /** Something was read. */
    void changed(Reign reign, Kind kind) {
        if (kind == Kind.REIGN) {
            Reign other = reigns.put(reign.epoch, reign);
            require(other == null, Failure.TWO_ACTIVES, () -> "epoch " + reign.epoch + " is served by two: " + other + "; " + reign);
        } else if (kind == Kind.REPORTED) {
            unjudged.add(reign);
        } else if (kind == Kind.COMMITTED || kind == Kind.FENCED) {
            transactions += kind == Kind.COMMITTED ? 1 : 0;
            Map.Entry<Long, Reign> next = reigns.higherEntry(reign.epoch);
            if (next != null) {
                requireKept(reign, next.getValue());
            }
        }
    }

    /** Those that have reported, and whose predecessors' journals have been read since. */
    List<Reign> takeUnjudged() {
        List<Reign> taken = new ArrayList<>(unjudged);
        unjudged.clear();
        return taken;
    }

    /** Judges what a new active found; returns what must be said of the last transactions now. */
    List<Known> judge(Reign reign) {
        Reign before = before(reign);
        Map.Entry<Long, Reign> after = reigns.higherEntry(reign.epoch);
        if (after != null) {
            requireKept(reign, after.getValue());
            requireDone(reign, after.getValue());
        }
        if (before == null) {
            return List.of();
        }
        requireKept(before, reign);
        requireDone(before, reign);
        if (reign.epoch < judgedEpoch) {
            // It was stopped before it told what it found, and others have served since.
            return List.of();
        }
        judgedEpoch = reign.epoch;
        boolean committed = isLastCommitted(before, reign);
        requireIntents(before, reign, committed);
        List<Known> added = new ArrayList<>();
        for (Attempt attempt : before.attempts) {
            added.add(new Known(attempt.id, attempt.outcomes(committed), reign.epoch, "lane " + lane + ", " + attempt + ", then " + reign.found));
        }
        known.addAll(added);
        while (reigns.size() > KEPT_REIGNS) {
            reigns.pollFirstEntry();
        }
        return added;
    }

    /** The reign before, of those that told what they found: others have done nothing. */
    private Reign before(Reign reign) {
        Map.Entry<Long, Reign> before = reigns.lowerEntry(reign.epoch);
        while (before != null && !before.getValue().reported) {
            before = reigns.lowerEntry(before.getKey());
        }
        return before == null ? null : before.getValue();
    }

    /** What must be said of transactions of earlier reigns. */
    List<Known> known() {
        return known;
    }

    long transactions() {
        return transactions;
    }

    /** Holds however much of what the one before has done was read. */
    private void requireKept(Reign before, Reign after) {
        require(after.found >= before.committed, Failure.LOST,
                () -> "transaction " + before.committed + " was committed, the successor has " + after.found + ": " + before + "; then " + after);
        Attempt last = before.last();
        boolean fenced = last != null && last.phase == Attempt.Phase.FENCED && !last.onlyAcknowledges;
        require(!fenced || after.found < last.k, Failure.LIED,
                () -> "the active was told that it is fenced, and its transaction counts: " + before + "; then " + after);
    }

    /** Holds when all that the one before has done was read. */
    private void requireDone(Reign before, Reign after) {
        require(after.found <= Math.max(before.committing, before.found), Failure.DUPLICATED,
                () -> "the successor has transaction " + after.found + ", which was not done: " + before + "; then " + after);
    }

    /** Whether the transaction of which nobody was told became committed. */
    private static boolean isLastCommitted(Reign before, Reign reign) {
        Attempt last = before.last();
        if (last == null || !last.isDoubtful()) {
            return false;
        }
        return last.onlyAcknowledges
                ? reign.handed.stream().noneMatch(intent -> last.acknowledged.contains(intent.number()))
                : last.k <= reign.found;
    }

    private void requireIntents(Reign before, Reign reign, boolean lastCommitted) {
        Attempt last = before.last();
        List<Handed> expected = new ArrayList<>(before.unacknowledged);
        if (lastCommitted) {
            expected.removeIf(intent -> last.acknowledged.contains(intent.number()));
        }
        List<Handed> inherited = reign.handed.stream().filter(expected::contains).toList();
        long own = (long) reign.handed.size() - inherited.size();
        boolean ownAreOfLast = reign.handed.stream()
                .filter(intent -> !expected.contains(intent))
                .allMatch(intent -> last != null && intent.transactionId() == last.id && intent.k() == last.k);
        require(inherited.equals(expected) && ownAreOfLast && isPossible(last, own, lastCommitted), Failure.INTENTS,
                () -> "the successor was handed " + reign.handed + ", expected " + expected + " and those of the last transaction: " + before
                        + "; then " + reign);
    }

    private static boolean isPossible(Attempt last, long own, boolean lastCommitted) {
        if (last == null || !last.isOpen() || lastCommitted) {
            return own == 0;
        }
        boolean aborted = last.phase == Attempt.Phase.ABORTING && own == 0;
        return aborted || own >= last.intended && own <= last.intending;
    }

    private void require(boolean holds, Failure failure, Supplier<String> what) {
        if (!holds) {
            throw new TortureException(failure, "lane " + lane + ": " + what.get());
        }
    }
}
