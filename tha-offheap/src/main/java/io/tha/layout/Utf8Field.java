package io.tha.layout;

import io.tha.memory.ObjectMemory;

/** Text of a fixed greatest length in UTF-8, padded with zeros. */
public final class Utf8Field extends Field {
    private final Utf8Text text;

    Utf8Field(FieldPath resolved) {
        super(resolved);
        text = new Utf8Text(toString(), length);
    }

    public String get(ObjectMemory memory, long handle) {
        return text.get(memory.read(handle, layoutKey) + offset);
    }

    /** One value of an array. */
    public String get(ObjectMemory memory, long handle, int index) {
        return text.get(memory.read(handle, layoutKey) + offsetOf(index));
    }

    /**
     * Writes text; ASCII makes no garbage.
     *
     * @throws IllegalArgumentException if it is longer than the field, holds a NUL, or is no Unicode text; nothing is written then
     */
    public void set(ObjectMemory memory, long handle, CharSequence value) {
        text.set(memory, handle, layoutKey, offset, value);
    }

    /** One value of an array. */
    public void set(ObjectMemory memory, long handle, int index, CharSequence value) {
        text.set(memory, handle, layoutKey, offsetOf(index), value);
    }

    /** Whether the field holds exactly this ASCII text; makes no garbage. */
    public boolean contentEquals(ObjectMemory memory, long handle, CharSequence ascii) {
        return text.contentEquals(memory.read(handle, layoutKey) + offset, ascii);
    }
}
