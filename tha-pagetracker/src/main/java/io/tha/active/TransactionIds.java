package io.tha.active;

import io.tha.region.ControlFile;

/**
 * Ids from the domain, taken in blocks; what is left of a block is given up when it is so old that outcomes of its ids might not be remembered.
 *
 * <p>Threads: one at a time.
 */
final class TransactionIds {
    private static final int BLOCK = 1024;

    private final ControlFile control;
    private long next;
    private long end;

    TransactionIds(ControlFile control) {
        this.control = control;
    }

    long take() {
        if (next == end || control.isOldTransactionId(next)) {
            next = control.takeTransactionIds(BLOCK);
            end = next + BLOCK;
        }
        return next++;
    }
}
