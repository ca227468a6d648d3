package io.tha.capture;

import org.agrona.collections.LongArrayList;

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
    /** Whether the transaction has published frames before its commit. */
    boolean publishedEarly;
    /** Of its objects with an id below this one the creation was published so. */
    long publishedBelowId;

    /** Frames were published before the commit, of all objects with an id below this one. */
    void publishedEarly(long nextObjectId) {
        publishedEarly = true;
        publishedBelowId = nextObjectId;
    }

    /** The transaction is decided. */
    public void clear() {
        created.clear();
        deleted.clear();
        ranges.clear();
        publishedEarly = false;
        publishedBelowId = 0;
    }
}
