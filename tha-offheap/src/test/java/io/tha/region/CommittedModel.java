package io.tha.region;

import java.util.ArrayList;
import java.util.List;

/** What a log must deliver: its committed transactions in order. */
final class CommittedModel {
    private final List<Transaction> transactions = new ArrayList<>();

    /** A committed transaction, and the position behind it. */
    record Transaction(long id, List<SeededFrame> frames, long end) {}

    void add(long id, List<SeededFrame> frames, long end) {
        transactions.add(new Transaction(id, List.copyOf(frames), end));
    }

    Transaction get(int index) {
        return transactions.get(index);
    }

    int size() {
        return transactions.size();
    }

    /** The first transaction that a reader which begins at a position must see. */
    int firstAfter(long position) {
        int low = 0;
        int high = transactions.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (transactions.get(middle).end() > position) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }
}
