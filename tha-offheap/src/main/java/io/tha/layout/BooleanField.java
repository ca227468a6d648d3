package io.tha.layout;

import io.tha.memory.Memory;
import io.tha.memory.ObjectMemory;

/** A boolean field: one byte, 0 or 1; any other content reads as true. */
public final class BooleanField extends Field {
    BooleanField(FieldPath resolved) {
        super(resolved);
    }

    public boolean get(ObjectMemory memory, long handle) {
        return Memory.getByte(memory.read(handle, layoutKey) + offset) != 0;
    }

    /** One value of an array. */
    public boolean get(ObjectMemory memory, long handle, int index) {
        return Memory.getByte(memory.read(handle, layoutKey) + offsetOf(index)) != 0;
    }

    public void set(ObjectMemory memory, long handle, boolean value) {
        Memory.putByte(memory.write(handle, layoutKey, offset), (byte) (value ? 1 : 0));
    }

    /** One value of an array. */
    public void set(ObjectMemory memory, long handle, int index, boolean value) {
        Memory.putByte(memory.write(handle, layoutKey, offsetOf(index)), (byte) (value ? 1 : 0));
    }
}
