package io.tha.layout;

import io.tha.memory.Memory;
import io.tha.memory.ObjectMemory;

/** A float64 field. */
public final class DoubleField extends Field {
    DoubleField(FieldPath resolved) {
        super(resolved);
    }

    public double get(ObjectMemory memory, long handle) {
        return Memory.getDouble(memory.read(handle, layoutKey) + offset);
    }

    /** One value of an array. */
    public double get(ObjectMemory memory, long handle, int index) {
        return Memory.getDouble(memory.read(handle, layoutKey) + offsetOf(index));
    }

    public void set(ObjectMemory memory, long handle, double value) {
        Memory.putDouble(memory.write(handle, layoutKey, offset), value);
    }

    /** One value of an array. */
    public void set(ObjectMemory memory, long handle, int index, double value) {
        Memory.putDouble(memory.write(handle, layoutKey, offsetOf(index)), value);
    }

    /** Adds to the value and returns the sum. */
    public double add(ObjectMemory memory, long handle, double delta) {
        return add(memory.write(handle, layoutKey, offset), delta);
    }

    /** Adds to one value of an array and returns the sum. */
    public double add(ObjectMemory memory, long handle, int index, double delta) {
        return add(memory.write(handle, layoutKey, offsetOf(index)), delta);
    }

    private static double add(long address, double delta) {
        double sum = Memory.getDouble(address) + delta;
        Memory.putDouble(address, sum);
        return sum;
    }
}
