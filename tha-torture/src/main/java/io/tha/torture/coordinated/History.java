package io.tha.torture.coordinated;

import io.tha.torture.Failure;
import io.tha.torture.TortureException;
import org.agrona.collections.Long2LongHashMap;
import org.agrona.collections.LongArrayList;

/**
 * What one application has committed, in order, as far as any of its processes has shown it: each must show the same, and the sum that it has kept.
 *
 * <p>Threads: one at a time.
 */
final class History {
    /** Where a transaction is not. */
    static final long NONE = Long.MAX_VALUE;

    private final int application;
    private final LongArrayList ids = new LongArrayList();
    private final LongArrayList amounts = new LongArrayList();
    private final LongArrayList participants = new LongArrayList();
    /** Behind each row, and before the first one. */
    private final LongArrayList sums = new LongArrayList();
    private final Long2LongHashMap places = new Long2LongHashMap(NONE);

    History(int application) {
        this.application = application;
        sums.addLong(0);
    }

    int size() {
        return ids.size();
    }

    Inbox.Entry row(int number) {
        return new Inbox.Entry(ids.getLong(number), amounts.getLong(number), participants.getLong(number));
    }

    /** The number of a transaction's row, or {@link #NONE}. */
    long place(long id) {
        return places.get(id);
    }

    /**
     * Compares what a process has shown with what others have, and learns what is new.
     *
     * @throws TortureException if it is something else
     */
    void shows(Shown shown) {
        if (shown.from() > size() && shown.count() > size()) {
            throw new TortureException(Failure.STALLED, shown + ": it keeps those from " + shown.from() + " on, and " + size() + " were seen: nobody "
                    + "has read a standby for too long");
        }
        for (long number = shown.from(); number < shown.count(); number++) {
            Inbox.Entry row = shown.row(number);
            if (number == size()) {
                add(row);
            } else if (!row.equals(row((int) number))) {
                throw new TortureException(Failure.LOST, shown + ": row " + number + " is " + row + ", and another process has shown "
                        + row((int) number));
            }
        }
        if (shown.count() <= size() && shown.sum() != sums.getLong((int) shown.count())) {
            throw new TortureException(Failure.TORN, shown + ": its sum is " + shown.sum() + ", and its rows have "
                    + sums.getLong((int) shown.count()));
        }
    }

    private void add(Inbox.Entry row) {
        if (places.put(row.id(), size()) != NONE) {
            throw new TortureException(Failure.DUPLICATED, "application " + application + " has transaction " + row.id() + " twice");
        }
        sums.addLong(sums.getLong(size()) + row.amount());
        ids.addLong(row.id());
        amounts.addLong(row.amount());
        participants.addLong(row.participants());
    }
}
