package io.tha.follow;

import io.tha.memory.Memory;
import io.tha.region.FrameHandler;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Frames that were read while the image was copied, kept outside the heap, first in first out: so the active need not keep them, however long the
 * copy takes.
 *
 * <pre>
 *   0      4        8             16
 *   | type | length | position    | the frame's bytes, padded to a multiple of 8 |      type COMMITTED: no bytes, the end position
 * </pre>
 *
 * <p>Threads: the follower's.
 */
final class Spool implements FrameHandler, AutoCloseable {
    private static final int COMMITTED = -1;
    private static final int LENGTH_OFFSET = Integer.BYTES;
    private static final int POSITION_OFFSET = LENGTH_OFFSET + Integer.BYTES;
    private static final int HEADER_LENGTH = POSITION_OFFSET + Long.BYTES;
    private static final long BLOCK_LENGTH = 1 << 20;

    private final Deque<Block> blocks = new ArrayDeque<>();
    private long heldBytes;
    private long spooledBytes;

    private static final class Block {
        final long address;
        final long length;
        long used;

        Block(long length) {
            this.address = Memory.allocate(length);
            this.length = length;
        }
    }

    @Override
    public void frame(int type, long address, int lengthBytes) {
        long copy = append(type, lengthBytes, 0);
        Memory.copy(address, copy, lengthBytes);
    }

    @Override
    public void committed(long transactionId, long endPosition) {
        append(COMMITTED, 0, endPosition);
    }

    private long append(int type, int lengthBytes, long position) {
        long needed = HEADER_LENGTH + Memory.align8(lengthBytes);
        Block block = blocks.peekLast();
        if (block == null || block.length - block.used < needed) {
            block = new Block(Math.max(BLOCK_LENGTH, needed));
            blocks.add(block);
            heldBytes += block.length;
        }
        long at = block.address + block.used;
        block.used += needed;
        spooledBytes += needed;
        Memory.putInt(at, type);
        Memory.putInt(at + LENGTH_OFFSET, lengthBytes);
        Memory.putLong(at + POSITION_OFFSET, position);
        return at + HEADER_LENGTH;
    }

    /** How much memory it has. */
    long heldBytes() {
        return heldBytes;
    }

    /** How much has gone into it so far, whether it is there still or not. */
    long spooledBytes() {
        return spooledBytes;
    }

    /**
     * Hands on, in order, what came first: some of it, and gives its memory back.
     *
     * @return false if there is nothing
     */
    boolean replaySome(FrameHandler handler) {
        Block block = blocks.poll();
        if (block == null) {
            return false;
        }
        try {
            replay(block, handler);
        } finally {
            heldBytes -= block.length;
            Memory.free(block.address);
        }
        return true;
    }

    private static void replay(Block block, FrameHandler handler) {
        for (long at = block.address; at < block.address + block.used; ) {
            int type = Memory.getInt(at);
            int length = Memory.getInt(at + LENGTH_OFFSET);
            if (type == COMMITTED) {
                handler.committed(0, Memory.getLong(at + POSITION_OFFSET));
            } else {
                handler.frame(type, at + HEADER_LENGTH, length);
            }
            at += HEADER_LENGTH + Memory.align8(length);
        }
    }

    @Override
    public void close() {
        blocks.forEach(block -> Memory.free(block.address));
        blocks.clear();
        heldBytes = 0;
    }
}
