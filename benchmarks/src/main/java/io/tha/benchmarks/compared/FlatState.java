package io.tha.benchmarks.compared;

import java.nio.ByteBuffer;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/** State without an engine: objects one behind the other, outside the heap. */
final class FlatState {
    private static final int FIELD_OFFSET = 40;

    private final UnsafeBuffer memory;

    FlatState(int objects) {
        ByteBuffer bytes = BufferUtil.allocateDirectAligned(Math.multiplyExact(objects, Load.OBJECT_BYTES), Load.OBJECT_BYTES);
        memory = new UnsafeBuffer(bytes);
        memory.setMemory(0, memory.capacity(), (byte) 0);
    }

    void set(int object, long value) {
        memory.putLong(object * Load.OBJECT_BYTES + FIELD_OFFSET, value);
    }

    long get(int object) {
        return memory.getLong(object * Load.OBJECT_BYTES + FIELD_OFFSET);
    }
}
