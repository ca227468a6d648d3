package io.tha.layout;

/**
 * Finds the primitive element that holds a byte of an object: a number, a pointer, an array element, a whole text. Bytes of BYTES fields and
 * bytes that no field covers are raw: they are not widened.
 *
 * <p>Threads: one; reused, so that a search makes no garbage.
 */
public final class ElementCursor {
    private int start;
    private int end;
    private int runEnd;
    private boolean raw;
    private boolean local;
    private FieldType type = FieldType.BYTES;
    private String target = "";

    /** Moves to the element that holds the byte at this offset, which must be inside the layout. */
    public void seek(Layout layout, int offset) {
        Layout current = layout;
        int base = 0;
        local = false;
        while (true) {
            int index = current.fieldIndexAt(offset - base);
            DeclaredField field = index < 0 ? null : current.fieldByOffset(index);
            if (field == null || field.end() <= offset - base) {
                gap(current, base, index, offset);
                return;
            }
            local |= field.local();
            int fieldStart = base + field.offset();
            int element = field.count() == 1 ? fieldStart : fieldStart + (offset - fieldStart) / field.length() * field.length();
            if (field.nested() == null) {
                leaf(field, element, base, offset);
                return;
            }
            base = element;
            current = field.nested();
        }
    }

    private void leaf(DeclaredField field, int element, int base, int offset) {
        type = field.type();
        target = field.target();
        raw = type == FieldType.BYTES;
        start = raw ? offset : element;
        end = element + field.length();
        runEnd = base + field.end();
    }

    private void gap(Layout layout, int base, int indexBefore, int offset) {
        type = FieldType.BYTES;
        target = "";
        raw = true;
        start = offset;
        boolean hasNext = indexBefore + 1 < layout.fieldCount();
        end = base + (hasNext ? layout.fieldByOffset(indexBefore + 1).offset() : layout.sizeBytes());
        runEnd = end;
    }

    /** Where the element begins; for raw bytes, the offset that was sought. */
    public int start() {
        return start;
    }

    /** Behind the element; for raw bytes, behind the last raw byte in a row. */
    public int end() {
        return end;
    }

    /** Behind the last element of the same type in a row. */
    public int runEnd() {
        return runEnd;
    }

    public boolean isRaw() {
        return raw;
    }

    /** Whether the element is not replicated. */
    public boolean isLocal() {
        return local;
    }

    public FieldType type() {
        return type;
    }

    /** The layout that a pointer is declared to point to; empty for any. */
    public String target() {
        return target;
    }
}
