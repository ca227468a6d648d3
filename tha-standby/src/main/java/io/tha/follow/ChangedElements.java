package io.tha.follow;

import io.tha.layout.ElementCursor;
import io.tha.layout.FieldType;
import io.tha.layout.Layout;
import io.tha.memory.Memory;
import io.tha.pool.PoolStructure;

/**
 * Writes of bytes that the active has not compared only the elements that differ from the copy: the cache lines and pages of all others stay clean.
 *
 * <p>Threads: the follower's; reused, so that an update makes no garbage.
 */
final class ChangedElements {
    private final PoolStructure pool;
    private final Pointers pointers;
    private final ElementCursor cursor = new ElementCursor();

    ChangedElements(PoolStructure pool, Pointers pointers) {
        this.pool = pool;
        this.pointers = pointers;
    }

    /**
     * Writes what differs in a range that is inside the object.
     *
     * @param layout of the object
     * @param body offset of the object in the pool
     * @param start of the range, an offset in the object
     * @param end behind the range, an offset in the object
     * @param source address of the range's bytes as the active has them
     * @return how many bytes were written
     */
    int write(Layout layout, long body, int start, int end, long source) {
        long mine = pool.memory().base() + body;
        // Where the object would begin: both sides count from there.
        long theirs = source - start;
        if (!layout.hasPointers()) {
            return writeValues(layout, mine, theirs, start, end);
        }
        // Pointers are looked at one by one: other bytes may mean the same object here, and the same bytes another one.
        int written = 0;
        int at = start;
        while (at < end) {
            cursor.seek(layout, at);
            int runEnd = Math.min(cursor.runEnd(), end);
            if (cursor.type() != FieldType.POINTER) {
                written += writeValues(layout, mine, theirs, at, runEnd);
            } else if (cursor.start() == at && (runEnd - at) % Long.BYTES == 0) {
                written += writePointers(body, theirs, at, runEnd);
            } else {
                // Part of a pointer, which is complete only with another frame.
                Memory.copy(theirs + at, mine + at, runEnd - at);
                pointers.convert(layout, body, at, runEnd);
                written += runEnd - at;
            }
            at = runEnd;
        }
        return written;
    }

    private int writePointers(long body, long theirs, int start, int end) {
        int written = 0;
        for (int at = start; at < end; at += Long.BYTES) {
            written += pointers.write(body + at, Memory.getLong(theirs + at), cursor.target()) ? Long.BYTES : 0;
        }
        return written;
    }

    private int writeValues(Layout layout, long mine, long theirs, int start, int end) {
        int written = 0;
        int at = start;
        while (at < end) {
            long equal = Memory.mismatch(theirs + at, mine + at, end - at);
            if (equal < 0) {
                break;
            }
            cursor.seek(layout, at + (int) equal);
            int from = Math.max(cursor.start(), at);
            at = differingEnd(mine, theirs, end);
            Memory.copy(theirs + from, mine + from, at - from);
            written += at - from;
        }
        return written;
    }

    /** Where the elements in a row that differ end, of which the cursor is on the first one; a raw byte is an element. */
    private int differingEnd(long mine, long theirs, int end) {
        int length = cursor.isRaw() ? 1 : cursor.end() - cursor.start();
        int limit = Math.min(cursor.isRaw() ? cursor.end() : cursor.runEnd(), end);
        int at = Math.min(cursor.start() + length, limit);
        while (at < limit && Memory.mismatch(theirs + at, mine + at, Math.min(length, limit - at)) >= 0) {
            at = Math.min(at + length, limit);
        }
        return at;
    }
}
