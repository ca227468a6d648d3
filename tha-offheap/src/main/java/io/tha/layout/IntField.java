package io.tha.layout;

import io.tha.memory.Memory;
import io.tha.memory.ObjectMemory;

/** An int32 field. */
public final class IntField extends Field {
    IntField(FieldPath resolved) {
        super(resolved);
    }

    public int get(ObjectMemory memory, long handle) {
        return Memory.getInt(memory.read(handle, layoutKey) + offset);
    }

    /** One value of an array. */
    public int get(ObjectMemory memory, long handle, int index) {
        return Memory.getInt(memory.read(handle, layoutKey) + offsetOf(index));
    }

    public void set(ObjectMemory memory, long handle, int value) {
        Memory.putInt(memory.write(handle, layoutKey, offset), value);
    }

    /** One value of an array. */
    public void set(ObjectMemory memory, long handle, int index, int value) {
        Memory.putInt(memory.write(handle, layoutKey, offsetOf(index)), value);
    }

    /** Adds to the value and returns the sum, which wraps on overflow. */
    public int add(ObjectMemory memory, long handle, int delta) {
        return add(memory.write(handle, layoutKey, offset), delta);
    }

    /** Adds to one value of an array and returns the sum, which wraps on overflow. */
    public int add(ObjectMemory memory, long handle, int index, int delta) {
        return add(memory.write(handle, layoutKey, offsetOf(index)), delta);
    }

    private static int add(long address, int delta) {
        int sum = Memory.getInt(address) + delta;
        Memory.putInt(address, sum);
        return sum;
    }
}
