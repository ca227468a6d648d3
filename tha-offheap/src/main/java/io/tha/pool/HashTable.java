package io.tha.pool;

import io.tha.memory.Memory;

/**
 * From hashes to values, outside the heap: linear probing, sixteen bytes an entry, at most three quarters full. A hash may be there several times.
 *
 * <p>Threads: one at a time.
 */
final class HashTable implements AutoCloseable {
    private static final int FIRST_CAPACITY = 16;
    private static final int ENTRY_SHIFT = 4;
    private static final int VALUE_OFFSET = Long.BYTES;

    private int capacity;
    private int count;
    private long table;

    /** Where the first entry of a hash is, or -1. */
    int find(long hash) {
        return count == 0 ? -1 : findFrom(home(hash), hash);
    }

    /** Where the next entry of the same hash is, or -1. */
    int findNext(int index, long hash) {
        return findFrom(index + 1 & capacity - 1, hash);
    }

    private int findFrom(int from, long hash) {
        int i = from;
        while (value(i) != 0) {
            if (Memory.getLong(entry(i)) == hash) {
                return i;
            }
            i = i + 1 & capacity - 1;
        }
        return -1;
    }

    /** What an entry holds. */
    long value(int index) {
        return Memory.getLong(entry(index) + VALUE_OFFSET);
    }

    /** Adds an entry; the value must not be 0. */
    void add(long hash, long value) {
        if (count * 4L >= capacity * 3L) {
            grow();
        }
        insert(hash, value);
        count++;
    }

    private void insert(long hash, long value) {
        int i = home(hash);
        while (value(i) != 0) {
            i = i + 1 & capacity - 1;
        }
        Memory.putLong(entry(i), hash);
        Memory.putLong(entry(i) + VALUE_OFFSET, value);
    }

    private void grow() {
        long old = table;
        int oldCapacity = capacity;
        int newCapacity = Math.max(FIRST_CAPACITY, Math.multiplyExact(oldCapacity, 2));
        // Before anything is changed: there may be no memory.
        table = Memory.allocate((long) newCapacity << ENTRY_SHIFT);
        capacity = newCapacity;
        for (int i = 0; i < oldCapacity; i++) {
            long entry = old + ((long) i << ENTRY_SHIFT);
            if (Memory.getLong(entry + VALUE_OFFSET) != 0) {
                insert(Memory.getLong(entry), Memory.getLong(entry + VALUE_OFFSET));
            }
        }
        Memory.free(old);
    }

    /** Removes an entry: later ones of the run move back into the hole, so that no tombstones are needed (Knuth, volume 3, 6.4 R). */
    void removeAt(int index) {
        int hole = index;
        for (int i = hole + 1 & capacity - 1; value(i) != 0; i = i + 1 & capacity - 1) {
            int home = home(Memory.getLong(entry(i)));
            if ((i - home & capacity - 1) >= (i - hole & capacity - 1)) {
                Memory.copy(entry(i), entry(hole), 1L << ENTRY_SHIFT);
                hole = i;
            }
        }
        Memory.putLong(entry(hole) + VALUE_OFFSET, 0);
        count--;
    }

    /** How many places there are; an entry may be in each of them. */
    int capacity() {
        return capacity;
    }

    private int home(long hash) {
        return (int) hash & capacity - 1;
    }

    private long entry(int index) {
        return table + ((long) index << ENTRY_SHIFT);
    }

    /** Empty afterwards. */
    @Override
    public void close() {
        Memory.free(table);
        table = 0;
        count = 0;
        capacity = 0;
    }
}
