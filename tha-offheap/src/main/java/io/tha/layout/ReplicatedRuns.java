package io.tha.layout;

/**
 * Walks what is replicated of an object, in runs: pointers in a row, or bytes without pointers. Local elements are passed over.
 *
 * <p>Threads: one; reused, so that a walk makes no garbage.
 */
public final class ReplicatedRuns {
    private final ElementCursor cursor = new ElementCursor();
    private Layout layout;
    private int limit;
    private int start;
    private int end;
    private boolean pointers;

    /** Before the first run of a range of an object, which cuts no pointer. */
    public ReplicatedRuns begin(Layout ofObject, int from, int to) {
        layout = ofObject;
        limit = to;
        end = from;
        return this;
    }

    /** Moves to the next run; false if there is none. */
    public boolean next() {
        if (end < limit && !layout.hasPointers() && !layout.hasLocals()) {
            start = end;
            end = limit;
            pointers = false;
            return true;
        }
        while (end < limit) {
            start = end;
            seek(start);
            if (!cursor.isLocal()) {
                pointers = cursor.type() == FieldType.POINTER;
                extend();
                return true;
            }
        }
        return false;
    }

    private void seek(int offset) {
        cursor.seek(layout, offset);
        end = Math.min(limit, cursor.isRaw() ? cursor.end() : cursor.runEnd());
    }

    private void extend() {
        while (end < limit) {
            int before = end;
            seek(before);
            if (cursor.isLocal() || pointers != (cursor.type() == FieldType.POINTER)) {
                end = before;
                return;
            }
        }
    }

    /** Offset in the object. */
    public int start() {
        return start;
    }

    public int end() {
        return end;
    }

    /** Whether the run is pointers, of eight bytes each. */
    public boolean isPointers() {
        return pointers;
    }

    /** Where an object can be cut: an offset, or behind the pointer that it would cut. */
    public int cut(Layout ofObject, int offset) {
        if (offset <= 0 || offset >= ofObject.sizeBytes() || !ofObject.hasPointers()) {
            return Math.max(0, Math.min(offset, ofObject.sizeBytes()));
        }
        cursor.seek(ofObject, offset);
        return cursor.type() == FieldType.POINTER && cursor.start() < offset ? cursor.end() : offset;
    }
}
