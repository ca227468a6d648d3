package io.tha.active;

import io.tha.region.TransactionIdSource;

/**
 * Ids taken in blocks; what is left of a block is given up when it is so old that outcomes of its ids might not be remembered.
 *
 * <p>Threads: one at a time.
 */
final class TransactionIds {
    private static final int BLOCK = 1024;

    private final TransactionIdSource source;
    private long next;
    private long end;

    TransactionIds(TransactionIdSource source) {
        this.source = source;
    }

    long take() {
        if (next == end || source.isOldTransactionId(next)) {
            next = source.takeTransactionIds(BLOCK);
            end = next + BLOCK;
        }
        return next++;
    }
}
