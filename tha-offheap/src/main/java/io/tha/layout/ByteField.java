package io.tha.layout;

import io.tha.memory.Memory;
import io.tha.memory.ObjectMemory;

/** An int8 field. */
public final class ByteField extends Field {
    ByteField(FieldPath resolved) {
        super(resolved);
    }

    public byte get(ObjectMemory memory, long handle) {
        return Memory.getByte(memory.read(handle, layoutKey) + offset);
    }

    /** One value of an array. */
    public byte get(ObjectMemory memory, long handle, int index) {
        return Memory.getByte(memory.read(handle, layoutKey) + offsetOf(index));
    }

    public void set(ObjectMemory memory, long handle, byte value) {
        Memory.putByte(memory.write(handle, layoutKey, offset), value);
    }

    /** One value of an array. */
    public void set(ObjectMemory memory, long handle, int index, byte value) {
        Memory.putByte(memory.write(handle, layoutKey, offsetOf(index)), value);
    }

    /** Adds to the value and returns the sum, which wraps on overflow. */
    public byte add(ObjectMemory memory, long handle, byte delta) {
        return add(memory.write(handle, layoutKey, offset), delta);
    }

    /** Adds to one value of an array and returns the sum, which wraps on overflow. */
    public byte add(ObjectMemory memory, long handle, int index, byte delta) {
        return add(memory.write(handle, layoutKey, offsetOf(index)), delta);
    }

    private static byte add(long address, byte delta) {
        byte sum = (byte) (Memory.getByte(address) + delta);
        Memory.putByte(address, sum);
        return sum;
    }
}
