package io.tha.coordination;

import io.tha.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** What docs/coordination.md 1 promises, written down as it is said there: of at most 64 transactions, each a bit. */
final class ReferenceDecisions {
    final List<Declared> transactions = new ArrayList<>();
    private final long[] joined = new long[64];
    private final long[] done = new long[64];
    /** What each depends on directly. */
    private final long[] dependsOn = new long[64];
    /** Of each application, those that it is done with, in order, without those that it has rolled back. */
    private final List<List<Integer>> chains = new ArrayList<>();

    private long aborted;

    /** With the applications that take part, in the declared order. */
    record Declared(Trigger trigger, int argument, List<Integer> participants) {
        static Declared of(Trigger trigger, int argument, int... participants) {
            return new Declared(trigger, argument, IntStream.of(participants).boxed().toList());
        }

        boolean begin(Decisions decisions, long id) {
            return decisions.begin(id, trigger, argument, participants.stream().mapToInt(Integer::intValue).toArray());
        }
    }

    ReferenceDecisions(int applications) {
        for (int a = 0; a < applications; a++) {
            chains.add(new ArrayList<>());
        }
    }

    void begin(Declared transaction) {
        transactions.add(transaction);
    }

    boolean mayJoin(int t, int application) {
        Declared declared = transactions.get(t);
        boolean isFull = declared.trigger == Trigger.COUNT && Long.bitCount(joined[t]) == declared.argument;
        return declared.participants.indexOf(application) >= 0 && !isIn(joined[t], application) && !isComplete(t) && !isFull && !isIn(aborted(), t);
    }

    void join(int t, int application) {
        joined[t] |= 1L << application;
    }

    boolean hasJoined(int t, int application) {
        return isIn(joined[t], application);
    }

    boolean mayBeDone(int t, int application) {
        Declared declared = transactions.get(t);
        if (!isIn(joined[t], application) || isIn(done[t], application) || isIn(aborted(), t)) {
            return false;
        }
        return switch (declared.trigger) {
            case NOTIFIER -> declared.participants.get(declared.argument) != application || (joined[t] & ~done[t]) == 1L << application;
            case LAST_IN_ORDER -> {
                boolean all = true;
                for (int k = 0; k < declared.participants.indexOf(application); k++) {
                    all &= isIn(done[t], declared.participants.get(k));
                }
                yield all;
            }
            default -> true;
        };
    }

    void done(int t, int application) {
        done[t] |= 1L << application;
        chains.get(application).forEach(earlier -> dependsOn[t] |= 1L << earlier);
        chains.get(application).add(t);
    }

    /** Without regard to the chain: what it was written over is known. */
    void doneOver(int t, int application, long earlier) {
        done[t] |= 1L << application;
        dependsOn[t] |= earlier;
    }

    boolean mayBeAborted(int t) {
        return !isComplete(t) && !isIn(aborted(), t);
    }

    void abort(int t) {
        aborted |= 1L << t;
    }

    boolean mustRollBack(int application) {
        long lost = aborted();
        return chains.get(application).stream().anyMatch(t -> isIn(lost, t));
    }

    void rollBack(int application) {
        long lost = aborted();
        List<Integer> chain = chains.get(application);
        int first = 0;
        while (first < chain.size() && !isIn(lost, chain.get(first))) {
            first++;
        }
        chain.subList(first, chain.size()).clear();
    }

    boolean isComplete(int t) {
        Declared declared = transactions.get(t);
        List<Integer> participants = declared.participants;
        return switch (declared.trigger) {
            case NOTIFIER -> isIn(done[t], participants.get(declared.argument));
            case LAST_IN_ORDER -> isIn(done[t], participants.get(participants.size() - 1));
            case COUNT -> Long.bitCount(done[t]) == declared.argument;
            case EACH -> Long.bitCount(done[t]) == participants.size();
        };
    }

    /** The least set that has what was aborted, and what depends on one of it. */
    private long aborted() {
        long all = aborted;
        long before;
        do {
            before = all;
            for (int t = 0; t < transactions.size(); t++) {
                all |= (dependsOn[t] & all) != 0 ? 1L << t : 0;
            }
        } while (all != before);
        return all;
    }

    /** The greatest set of complete ones that has, with each, all that it depends on. */
    private long committed() {
        long all = 0;
        for (int t = 0; t < transactions.size(); t++) {
            all |= isComplete(t) ? 1L << t : 0;
        }
        all &= ~aborted();
        long before;
        do {
            before = all;
            for (int t = 0; t < transactions.size(); t++) {
                all &= (dependsOn[t] & ~before & ~(1L << t)) == 0 ? -1L : ~(1L << t);
            }
        } while (all != before);
        return all;
    }

    Outcome[] outcomes() {
        long committed = committed();
        long lost = aborted();
        Outcome[] outcomes = new Outcome[transactions.size()];
        for (int t = 0; t < outcomes.length; t++) {
            outcomes[t] = isIn(committed, t) ? Outcome.COMMITTED : isIn(lost, t) ? Outcome.ABORTED : Outcome.UNDECIDED;
        }
        return outcomes;
    }

    /** Two with equal states have equal futures. */
    String state() {
        StringBuilder state = new StringBuilder().append(aborted());
        chains.forEach(chain -> state.append(chain));
        for (int t = 0; t < transactions.size(); t++) {
            state.append('|').append(joined[t]).append(',').append(done[t]).append(',').append(dependsOn[t]);
        }
        return state.toString();
    }

    private static boolean isIn(long bits, int index) {
        return (bits >>> index & 1) != 0;
    }
}
