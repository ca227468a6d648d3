package io.tha.layout;

import io.tha.memory.Memory;
import io.tha.memory.ObjectMemory;
import java.util.Objects;

/** Raw bytes. */
public final class BytesField extends Field {
    BytesField(FieldPath resolved) {
        super(resolved);
    }

    /** The length of the field in bytes. */
    public int lengthBytes() {
        return length;
    }

    /**
     * Copies out of the field.
     *
     * @throws IndexOutOfBoundsException if the range is not inside the field
     */
    public void get(ObjectMemory memory, long handle, int from, byte[] to) {
        Objects.checkFromIndexSize(from, to.length, length);
        Memory.copyTo(memory.read(handle, layoutKey) + offset + from, to, 0, to.length);
    }

    /**
     * Copies into the field.
     *
     * @throws IndexOutOfBoundsException if the range is not inside the field
     */
    public void set(ObjectMemory memory, long handle, int to, byte[] from) {
        Objects.checkFromIndexSize(to, from.length, length);
        long address = memory.writeRange(handle, layoutKey, offset + (long) to, from.length);
        Memory.copyFrom(from, 0, address, from.length);
    }
}
