package io.tha.capture;

import org.agrona.collections.LongArrayList;
import org.agrona.collections.LongHashSet;

/**
 * What a transaction has put into frames and the image does not have yet.
 *
 * <p>Threads: the transaction's; reused, so that a commit makes no garbage.
 */
public final class CapturedChanges {
    private static final int FIRST_CAPACITY = 16;

    final LongArrayList created = new LongArrayList(FIRST_CAPACITY, 0);
    final LongArrayList deleted = new LongArrayList(FIRST_CAPACITY, 0);
    /** Offsets in the pool, each followed by a length. */
    final LongArrayList ranges = new LongArrayList(FIRST_CAPACITY, 0);
    /** Objects whose creation was published before the commit; null before the first flush. */
    LongHashSet publishedCreates;

    /** The transaction publishes frames before its commit. */
    void beginEarlyPublication() {
        if (publishedCreates == null) {
            publishedCreates = new LongHashSet();
        }
    }

    /** The transaction is decided. */
    public void clear() {
        created.clear();
        deleted.clear();
        ranges.clear();
        publishedCreates = null;
    }
}
