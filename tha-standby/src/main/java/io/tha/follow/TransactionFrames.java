package io.tha.follow;

import io.tha.memory.Memory;
import io.tha.region.FrameHandler;

/**
 * The frames of one transaction, kept outside the heap; reused, so that it makes no garbage.
 *
 * <pre>
 *   0      4        8
 *   | type | length | the frame's bytes, padded to a multiple of 8 | …
 * </pre>
 *
 * <p>Threads: the follower's.
 */
final class TransactionFrames implements AutoCloseable {
    private static final int LENGTH_OFFSET = Integer.BYTES;
    private static final int HEADER_LENGTH = LENGTH_OFFSET + Integer.BYTES;
    /** What is more is given back when the next transaction begins. */
    private static final long KEPT_BYTES = 1 << 20;

    private long address = Memory.allocate(KEPT_BYTES);
    private long capacity = KEPT_BYTES;
    private long used;

    void clear() {
        used = 0;
        if (capacity > KEPT_BYTES) {
            resize(KEPT_BYTES);
        }
    }

    void add(int type, long frame, int lengthBytes) {
        long end = used + HEADER_LENGTH + Memory.align8(lengthBytes);
        if (end > capacity) {
            resize(Math.max(end, capacity * 2));
        }
        Memory.putInt(address + used, type);
        Memory.putInt(address + used + LENGTH_OFFSET, lengthBytes);
        Memory.copy(frame, address + used + HEADER_LENGTH, lengthBytes);
        used = end;
    }

    private void resize(long newCapacity) {
        long moved = Memory.allocate(newCapacity);
        Memory.copy(address, moved, used);
        Memory.free(address);
        address = moved;
        capacity = newCapacity;
    }

    /** Hands on each frame, in order. */
    void forEach(FrameHandler handler) {
        for (long at = 0; at < used; ) {
            int length = Memory.getInt(address + at + LENGTH_OFFSET);
            handler.frame(Memory.getInt(address + at), address + at + HEADER_LENGTH, length);
            at += HEADER_LENGTH + Memory.align8(length);
        }
    }

    @Override
    public void close() {
        Memory.free(address);
        address = 0;
        capacity = 0;
        used = 0;
    }
}
