package io.tha.pool;

import io.tha.memory.Memory;

/**
 * From static names to bodies of objects, outside the heap: hash tables in segments that grow one by one, so that ten million names cost sixteen to
 * thirty-two bytes each, beside their texts, and no pause that grows with their number.
 *
 * <p>Threads: any; a segment is locked for the few loads of an operation.
 */
final class StaticNames implements AutoCloseable {
    private static final int SEGMENT_BITS = 8;

    private final Segment[] segments = new Segment[1 << SEGMENT_BITS];

    StaticNames(PoolMemory memory) {
        for (int i = 0; i < segments.length; i++) {
            segments[i] = new Segment(memory);
        }
    }

    /** The body of the object with this name, or 0. */
    long find(CharSequence text) {
        long hash = NameHash.of(text);
        return segment(hash).find(hash, text);
    }

    /** Adds a name, which the object's slot holds already; false, and nothing changed, if it is there. */
    boolean add(CharSequence text, long bodyOffset) {
        long hash = NameHash.of(text);
        return segment(hash).add(hash, bodyOffset, text);
    }

    /** Adds a name that no other object has, by its hash. */
    void add(long hash, long bodyOffset) {
        segment(hash).add(hash, bodyOffset);
    }

    /** Removes a name, if it is this object's. */
    void remove(CharSequence text, long bodyOffset) {
        remove(NameHash.of(text), bodyOffset);
    }

    /** Removes a name by its hash, if it is this object's. */
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

    private static final class Segment {
        private final PoolMemory memory;
        private final HashTable bodies = new HashTable();

        Segment(PoolMemory memory) {
            this.memory = memory;
        }

        synchronized long find(long hash, CharSequence text) {
            for (int at = bodies.find(hash); at >= 0; at = bodies.findNext(at, hash)) {
                if (isNamed(bodies.value(at), text)) {
                    return bodies.value(at);
                }
            }
            return 0;
        }

        private boolean isNamed(long bodyOffset, CharSequence text) {
            long found = Memory.getLong(memory.base() + SlotDescriptor.slotOf(bodyOffset) + SlotDescriptor.NAME_OFFSET);
            return !Prefix.isDynamic(found) && NameSlots.holds(memory.base() + found, text);
        }

        synchronized boolean add(long hash, long bodyOffset, CharSequence text) {
            if (find(hash, text) != 0) {
                return false;
            }
            bodies.add(hash, bodyOffset);
            return true;
        }

        synchronized void add(long hash, long bodyOffset) {
            bodies.add(hash, bodyOffset);
        }

        synchronized void remove(long hash, long bodyOffset) {
            for (int at = bodies.find(hash); at >= 0; at = bodies.findNext(at, hash)) {
                if (bodies.value(at) == bodyOffset) {
                    bodies.removeAt(at);
                    return;
                }
            }
        }

        synchronized void close() {
            bodies.close();
        }
    }
}
