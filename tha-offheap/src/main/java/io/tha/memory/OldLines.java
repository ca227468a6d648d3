package io.tha.memory;

import java.util.Arrays;

/**
 * What the lines of a group's dirty pages held before their first mark: a block for each dirty page, in the order of the group's page list, with
 * each line at its place in the page.
 *
 * <pre>
 *  block   | mask of lines that count as changed anyway (8) | 0 … | 4096 bytes: the lines that are marked, garbage elsewhere |
 * </pre>
 *
 * <p>Threads: the one that writes the group.
 */
final class OldLines implements AutoCloseable {
    private static final int HEADER_LENGTH = 1 << LineMarks.LINE_SHIFT;
    private static final int BLOCK_LENGTH = HEADER_LENGTH + LineMarks.PAGE_LENGTH;
    private static final int CHUNK_SHIFT = 6;
    private static final int CHUNK_BLOCKS = 1 << CHUNK_SHIFT;
    /** 4 MiB; what a large transaction took beyond is given back when it is decided. */
    private static final int KEPT_CHUNKS = 16;

    private long[] chunks = {};
    private int chunkCount;

    /** Prepares for the group's i-th dirty page. */
    void ensure(int index) {
        if (index >> CHUNK_SHIFT == chunkCount) {
            if (chunkCount == chunks.length) {
                chunks = Arrays.copyOf(chunks, Math.max(KEPT_CHUNKS, chunkCount * 2));
            }
            chunks[chunkCount++] = Memory.allocate((long) CHUNK_BLOCKS * BLOCK_LENGTH);
        }
        Memory.putLong(block(index), 0);
    }

    private long block(int index) {
        return chunks[index >> CHUNK_SHIFT] + (long) (index & CHUNK_BLOCKS - 1) * BLOCK_LENGTH;
    }

    /** Where the old content of the page begins. */
    long content(int index) {
        return block(index) + HEADER_LENGTH;
    }

    /** Lines that count as changed whatever they held. */
    long changedAnyway(int index) {
        return Memory.getLong(block(index));
    }

    void changeAnyway(int index, long lines) {
        Memory.putLong(block(index), changedAnyway(index) | lines);
    }

    /** The group's transaction is decided. */
    void clear() {
        while (chunkCount > KEPT_CHUNKS) {
            Memory.free(chunks[--chunkCount]);
        }
    }

    @Override
    public void close() {
        while (chunkCount > 0) {
            Memory.free(chunks[--chunkCount]);
        }
    }
}
