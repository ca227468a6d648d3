package io.tha.memory;

/**
 * Memory in which objects live in slots, reached by handles.
 *
 * <pre>
 *  handle   63                                16 15             0
 *          | offset of the body (48 bits)       | generation     |      0 is null
 *
 *  slot     … | check word (8 bytes) | body …
 *             ^ body - 8             ^ body
 *
 *  check word of a live object = handle ^ layout key;  layout key = fingerprint of the layout with its low 16 bits zero
 * </pre>
 *
 * One load and one compare decide at each access that the handle names the start of a live object of this generation and this layout: after
 * deletion the word holds something else, and in memory that was carved anew it would have to match 64 bits by accident.
 *
 * <p>Threads: one at a time per group, as {@link LineMarks}.
 */
public abstract class ObjectMemory {
    /** No body begins before this offset. */
    public static final long FIRST_BODY_OFFSET = LineMarks.PAGE_LENGTH;

    public static final int GENERATION_BITS = 16;
    public static final long GENERATION_MASK = 0xFFFF;
    public static final int CHECK_WORD_LENGTH = Long.BYTES;

    private long base;
    private long bodyRange;
    private LineMarks marks;
    private boolean readOnly;

    /** Nothing is reachable until {@link #attach}. */
    protected ObjectMemory() {}

    /** Makes memory reachable: from now on handles refer to {@code [base, base + lengthBytes)}. */
    protected final void attach(long baseAddress, long lengthBytes) {
        base = baseAddress;
        bodyRange = Math.max(0, lengthBytes - FIRST_BODY_OFFSET);
    }

    /** Makes every handle invalid. */
    protected final void detach() {
        bodyRange = 0;
    }

    /** From now on, writes are marked; null for no marks. */
    protected final void marks(LineMarks lineMarks) {
        marks = lineMarks;
    }

    protected final void readOnly(boolean refuseWrites) {
        readOnly = refuseWrites;
    }

    public final long base() {
        return base;
    }

    /** Marks of written lines, or null. */
    public final LineMarks marks() {
        return marks;
    }

    public final boolean isReadOnly() {
        return readOnly;
    }

    /** The generation in a handle. */
    public static int generation(long handle) {
        return (int) (handle & GENERATION_MASK);
    }

    /** The offset of the body in a handle. */
    public static long bodyOffset(long handle) {
        return handle >>> GENERATION_BITS;
    }

    public static long handle(long bodyOffset, int generation) {
        return bodyOffset << GENERATION_BITS | generation;
    }

    /** What is XORed with a handle to get the check word of its live object. */
    public static long layoutKey(long fingerprint) {
        return fingerprint & ~GENERATION_MASK;
    }

    /**
     * The address of an object's body, for reading.
     *
     * @throws RuntimeException what {@link #rejected} says, when the handle names no live object of this layout
     */
    public final long read(long handle, long layoutKey) {
        long offset = handle >>> GENERATION_BITS;
        if (Long.compareUnsigned(offset - FIRST_BODY_OFFSET, bodyRange) >= 0
                || Memory.getLong(base + offset - CHECK_WORD_LENGTH) != (handle ^ layoutKey)) {
            throw rejected(handle, layoutKey);
        }
        return base + offset;
    }

    /** The address of a body, for writing a value of at most eight bytes at a multiple of its width. */
    public final long write(long handle, long layoutKey, long fieldOffset) {
        long address = read(handle, layoutKey);
        LineMarks lineMarks = marks;
        if (lineMarks != null) {
            lineMarks.mark(address - base + fieldOffset);
        } else if (readOnly) {
            throw writeRefused();
        }
        return address + fieldOffset;
    }

    /** The address of a range of a body, for writing all of it. */
    public final long writeRange(long handle, long layoutKey, long fieldOffset, long lengthBytes) {
        long address = read(handle, layoutKey);
        if (readOnly) {
            throw writeRefused();
        }
        if (marks != null) {
            marks.markRange(address - base + fieldOffset, lengthBytes);
        }
        return address + fieldOffset;
    }

    /** The exception that tells why a handle was not accepted. */
    protected abstract RuntimeException rejected(long handle, long layoutKey);

    /** The exception for a write where only reading is allowed. */
    protected abstract RuntimeException writeRefused();
}
