package io.tha.layout;

import io.tha.memory.ObjectMemory;

/**
 * A field resolved once, to be used with any object of its layout in any pool. An access checks the handle with one load and one compare,
 * and an index against the count; it makes no garbage.
 *
 * <p>Threads: immutable; the objects follow the contract of their memory.
 */
public abstract class Field {
    /** What the check word of an object of the layout is made with. */
    protected final long layoutKey;

    /** From the start of the object to the first value. */
    protected final int offset;

    /** The length of one value in bytes. */
    protected final int length;

    private final int stride;
    private final int count;
    private final String path;
    private final Layout layout;

    Field(FieldPath resolved) {
        layoutKey = resolved.layout().key();
        offset = resolved.offset();
        length = resolved.length();
        stride = resolved.stride();
        count = resolved.count();
        path = resolved.text();
        layout = resolved.layout();
    }

    /** How many values the open index reaches; 1 where there is none. */
    public final int count() {
        return count;
    }

    /** From the start of the object to the first value, in bytes: for code that writes by address. */
    public final int offset() {
        return offset;
    }

    /** From the first byte of the first value to the last byte of the last one; between them may be other fields of an array of structures. */
    public final int extentBytes() {
        return (count - 1) * stride + length;
    }

    /** A pointer to the first value in an object; for a {@link PointerField}, which leads there in each version of the layout. */
    public final long pointerTo(long handle) {
        return handle + ((long) offset << ObjectMemory.GENERATION_BITS);
    }

    /** A pointer to one value of an array. */
    public final long pointerTo(long handle, int index) {
        return handle + (offsetOf(index) << ObjectMemory.GENERATION_BITS);
    }

    /** The layout of the objects that have it. */
    public final Layout layout() {
        return layout;
    }

    /** From the start of the object to a value. */
    protected final long offsetOf(int index) {
        if (Integer.compareUnsigned(index, count) >= 0) {
            throw new IndexOutOfBoundsException("layout '" + layout.name() + "', field '" + path + "': index " + index
                    + ", expected 0 to " + (count - 1));
        }
        return offset + (long) index * stride;
    }

    /** For messages: layout and path. */
    @Override
    public final String toString() {
        return "layout '" + layout.name() + "', field '" + path + "'";
    }
}
