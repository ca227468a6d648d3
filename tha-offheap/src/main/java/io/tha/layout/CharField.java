package io.tha.layout;

import io.tha.memory.Memory;
import io.tha.memory.ObjectMemory;

/** A char16 field. */
public final class CharField extends Field {
    CharField(FieldPath resolved) {
        super(resolved);
    }

    public char get(ObjectMemory memory, long handle) {
        return Memory.getChar(memory.read(handle, layoutKey) + offset);
    }

    /** One value of an array. */
    public char get(ObjectMemory memory, long handle, int index) {
        return Memory.getChar(memory.read(handle, layoutKey) + offsetOf(index));
    }

    public void set(ObjectMemory memory, long handle, char value) {
        Memory.putChar(memory.write(handle, layoutKey, offset), value);
    }

    /** One value of an array. */
    public void set(ObjectMemory memory, long handle, int index, char value) {
        Memory.putChar(memory.write(handle, layoutKey, offsetOf(index)), value);
    }
}
