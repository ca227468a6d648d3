package io.tha.active;

import io.tha.region.ControlFile;

/**
 * Ids from the domain, taken in blocks.
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
        if (next == end) {
            next = control.takeTransactionIds(BLOCK);
            end = next + BLOCK;
        }
        return next++;
    }
}
