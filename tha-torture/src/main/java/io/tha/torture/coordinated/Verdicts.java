package io.tha.torture.coordinated;

import io.tha.torture.Failure;
import io.tha.torture.TortureException;
import java.util.ArrayList;
import java.util.List;
import org.agrona.collections.LongHashSet;

/**
 * What must be true of what the processes show and were told.
 *
 * <p>Threads: any.
 */
final class Verdicts {
    /** Rows of each that are compared: what is older is there everywhere, or one misses very many. */
    private static final int NEWEST = 1_024;

    private final List<History> histories = new ArrayList<>();
    private final List<CutHistory> cuts = new ArrayList<>();
    private final LongHashSet toldAborted = new LongHashSet();
    private final int[] compared;
    private long transactions;

    Verdicts(int applications) {
        for (int i = 0; i < applications; i++) {
            histories.add(new History(i));
            cuts.add(new CutHistory(applications));
        }
        compared = new int[applications];
    }

    /** How many rows of an application were seen. */
    synchronized int seen(int application) {
        return histories.get(application).size();
    }

    /** How many rows of all applications were seen. */
    synchronized long seen() {
        return histories.stream().mapToLong(History::size).sum();
    }

    /** How many transactions were seen in all their participants, by {@link #rest}. */
    synchronized long transactions() {
        return transactions;
    }

    /** One process, by itself. */
    synchronized void show(Shown shown) {
        History history = histories.get(shown.application());
        int before = history.size();
        history.shows(shown);
        for (int number = before; number < history.size(); number++) {
            requireNotAborted(history.row(number).id());
        }
    }

    /** Where a standby is, by what it knows of itself and needs of others. */
    synchronized void cut(String who, int application, CutHistory.At at) {
        cuts.get(application).shows(who, at);
    }

    private void requireNotAborted(long id) {
        if (toldAborted.contains(id)) {
            throw new TortureException(Failure.LIED, "transaction " + id + " was told to be aborted, and is there");
        }
    }

    /** Processes of several applications at one instant: what one has of a transaction, the others have that took part. */
    synchronized void showTogether(List<Shown> together) {
        together.forEach(this::show);
        for (Shown one : together) {
            History history = histories.get(one.application());
            for (long number = Math.max(0, one.count() - NEWEST); number < one.count(); number++) {
                requireTogether(history.row((int) number), one, together);
            }
        }
        requireZero(together);
    }

    private void requireTogether(Inbox.Entry row, Shown one, List<Shown> together) {
        for (Shown other : together) {
            boolean takesPart = (row.participants() & 1L << other.application()) != 0;
            if (takesPart && histories.get(other.application()).place(row.id()) >= other.count()) {
                throw new TortureException(Failure.HALF_THERE, "at one instant: transaction " + row.id() + " is there in " + one
                        + ", and not in " + other);
            }
        }
    }

    private void requireZero(List<Shown> together) {
        long sum = together.stream().mapToLong(Shown::sum).sum();
        if (together.size() == histories.size() && sum != 0) {
            throw new TortureException(Failure.HALF_THERE, "at one instant: the amounts of all applications have the sum " + sum + ": " + together);
        }
    }

    /** The actives of all applications, while nothing is undecided: they have all that was ever seen. */
    synchronized void rest(List<Shown> actives) {
        for (Shown active : actives) {
            show(active);
            History history = histories.get(active.application());
            if (active.count() < history.size()) {
                throw new TortureException(Failure.LOST, active + ", which is the active: standbys have shown " + history.size());
            }
        }
        requireZero(actives);
        for (History history : histories) {
            int application = histories.indexOf(history);
            for (; compared[application] < history.size(); compared[application]++) {
                requireEverywhere(application, history.row(compared[application]));
            }
        }
    }

    private void requireEverywhere(int application, Inbox.Entry row) {
        long sum = 0;
        for (int other = 0; other < histories.size(); other++) {
            History history = histories.get(other);
            if ((row.participants() & 1L << other) != 0) {
                long place = history.place(row.id());
                if (place == History.NONE) {
                    throw new TortureException(Failure.HALF_THERE, "at rest: transaction " + row.id() + " is there in application " + application
                            + ", and not in " + other);
                }
                sum += history.row((int) place).amount();
            }
        }
        if (sum != 0) {
            throw new TortureException(Failure.TORN, "the amounts of transaction " + row.id() + " have the sum " + sum);
        }
        transactions += Long.numberOfTrailingZeros(row.participants()) == application ? 1 : 0;
    }

    /** What an application was told of a decision; when all rest. */
    synchronized void told(int application, long id, boolean committed) {
        History history = histories.get(application);
        if (committed && history.place(id) == History.NONE) {
            throw new TortureException(Failure.LOST, "transaction " + id + " was told to be committed to application " + application
                    + ", and is lost");
        }
        if (!committed) {
            toldAborted.add(id);
            if (histories.stream().anyMatch(any -> any.place(id) != History.NONE)) {
                requireNotAborted(id);
            }
        }
    }
}
