package io.tha.follow;

import io.tha.memory.Memory;
import java.util.function.LongConsumer;

/**
 * From ids of objects to their handles here, outside the heap, for as long as the other side's objects are looked for.
 *
 * <pre>
 *   entry   | id | handle here (0 = none, negative = found) |     linear probing, at most half full
 * </pre>
 *
 * <p>Threads: the follower's.
 */
final class OwnObjects implements AutoCloseable {
    private static final int FIRST_CAPACITY = 1 << 10;
    private static final int HANDLE_OFFSET = Long.BYTES;
    private static final int ENTRY_LENGTH = 2 * Long.BYTES;

    private long capacity = FIRST_CAPACITY;
    private long count;
    private long table = Memory.allocate(capacity * ENTRY_LENGTH);

    void add(long id, long handle) {
        if (count * 2 >= capacity) {
            grow();
        }
        insert(id, handle);
        count++;
    }

    private void insert(long id, long handle) {
        long entry = entryOf(id);
        while (Memory.getLong(entry + HANDLE_OFFSET) != 0) {
            entry = next(entry);
        }
        Memory.putLong(entry, id);
        Memory.putLong(entry + HANDLE_OFFSET, handle);
    }

    private void grow() {
        long old = table;
        long oldEnd = old + capacity * ENTRY_LENGTH;
        table = Memory.allocate(capacity * 2 * ENTRY_LENGTH);
        capacity *= 2;
        for (long entry = old; entry < oldEnd; entry += ENTRY_LENGTH) {
            if (Memory.getLong(entry + HANDLE_OFFSET) != 0) {
                insert(Memory.getLong(entry), Memory.getLong(entry + HANDLE_OFFSET));
            }
        }
        Memory.free(old);
    }

    /** The handle of the object with an id, which counts as found from now on; 0 if there is none. */
    long find(long id) {
        long entry = entryOf(id);
        while (Memory.getLong(entry + HANDLE_OFFSET) != 0) {
            if (Memory.getLong(entry) == id) {
                long handle = Math.abs(Memory.getLong(entry + HANDLE_OFFSET));
                Memory.putLong(entry + HANDLE_OFFSET, -handle);
                return handle;
            }
            entry = next(entry);
        }
        return 0;
    }

    /** Handles of those that were not found. */
    void forEachMissing(LongConsumer consumer) {
        for (long entry = table; entry < table + capacity * ENTRY_LENGTH; entry += ENTRY_LENGTH) {
            if (Memory.getLong(entry + HANDLE_OFFSET) > 0) {
                consumer.accept(Memory.getLong(entry + HANDLE_OFFSET));
            }
        }
    }

    /** Ids follow each other; multiplied, they are spread over the table (Knuth, volume 3, 6.4). */
    private long entryOf(long id) {
        long hash = id * 0x9E37_79B9_7F4A_7C15L;
        return table + ((hash ^ hash >>> 32) & capacity - 1) * ENTRY_LENGTH;
    }

    private long next(long entry) {
        long following = entry + ENTRY_LENGTH;
        return following == table + capacity * ENTRY_LENGTH ? table : following;
    }

    @Override
    public void close() {
        Memory.free(table);
    }
}
