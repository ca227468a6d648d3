package io.tha.capture;

import io.tha.layout.ElementCursor;
import io.tha.layout.Layout;
import io.tha.memory.LineMarks;
import io.tha.memory.Memory;
import io.tha.memory.ObjectMemory;
import io.tha.pool.LayoutEntry;
import io.tha.pool.PageTable;
import io.tha.pool.PoolStructure;
import io.tha.pool.SlabGeometry;
import io.tha.tracker.PageTracker.LineConsumer;

/**
 * Written lines in, changed ranges of objects out: page ▶ slab ▶ slot ▶ elements whose bytes differ from the committed image. Local elements
 * are passed over.
 *
 * <p>Threads: under the commit lock.
 */
final class Differ implements LineConsumer {
    private static final int LONG_SHIFT = 3;
    private static final long LINE_LENGTH = 1L << LineMarks.LINE_SHIFT;

    private final PoolStructure pool;
    private final PageTable pages;
    private final OldContent oldContent;
    private final ElementCursor cursor = new ElementCursor();
    private long unknownFrom;
    private boolean sendsWrittenLines;
    private boolean clips;
    private RangeSink sink;
    /** Of the page at hand: the old content of a byte is at its offset from here. */
    private long old;
    /** Offset in the pool up to which old content is known. */
    private long windowEnd;
    private long lastHandle;
    private int lastStart;
    private int lastEnd;

    Differ(PoolStructure pool, OldContent oldContent) {
        this.pool = pool;
        this.pages = pool.pages();
        this.oldContent = oldContent;
    }

    /**
     * Begins a collection.
     *
     * @param rangeSink receives the ranges
     * @param everyWrittenLine whether written lines are reported whether they differ from the image or not, since it does not tell what the other
     *     side has
     */
    void begin(RangeSink rangeSink, boolean everyWrittenLine) {
        sink = rangeSink;
        sendsWrittenLines = everyWrittenLine;
        clips = false;
        lastHandle = 0;
    }

    /** Begins a collection of all that is in written lines: exactly that, also where an element goes on in another line. */
    void beginClipped(RangeSink rangeSink) {
        begin(rangeSink, true);
        clips = true;
    }

    /** Sends the ranges that follow elsewhere. */
    void sendTo(RangeSink rangeSink) {
        sink = rangeSink;
    }

    /** In the group that comes next, objects with ids from this one on are not known to the other side, and nothing is reported of them. */
    void unknownFrom(long objectId) {
        unknownFrom = objectId;
    }

    @Override
    public void accept(int page, long lines) {
        LayoutEntry entry = pages.slotLength(page) == 0 ? null : pool.layoutOn(page);
        if (entry == null) {
            return;
        }
        long slabStart = (long) pages.slabFirstPage(page) << LineMarks.PAGE_SHIFT;
        long pageStart = (long) page << LineMarks.PAGE_SHIFT;
        long unseen = sendsWrittenLines ? lines : lines & oldContent.unknownLines(page);
        if (unseen != lines) {
            old = oldContent.base(page);
            for (long left = lines & ~unseen; left != 0; left &= left - 1) {
                differences(entry, slabStart, pageStart + ((long) Long.numberOfTrailingZeros(left) << LineMarks.LINE_SHIFT));
            }
        }
        if (unseen != 0) {
            writtenLines(entry, slabStart, pageStart, unseen);
        }
    }

    @Override
    public void named(long poolOffset, long lengthBytes) {
        int page = (int) (poolOffset >>> LineMarks.PAGE_SHIFT);
        LayoutEntry entry = pages.slotLength(page) == 0 ? null : pool.layoutOn(page);
        long body = entry == null ? -1 : pages.bodyAt(poolOffset);
        long handle = body < 0 ? 0 : pool.checkWord(body) ^ entry.key();
        if (body < 0 || !isKnown(handle, body)) {
            return;
        }
        int from = (int) (poolOffset - body);
        int to = from + (int) lengthBytes;
        if (sendsWrittenLines) {
            written(entry.layout(), handle, from, to);
        } else {
            old = oldContent.base(page);
            windowEnd = Long.MAX_VALUE;
            compare(entry.layout(), handle, old + body, from, to);
        }
    }

    /**
     * What differs in a line of a slab. Bytes are compared before anybody asks whose they are: a look at the slot that only shares the line with
     * the written one would wait for memory that nobody has touched. And they are compared whole, without a branch: where a service writes next
     * is what a processor cannot foretell, and each wrong guess would cost as much as the comparison.
     */
    private void differences(LayoutEntry entry, long slabStart, long line) {
        long mine = pool.memory().base();
        long other = old;
        windowEnd = oldContent.isWhole() ? Long.MAX_VALUE : line + LINE_LENGTH;
        int differing = Memory.differingLongs(mine + line, other + line);
        long decided = line;
        while (differing != 0) {
            long word = line + ((long) Integer.numberOfTrailingZeros(differing) << LONG_SHIFT);
            int decidedBits = (int) Math.max(0, decided - word) * Byte.SIZE;
            long difference = (Memory.getLong(mine + word) ^ Memory.getLong(other + word)) >>> decidedBits << decidedBits;
            if (difference == 0) {
                differing &= differing - 1;
            } else {
                decided = decide(entry, slabStart, word + (Long.numberOfTrailingZeros(difference) >>> 3));
                differing &= -1 << (int) Math.min(Long.BYTES, (decided - line) >>> LONG_SHIFT);
            }
        }
    }

    /** Reports the element to which a byte that differs belongs, if it is anybody's; returns the offset up to which all is decided with it. */
    private long decide(LayoutEntry entry, long slabStart, long offset) {
        int slot = (int) (offset - slabStart) / entry.slotLength();
        if (slot >= entry.slabSlots()) {
            return Long.MAX_VALUE;
        }
        long body = bodyOffset(entry, slabStart, slot);
        if (offset < body) {
            return body;
        }
        int at = (int) (offset - body);
        long handle = pool.checkWord(body) ^ entry.key();
        if (at >= entry.layout().sizeBytes() || !isKnown(handle, body)) {
            return slabStart + (slot + 1L) * entry.slotLength();
        }
        int unreported = firstUnreported(handle, at);
        return body + (unreported > at ? unreported : element(entry.layout(), handle, old + body, at));
    }

    /** Whether a live object begins here that the other side has. */
    private boolean isKnown(long handle, long body) {
        return ObjectMemory.bodyOffset(handle) == body && (unknownFrom == Long.MAX_VALUE || pool.objectId(body) < unknownFrom);
    }

    private void writtenLines(LayoutEntry entry, long slabStart, long pageStart, long lines) {
        long left = lines;
        while (left != 0) {
            int firstLine = Long.numberOfTrailingZeros(left);
            int lineCount = Long.numberOfTrailingZeros(~(left >>> firstLine));
            left = firstLine + lineCount >= Long.SIZE ? 0 : left >>> firstLine + lineCount << firstLine + lineCount;
            long from = pageStart + ((long) firstLine << LineMarks.LINE_SHIFT);
            slots(entry, slabStart, from, from + ((long) lineCount << LineMarks.LINE_SHIFT));
        }
    }

    /** All of a range of a slab, object by object. */
    private void slots(LayoutEntry entry, long slabStart, long from, long to) {
        for (int slot = (int) (from - slabStart) / entry.slotLength(); slot < entry.slabSlots(); slot++) {
            long body = bodyOffset(entry, slabStart, slot);
            int start = (int) Math.max(0, from - body);
            int end = (int) Math.min(entry.layout().sizeBytes(), to - body);
            if (end <= 0) {
                return;
            }
            long handle = pool.checkWord(body) ^ entry.key();
            if (start < end && isKnown(handle, body)) {
                written(entry.layout(), handle, start, end);
            }
        }
    }

    private static long bodyOffset(LayoutEntry entry, long slabStart, int slot) {
        return SlabGeometry.bodyOffset((int) (slabStart >>> LineMarks.PAGE_SHIFT), entry.slotLength(), slot);
    }

    /** Reports the elements of a new object that are not zero. */
    void created(LayoutEntry entry, long handle) {
        windowEnd = Long.MAX_VALUE;
        compare(entry.layout(), handle, 0, 0, entry.layout().sizeBytes());
    }

    /** Reports the elements of a committed object that differ, marked or not; where the old content is whole. */
    void committed(LayoutEntry entry, long handle) {
        long body = ObjectMemory.bodyOffset(handle);
        windowEnd = Long.MAX_VALUE;
        compare(entry.layout(), handle, oldContent.base((int) (body >>> LineMarks.PAGE_SHIFT)) + body, 0, entry.layout().sizeBytes());
    }

    /** Reports all of an object. */
    void whole(LayoutEntry entry, long handle) {
        written(entry.layout(), handle, 0, entry.layout().sizeBytes());
    }

    private void compare(Layout layout, long handle, long other, int from, int to) {
        long mine = pool.memory().base() + ObjectMemory.bodyOffset(handle);
        int at = firstUnreported(handle, from);
        while (at < to) {
            long step = mismatch(mine + at, other == 0 ? 0 : other + at, to - at);
            if (step < 0) {
                return;
            }
            at = element(layout, handle, other, at + (int) step);
        }
    }

    /** Reports the element with a byte that differs, and those behind it in the window that differ too; returns where they end. */
    private int element(Layout layout, long handle, long other, int at) {
        long body = ObjectMemory.bodyOffset(handle);
        long mine = pool.memory().base() + body;
        int bound = (int) Math.min(Integer.MAX_VALUE, windowEnd - body);
        cursor.seek(layout, at);
        int end = cursor.isRaw() ? rawEnd(mine, other, at, bound) : elementsEnd(mine, other, bound);
        if (!cursor.isLocal()) {
            report(handle, cursor.start(), end);
        }
        return end;
    }

    /** Where the elements in a row that differ end. */
    private int elementsEnd(long mine, long other, int bound) {
        int length = cursor.end() - cursor.start();
        int end = cursor.end();
        while (end < cursor.runEnd() && end + length <= bound && mismatch(mine + end, other == 0 ? 0 : other + end, length) >= 0) {
            end += length;
        }
        return end;
    }

    private int rawEnd(long mine, long other, int from, int bound) {
        int end = from + 1;
        int last = Math.min(cursor.end(), bound);
        while (end < last && Memory.getByte(mine + end) != (other == 0 ? 0 : Memory.getByte(other + end))) {
            end++;
        }
        return end;
    }

    private static long mismatch(long mine, long other, long length) {
        return (other == 0 ? Memory.firstNonZero(mine, length) : Memory.mismatch(mine, other, length));
    }

    /** Reports the elements of a range whether they differ or not; those between local ones in one piece. */
    private void written(Layout layout, long handle, int from, int to) {
        int at = firstUnreported(handle, from);
        int start = -1;
        while (at < to) {
            cursor.seek(layout, at);
            if (cursor.isLocal()) {
                reportWritten(handle, start, at, from, to);
                start = -1;
            } else if (start < 0) {
                start = cursor.start();
            }
            at = elementsEnd(to);
        }
        reportWritten(handle, start, at, from, to);
    }

    /** Where the elements like the one at the cursor end that begin before an offset. */
    private int elementsEnd(int to) {
        if (cursor.isRaw()) {
            return Math.min(cursor.end(), to);
        }
        int length = cursor.end() - cursor.start();
        int count = (Math.min(cursor.runEnd(), to) - cursor.start() + length - 1) / length;
        return cursor.start() + count * length;
    }

    private void reportWritten(long handle, int start, int end, int from, int to) {
        if (start >= 0) {
            report(handle, clips ? Math.max(from, start) : start, clips ? Math.min(end, to) : end);
        }
    }

    /** An element may begin in one range of lines and end in the next. Pages come in the order of their first write, not of their addresses. */
    private int firstUnreported(long handle, int from) {
        return handle == lastHandle && from >= lastStart ? Math.max(from, lastEnd) : from;
    }

    private void report(long handle, int start, int end) {
        sink.differs(handle, start, end);
        lastHandle = handle;
        lastStart = start;
        lastEnd = end;
    }
}
