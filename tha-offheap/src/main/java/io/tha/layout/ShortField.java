package io.tha.layout;

import io.tha.memory.Memory;
import io.tha.memory.ObjectMemory;

/** An int16 field. */
public final class ShortField extends Field {
    ShortField(FieldPath resolved) {
        super(resolved);
    }

    public short get(ObjectMemory memory, long handle) {
        return Memory.getShort(memory.read(handle, layoutKey) + offset);
    }

    /** One value of an array. */
    public short get(ObjectMemory memory, long handle, int index) {
        return Memory.getShort(memory.read(handle, layoutKey) + offsetOf(index));
    }

    public void set(ObjectMemory memory, long handle, short value) {
        Memory.putShort(memory.write(handle, layoutKey, offset), value);
    }

    /** One value of an array. */
    public void set(ObjectMemory memory, long handle, int index, short value) {
        Memory.putShort(memory.write(handle, layoutKey, offsetOf(index)), value);
    }

    /** Adds to the value and returns the sum, which wraps on overflow. */
    public short add(ObjectMemory memory, long handle, short delta) {
        return add(memory.write(handle, layoutKey, offset), delta);
    }

    /** Adds to one value of an array and returns the sum, which wraps on overflow. */
    public short add(ObjectMemory memory, long handle, int index, short delta) {
        return add(memory.write(handle, layoutKey, offsetOf(index)), delta);
    }

    private static short add(long address, short delta) {
        short sum = (short) (Memory.getShort(address) + delta);
        Memory.putShort(address, sum);
        return sum;
    }
}
