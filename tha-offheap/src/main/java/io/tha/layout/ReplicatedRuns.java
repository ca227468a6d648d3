package io.tha.layout;

import org.agrona.collections.IntArrayList;

/**
 * Walks what is replicated of an object, in runs: pointers in a row, or bytes without pointers. Local elements are passed over.
 *
 * <p>Threads: one; reused, so that a walk makes no garbage.
 */
public final class ReplicatedRuns {
    /** Looking for the elements of small objects would take longer than what is done with them. */
    private static final int REMEMBERED_BYTES = 4_096;

    private final ElementCursor cursor = new ElementCursor();
    /** All runs of a layout, each a start, an end, and 1 for pointers. */
    private final IntArrayList remembered = new IntArrayList();

    private Layout rememberedLayout;
    /** Of the next remembered run; -1 for a walk without. */
    private int next;

    private Layout layout;
    private int limit;
    private int start;
    private int end;
    private boolean pointers;

    /** Before the first run of a range of an object, which cuts no pointer. */
    public ReplicatedRuns begin(Layout ofObject, int from, int to) {
        boolean isSmall = from == 0 && to == ofObject.sizeBytes() && to <= REMEMBERED_BYTES;
        if (isSmall && ofObject != rememberedLayout) {
            remember(ofObject);
        }
        walk(ofObject, from, to);
        next = isSmall ? 0 : -1;
        return this;
    }

    private void remember(Layout whole) {
        remembered.clear();
        walk(whole, 0, whole.sizeBytes());
        while (next()) {
            remembered.addInt(start);
            remembered.addInt(end);
            remembered.addInt(pointers ? 1 : 0);
        }
        rememberedLayout = whole;
    }

    private void walk(Layout ofObject, int from, int to) {
        layout = ofObject;
        limit = to;
        end = from;
        next = -1;
    }

    /** Moves to the next run; false if there is none. */
    public boolean next() {
        return next >= 0 ? nextRemembered() : nextOfWalk();
    }

    private boolean nextRemembered() {
        if (next == remembered.size()) {
            return false;
        }
        start = remembered.getInt(next);
        end = remembered.getInt(next + 1);
        pointers = remembered.getInt(next + 2) == 1;
        next += 3;
        return true;
    }

    private boolean nextOfWalk() {
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
