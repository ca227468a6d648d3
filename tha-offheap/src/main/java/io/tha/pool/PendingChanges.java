package io.tha.pool;

import java.util.Arrays;

/**
 * Handles of the objects that a group created and deleted since its last decided transaction, each in order; what was created and then deleted
 * is in both.
 *
 * <p>Threads: the one that writes the group.
 */
public final class PendingChanges {
    private final HandleList created = new HandleList();
    private final HandleList deleted = new HandleList();

    PendingChanges() {}

    void addCreated(long handle) {
        created.add(handle);
    }

    void addDeleted(long handle) {
        deleted.add(handle);
    }

    public int createdCount() {
        return created.count;
    }

    /** The i-th; its object need not live any more. */
    public long created(int i) {
        return created.handles[i];
    }

    public int deletedCount() {
        return deleted.count;
    }

    /** The i-th. */
    public long deleted(int i) {
        return deleted.handles[i];
    }

    void clear() {
        created.count = 0;
        deleted.count = 0;
    }

    private static final class HandleList {
        private static final int FIRST_CAPACITY = 64;

        private long[] handles = new long[FIRST_CAPACITY];
        private int count;

        void add(long handle) {
            if (count == handles.length) {
                handles = Arrays.copyOf(handles, count * 2);
            }
            handles[count++] = handle;
        }
    }
}
