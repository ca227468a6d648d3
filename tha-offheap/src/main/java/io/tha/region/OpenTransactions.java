package io.tha.region;

import io.tha.ThaException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The transactions that published frames and are not decided, for the writer of a log.
 *
 * <p>Threads: under the commit lock.
 */
final class OpenTransactions {
    private static final int SHARES = 16;

    private final List<OpenTransaction> open = new ArrayList<>();
    private final Deque<OpenTransaction> unused = new ArrayDeque<>();

    OpenTransaction add(long transactionId, long firstPosition) {
        OpenTransaction transaction = unused.isEmpty() ? new OpenTransaction() : unused.pop();
        transaction.transactionId = transactionId;
        transaction.firstPosition = firstPosition;
        open.add(transaction);
        return transaction;
    }

    /** One of an earlier epoch, which has intents. */
    void inherit(long transactionId, long firstPosition) {
        if (find(transactionId) == null) {
            add(transactionId, firstPosition).inherited = true;
        }
    }

    /** The transaction, or null. */
    OpenTransaction find(long transactionId) {
        for (int i = 0; i < open.size(); i++) {
            if (open.get(i).transactionId == transactionId) {
                return open.get(i);
            }
        }
        return null;
    }

    /** It was decided; the object must not be used any more. */
    void remove(OpenTransaction transaction) {
        open.remove(transaction);
        transaction.ranges.clear();
        transaction.segments.clear();
        transaction.inherited = false;
        transaction.done = false;
        unused.push(transaction);
    }

    boolean isEmpty() {
        return open.isEmpty();
    }

    int size() {
        return open.size();
    }

    OpenTransaction get(int index) {
        return open.get(index);
    }

    /** How many ranges of overflow segments they published. */
    int ranges() {
        int ranges = 0;
        for (int i = 0; i < open.size(); i++) {
            ranges += open.get(i).ranges.size();
        }
        return ranges;
    }

    /**
     * They are written again and again, when a part of the ring lies behind them.
     *
     * @throws ThaException if that would take more than their share of the ring
     */
    void requireShare(int moreRanges, LogFile log) {
        long share = log.capacity() / SHARES;
        long needed = (long) (ranges() + moreRanges) * FrameDescriptor.OVERFLOW_LENGTH + (long) size() * FrameDescriptor.DONE_LENGTH;
        if (needed > share) {
            throw new ThaException("log file '" + log.path() + "': with one more flush, what undecided transactions flushed would take " + needed
                    + " bytes of the ring, at most " + share + " can; flush less often, decide transactions earlier, or make the ring larger");
        }
    }

    /** All their frames that count were written again. */
    void moveTo(long position) {
        for (int i = 0; i < open.size(); i++) {
            open.get(i).firstPosition = position;
        }
    }

    /** The first frame of the oldest, or {@link LogDescriptor#NOTHING_UNDECIDED}. */
    long oldest() {
        long oldest = LogDescriptor.NOTHING_UNDECIDED;
        for (int i = 0; i < open.size(); i++) {
            long first = open.get(i).firstPosition;
            oldest = oldest < 0 ? first : Math.min(oldest, first);
        }
        return oldest;
    }
}
