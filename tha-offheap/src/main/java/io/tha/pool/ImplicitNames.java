package io.tha.pool;

import io.tha.memory.Memory;

/**
 * From implicit names to bodies of objects. The numbers of a prefix are given out in sequence, so they lie in chunks of 32, and a hash table finds
 * the chunk: about ten bytes a name where they are dense, and 300 at most, where each chunk has one left.
 *
 * <p>Threads: any; a segment is locked for the few loads of an operation.
 */
final class ImplicitNames implements AutoCloseable {
    private static final int SEGMENT_BITS = 8;
    private static final int CHUNK_BITS = 5;
    private static final int CHUNK_LENGTH = 1 << CHUNK_BITS;
    private static final int COUNT_OFFSET = CHUNK_LENGTH * Long.BYTES;
    private static final int CHUNK_BYTES = COUNT_OFFSET + Long.BYTES;

    private final Segment[] segments = new Segment[1 << SEGMENT_BITS];

    ImplicitNames() {
        for (int i = 0; i < segments.length; i++) {
            segments[i] = new Segment();
        }
    }

    /** The body of the object with this name, or 0. */
    long find(long nameWord) {
        long hash = hash(nameWord);
        return segment(hash).find(hash, place(nameWord));
    }

    /** Adds a name; false, and nothing changed, if it is there. */
    boolean add(long nameWord, long bodyOffset) {
        long hash = hash(nameWord);
        return segment(hash).add(hash, place(nameWord), bodyOffset);
    }

    /**
     * Adds names one after the other; where a number follows another, without looking for its place. Nobody else may use the index between two of its
     * calls without a {@link #pause}.
     */
    final class Adder {
        private static final long NONE = -1;
        private long chunkNumber = NONE;
        private long chunk;

        /** Adds a name; false, and nothing changed, if it is there. */
        boolean add(long nameWord, long bodyOffset) {
            if (nameWord >>> CHUNK_BITS != chunkNumber) {
                long hash = hash(nameWord);
                chunk = segment(hash).chunk(hash);
                chunkNumber = nameWord >>> CHUNK_BITS;
            }
            return Segment.put(chunk, place(nameWord), bodyOffset);
        }

        /** Others may use the index. */
        void pause() {
            chunkNumber = NONE;
        }
    }

    /** Removes a name, if it is this object's. */
    void remove(long nameWord, long bodyOffset) {
        long hash = hash(nameWord);
        segment(hash).remove(hash, place(nameWord), bodyOffset);
    }

    /** Different for each chunk: the finalizer of MurmurHash3 (Austin Appleby, public domain) maps no two numbers to one. */
    private static long hash(long nameWord) {
        return NameHash.mix(nameWord >>> CHUNK_BITS);
    }

    private static long place(long nameWord) {
        return (nameWord & CHUNK_LENGTH - 1) * Long.BYTES;
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
        private final HashTable chunks = new HashTable();
        /** One that was emptied, all zero, or 0: who creates and deletes in turn needs no allocator. */
        private long spare;

        synchronized long find(long hash, long place) {
            int at = chunks.find(hash);
            return at < 0 ? 0 : Memory.getLong(chunks.value(at) + place);
        }

        synchronized boolean add(long hash, long place, long bodyOffset) {
            return put(chunk(hash), place, bodyOffset);
        }

        /** The chunk of a hash, made if it is missing: then a name must be put into it. */
        synchronized long chunk(long hash) {
            int at = chunks.find(hash);
            return at < 0 ? newChunk(hash) : chunks.value(at);
        }

        static boolean put(long chunk, long place, long bodyOffset) {
            if (Memory.getLong(chunk + place) != 0) {
                return false;
            }
            Memory.putLong(chunk + place, bodyOffset);
            Memory.putLong(chunk + COUNT_OFFSET, Memory.getLong(chunk + COUNT_OFFSET) + 1);
            return true;
        }

        private long newChunk(long hash) {
            if (spare == 0) {
                spare = Memory.allocate(CHUNK_BYTES);
            }
            long chunk = spare;
            chunks.add(hash, chunk);
            spare = 0;
            return chunk;
        }

        synchronized void remove(long hash, long place, long bodyOffset) {
            int at = chunks.find(hash);
            if (at < 0 || Memory.getLong(chunks.value(at) + place) != bodyOffset) {
                return;
            }
            long chunk = chunks.value(at);
            Memory.putLong(chunk + place, 0);
            long left = Memory.getLong(chunk + COUNT_OFFSET) - 1;
            Memory.putLong(chunk + COUNT_OFFSET, left);
            if (left == 0) {
                chunks.removeAt(at);
                Memory.free(spare);
                spare = chunk;
            }
        }

        synchronized void close() {
            for (int i = 0; i < chunks.capacity(); i++) {
                Memory.free(chunks.value(i));
            }
            chunks.close();
            Memory.free(spare);
            spare = 0;
        }
    }
}
