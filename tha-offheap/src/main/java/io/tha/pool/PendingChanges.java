package io.tha.pool;

import java.util.Arrays;

/**
 * Handles of the objects that a group created and deleted since its last decided transaction, in order. Which of the two an entry means
 * follows from the slot and the committed image.
 *
 * <p>Threads: the one that writes the group.
 */
public final class PendingChanges {
    private static final int FIRST_CAPACITY = 64;

    private long[] handles = new long[FIRST_CAPACITY];
    private int count;

    PendingChanges() {}

    void add(long handle) {
        if (count == handles.length) {
            handles = Arrays.copyOf(handles, count * 2);
        }
        handles[count++] = handle;
    }

    public int count() {
        return count;
    }

    /** The i-th; an object that was created and deleted is here twice. */
    public long handle(int i) {
        return handles[i];
    }

    void clear() {
        count = 0;
    }
}
