package io.tha.layout;

import io.tha.memory.Memory;
import io.tha.memory.ObjectMemory;

/** An int64 field, or a raw pointer. */
public final class LongField extends Field {
    LongField(FieldPath resolved) {
        super(resolved);
    }

    public long get(ObjectMemory memory, long handle) {
        return Memory.getLong(memory.read(handle, layoutKey) + offset);
    }

    /** One value of an array. */
    public long get(ObjectMemory memory, long handle, int index) {
        return Memory.getLong(memory.read(handle, layoutKey) + offsetOf(index));
    }

    public void set(ObjectMemory memory, long handle, long value) {
        Memory.putLong(memory.write(handle, layoutKey, offset), value);
    }

    /** One value of an array. */
    public void set(ObjectMemory memory, long handle, int index, long value) {
        Memory.putLong(memory.write(handle, layoutKey, offsetOf(index)), value);
    }

    /** Adds to the value and returns the sum, which wraps on overflow. */
    public long add(ObjectMemory memory, long handle, long delta) {
        return add(memory.write(handle, layoutKey, offset), delta);
    }

    /** Adds to one value of an array and returns the sum, which wraps on overflow. */
    public long add(ObjectMemory memory, long handle, int index, long delta) {
        return add(memory.write(handle, layoutKey, offsetOf(index)), delta);
    }

    private static long add(long address, long delta) {
        long sum = Memory.getLong(address) + delta;
        Memory.putLong(address, sum);
        return sum;
    }
}
