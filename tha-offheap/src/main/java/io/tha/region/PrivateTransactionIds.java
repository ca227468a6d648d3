package io.tha.region;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Ids that no domain knows of, for transactions of no consequence: what a domain gives out pushes older outcomes out of every {@link OutcomeTable}.
 *
 * <p>Threads: any.
 */
public final class PrivateTransactionIds implements TransactionIdSource {
    private final AtomicLong next = new AtomicLong(1);

    @Override
    public long takeTransactionIds(int count) {
        return next.getAndAdd(count);
    }

    @Override
    public boolean isOldTransactionId(long id) {
        return next.get() - id > OutcomeTable.IDS / 2;
    }
}
