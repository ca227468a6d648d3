package io.tha.layout;

import io.tha.memory.Memory;
import io.tha.memory.ObjectMemory;

/** A pointer: a handle, 0 for null. Following it is an access with that handle, checked as any other. */
public final class PointerField extends Field {
    PointerField(FieldPath resolved) {
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
}
