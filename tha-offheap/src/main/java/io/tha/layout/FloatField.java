package io.tha.layout;

import io.tha.memory.Memory;
import io.tha.memory.ObjectMemory;

/** A float32 field. */
public final class FloatField extends Field {
    FloatField(FieldPath resolved) {
        super(resolved);
    }

    public float get(ObjectMemory memory, long handle) {
        return Memory.getFloat(memory.read(handle, layoutKey) + offset);
    }

    /** One value of an array. */
    public float get(ObjectMemory memory, long handle, int index) {
        return Memory.getFloat(memory.read(handle, layoutKey) + offsetOf(index));
    }

    public void set(ObjectMemory memory, long handle, float value) {
        Memory.putFloat(memory.write(handle, layoutKey, offset), value);
    }

    /** One value of an array. */
    public void set(ObjectMemory memory, long handle, int index, float value) {
        Memory.putFloat(memory.write(handle, layoutKey, offsetOf(index)), value);
    }

    /** Adds to the value and returns the sum. */
    public float add(ObjectMemory memory, long handle, float delta) {
        return add(memory.write(handle, layoutKey, offset), delta);
    }

    /** Adds to one value of an array and returns the sum. */
    public float add(ObjectMemory memory, long handle, int index, float delta) {
        return add(memory.write(handle, layoutKey, offsetOf(index)), delta);
    }

    private static float add(long address, float delta) {
        float sum = Memory.getFloat(address) + delta;
        Memory.putFloat(address, sum);
        return sum;
    }
}
