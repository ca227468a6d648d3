package io.tha.capture;

import io.tha.memory.LineMarks;
import io.tha.memory.Memory;
import io.tha.memory.ObjectMemory;
import io.tha.pool.PoolStructure;
import io.tha.tracker.ForeignPages;
import io.tha.tracker.PageTracker;
import java.util.BitSet;

/**
 * Memory outside the pool and the object in the pool that mirrors it; docs/trackers.md has the invariant.
 *
 * <p>Threads: the group's, under the commit lock.
 */
public final class ForeignMemory {
    private static final int LINE_LENGTH = 1 << LineMarks.LINE_SHIFT;

    private final PoolStructure pool;
    private final long handle;
    private final int group;
    private final long address;
    private final int sizeBytes;
    private final ForeignPages pages;
    /** Pages that were reported, and not copied to the mirror since. */
    private final BitSet untaken = new BitSet();
    /** Pages that the group's transaction has written. */
    private final BitSet undecided = new BitSet();

    /**
     * Nothing is copied yet.
     *
     * @param handle of the mirror
     * @param address of the memory
     * @param pages of the memory
     */
    public ForeignMemory(PoolStructure pool, long handle, long address, ForeignPages pages) {
        this.pool = pool;
        this.handle = handle;
        this.address = address;
        this.pages = pages;
        group = pool.pool().groupOf(handle);
        sizeBytes = pool.pool().layoutOf(handle).sizeBytes();
    }

    public int group() {
        return group;
    }

    /** Of the mirror. */
    public long handle() {
        return handle;
    }

    /** Of the object, which is less than the pages have. */
    public int sizeBytes() {
        return sizeBytes;
    }

    public ForeignPages pages() {
        return pages;
    }

    /** Whether the mirror is live; a deleted one may come back while its transaction is not decided. */
    boolean hasMirror() {
        return pool.pool().isLive(handle);
    }

    /** All of the memory to a new mirror. */
    public void fillMirror() {
        Memory.copy(address, body(), sizeBytes);
    }

    /** All of the mirror to the memory. */
    public void fillMemory() {
        Memory.copy(body(), address, sizeBytes);
        // The open transaction may have written to the mirror, by another memory.
        undecided.set(0, (int) (pages.lengthBytes() >>> LineMarks.PAGE_SHIFT));
    }

    /** What was written since the last time, to the mirror, where the tracker of the pool is told of it. */
    void take(PageTracker tracker) {
        pages.gather(untaken);
        undecided.or(untaken);
        for (int page = untaken.nextSetBit(0); page >= 0 && hasMirror(); page = untaken.nextSetBit(page + 1)) {
            take(tracker, pageStart(page), pageStart(page + 1));
            untaken.clear(page);
        }
    }

    private int pageStart(int page) {
        return (int) Math.min(sizeBytes, (long) page << LineMarks.PAGE_SHIFT);
    }

    private void take(PageTracker tracker, int start, int end) {
        int from = difference(start, end);
        while (from < end) {
            int to = endOfDifferingLines(from, end);
            // Before the write: it may be what keeps the old content, or lets anybody write there.
            tracker.touch(group, ObjectMemory.bodyOffset(handle) + from, to - from);
            Memory.copy(address + from, body() + from, to - from);
            from = difference(to, end);
        }
    }

    /** The offset of the first byte that differs, or the end. */
    private int difference(int start, int end) {
        long difference = Memory.mismatch(address + start, body() + start, end - start);
        return difference < 0 ? end : start + (int) difference;
    }

    /** Behind the last one of the lines that differ without a gap. */
    private int endOfDifferingLines(int from, int end) {
        int lineEnd = from;
        int next = from;
        while (next < end && next < lineEnd + LINE_LENGTH) {
            int bodyInLine = (int) (ObjectMemory.bodyOffset(handle) + next) & LINE_LENGTH - 1;
            lineEnd = Math.min(end, next - bodyInLine + LINE_LENGTH);
            next = difference(lineEnd, end);
        }
        return lineEnd;
    }

    /** After {@link #take}: the first byte that differs although its page was not reported, or -1. */
    int missed() {
        int at = hasMirror() ? difference(0, sizeBytes) : sizeBytes;
        return at == sizeBytes ? -1 : at;
    }

    /** The page's writes will be taken. */
    void report(int offset) {
        untaken.set(offset >>> LineMarks.PAGE_SHIFT);
    }

    /** The mirror is what was committed: what the transaction has written to the memory is undone. */
    void restore() {
        for (int page = undecided.nextSetBit(0); page >= 0 && hasMirror(); page = undecided.nextSetBit(page + 1)) {
            int end = pageStart(page + 1);
            int from = difference(pageStart(page), end);
            while (from < end) {
                int to = endOfDifferingLines(from, end);
                Memory.copy(body() + from, address + from, to - from);
                from = difference(to, end);
            }
        }
    }

    /** The group's transaction is decided. */
    void decided() {
        undecided.clear();
        pages.letGo();
    }

    private long body() {
        return pool.memory().base() + ObjectMemory.bodyOffset(handle);
    }
}
