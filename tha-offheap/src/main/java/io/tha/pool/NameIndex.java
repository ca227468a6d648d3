package io.tha.pool;

import io.tha.memory.Memory;

/**
 * From hashes of names to bodies of objects, outside the heap: linear probing in segments that grow one by one, so that ten million names
 * cost sixteen to thirty-two bytes each and no pause that grows with their number.
 *
 * <p>Threads: any; a segment is locked for the few loads of an operation.
 */
final class NameIndex implements AutoCloseable {
    private static final int SEGMENT_BITS = 8;
    private static final int FIRST_CAPACITY = 16;
    private static final int ENTRY_SHIFT = 4;
    private static final int NEIGHBOUR_BITS = 2;
    private static final int BODY_OFFSET = Long.BYTES;

    private final Segment[] segments = new Segment[1 << SEGMENT_BITS];

    NameIndex(PoolMemory memory) {
        for (int i = 0; i < segments.length; i++) {
            segments[i] = new Segment(memory);
        }
    }

    /** The body of the object with this name, or 0; the text is null for an implicit name, the word is not used for a static one. */
    long find(long hash, long nameWord, CharSequence text) {
        return segment(hash).find(hash, nameWord, text);
    }

    /** Adds a name; false, and nothing changed, if it is there. */
    boolean add(long hash, long bodyOffset, long nameWord, CharSequence text) {
        return segment(hash).add(hash, bodyOffset, nameWord, text);
    }

    void remove(long hash, long bodyOffset) {
        segment(hash).remove(hash, bodyOffset);
    }

    private Segment segment(long hash) {
        return segments[(int) (hash >>> (Long.SIZE - SEGMENT_BITS))];
    }

    @Override
    public void close() {
        for (Segment segment : segments) {
            segment.close();
        }
    }

    /** Hash of a static name. */
    static long hash(CharSequence text) {
        long hash = 0;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x9E37_79B9_7F4A_7C15L;
            hash ^= hash >>> 32;
        }
        return mix(hash);
    }

    /** Hash of an implicit name; four numbers in a row share a cache line of the index. */
    static long hash(long nameWord) {
        return mix(nameWord >>> NEIGHBOUR_BITS) & -1L << NEIGHBOUR_BITS | nameWord & ~(-1L << NEIGHBOUR_BITS);
    }

    /** The finalizer of MurmurHash3 (Austin Appleby, public domain). */
    private static long mix(long value) {
        long mixed = (value ^ value >>> 33) * 0xFF51_AFD7_ED55_8CCDL;
        mixed = (mixed ^ mixed >>> 33) * 0xC4CE_B9FE_1A85_EC53L;
        return mixed ^ mixed >>> 33;
    }

    private static final class Segment {
        private final PoolMemory memory;
        private int capacity;
        private int count;
        private long table;

        Segment(PoolMemory memory) {
            this.memory = memory;
        }

        synchronized long find(long hash, long nameWord, CharSequence text) {
            if (count == 0) {
                return 0;
            }
            for (int i = home(hash); ; i = i + 1 & capacity - 1) {
                long body = Memory.getLong(entry(i) + BODY_OFFSET);
                if (body == 0 || Memory.getLong(entry(i)) == hash && matches(body, nameWord, text)) {
                    return body;
                }
            }
        }

        private boolean matches(long bodyOffset, long nameWord, CharSequence text) {
            long found = Memory.getLong(memory.base() + SlotDescriptor.slotOf(bodyOffset) + SlotDescriptor.NAME_OFFSET);
            return text == null ? found == nameWord : !Prefix.isDynamic(found) && NameSlots.holds(memory.base() + found, text);
        }

        synchronized boolean add(long hash, long bodyOffset, long nameWord, CharSequence text) {
            if (find(hash, nameWord, text) != 0) {
                return false;
            }
            if (count * 4L >= capacity * 3L) {
                grow();
            }
            insert(hash, bodyOffset);
            count++;
            return true;
        }

        private void insert(long hash, long bodyOffset) {
            int i = home(hash);
            while (Memory.getLong(entry(i) + BODY_OFFSET) != 0) {
                i = i + 1 & capacity - 1;
            }
            Memory.putLong(entry(i), hash);
            Memory.putLong(entry(i) + BODY_OFFSET, bodyOffset);
        }

        private void grow() {
            long old = table;
            int oldCapacity = capacity;
            capacity = Math.max(FIRST_CAPACITY, Math.multiplyExact(oldCapacity, 2));
            table = Memory.allocate((long) capacity << ENTRY_SHIFT);
            for (int i = 0; i < oldCapacity; i++) {
                long entry = old + ((long) i << ENTRY_SHIFT);
                if (Memory.getLong(entry + BODY_OFFSET) != 0) {
                    insert(Memory.getLong(entry), Memory.getLong(entry + BODY_OFFSET));
                }
            }
            Memory.free(old);
        }

        /** Moves later entries of the run back into the hole, so that no tombstones are needed (Knuth, volume 3, 6.4 R). */
        synchronized void remove(long hash, long bodyOffset) {
            if (count == 0) {
                return;
            }
            int hole = home(hash);
            while (Memory.getLong(entry(hole) + BODY_OFFSET) != bodyOffset) {
                if (Memory.getLong(entry(hole) + BODY_OFFSET) == 0) {
                    return;
                }
                hole = hole + 1 & capacity - 1;
            }
            for (int i = hole + 1 & capacity - 1; Memory.getLong(entry(i) + BODY_OFFSET) != 0; i = i + 1 & capacity - 1) {
                int home = home(Memory.getLong(entry(i)));
                if ((i - home & capacity - 1) >= (i - hole & capacity - 1)) {
                    Memory.copy(entry(i), entry(hole), 1L << ENTRY_SHIFT);
                    hole = i;
                }
            }
            Memory.putLong(entry(hole) + BODY_OFFSET, 0);
            count--;
        }

        private int home(long hash) {
            return (int) hash & capacity - 1;
        }

        private long entry(int index) {
            return table + ((long) index << ENTRY_SHIFT);
        }

        synchronized void close() {
            Memory.free(table);
            table = 0;
            count = 0;
            capacity = 0;
        }
    }
}
