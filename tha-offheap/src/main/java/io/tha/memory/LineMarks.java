package io.tha.memory;

import java.util.Arrays;

/**
 * Which lines of a pool were written since they were last cleared: one long of 64 line bits per 4-KiB page, and per group the list of pages
 * with a bit set, so that collecting costs what was written and not what exists.
 *
 * <p>Threads: at most one at a time per group; groups never share a page, so different groups go in parallel.
 */
public final class LineMarks implements AutoCloseable {
    public static final int PAGE_SHIFT = 12;
    public static final int PAGE_LENGTH = 1 << PAGE_SHIFT;
    public static final int LINE_SHIFT = 6;
    private static final int INITIAL_PAGE_LIST = 256;
    private static final long IMPROBABLE = 0x7C15_9E37_79B9_7F4BL;

    private final int pageCount;
    private final long masks;
    private final int groupStride;
    private long groups;
    private long aheadBase;
    /** Where the pool is mapped, while old content is kept, otherwise 0. */
    private long keptBase;
    /** Per page, its place in its group's list; only while old content is kept. */
    private long places;
    private volatile PageList[] lists = {new PageList()};

    /**
     * For a pool of so many pages.
     *
     * @param groupStride how far apart the pages' group ids are, see {@link #groups}
     */
    public LineMarks(int pageCount, int groupStride) {
        this.pageCount = pageCount;
        this.groupStride = groupStride;
        masks = Memory.allocate((long) pageCount * Long.BYTES);
    }

    /** The address of the group id, of 16 bits, of the first page. */
    public void groups(long address) {
        groups = address;
    }

    /**
     * From now on, whoever marks a line also loads what is at its offset from this address, so that both loads wait for memory at the same time;
     * 0 for nothing.
     */
    public void loadAhead(long address) {
        aheadBase = address;
    }

    /**
     * From now on, whoever marks a line first keeps what it holds.
     *
     * @param base where the pool is mapped
     */
    public void keepOldContent(long base) {
        places = Memory.allocate((long) pageCount * Integer.BYTES);
        keptBase = base;
    }

    /** Where the old content of a page with a mark begins; only that of its marked lines is there. */
    public long oldContent(int page) {
        return lists[group(page)].old.content(place(page));
    }

    /** Of a page with a mark, the lines that were {@linkplain #touchRange touched}. */
    public long touchedLines(int page) {
        return lists[group(page)].old.changedAnyway(place(page));
    }

    private int place(int page) {
        return Memory.getInt(places + (long) page * Integer.BYTES);
    }

    /** Marks every line of a range, which may have been written already: its old content, if it is kept, does not tell whether it was. */
    public void touchRange(long poolOffset, long lengthBytes) {
        markRange(poolOffset, lengthBytes);
        long lastLine = (poolOffset + lengthBytes - 1) >>> LINE_SHIFT;
        for (long line = poolOffset >>> LINE_SHIFT; line <= lastLine && keptBase != 0; line++) {
            int page = (int) (line >>> PAGE_SHIFT - LINE_SHIFT);
            lists[group(page)].old.changeAnyway(place(page), 1L << line);
        }
    }

    /** Marks the line that holds the byte at this offset, which must be inside the pool. */
    public void mark(long poolOffset) {
        int page = (int) (poolOffset >>> PAGE_SHIFT);
        long address = masks + ((long) page << 3);
        long mask = Memory.getLong(address);
        long bit = 1L << (poolOffset >>> LINE_SHIFT);
        if ((mask & bit) == 0) {
            Memory.putLong(address, mask | bit);
            loadLine(poolOffset);
            if (mask == 0) {
                lists[group(page)].add(page);
            }
            if (keptBase != 0) {
                keep(page, mask == 0, poolOffset & -1L << LINE_SHIFT);
            }
        }
    }

    private void keep(int page, boolean first, long line) {
        PageList list = lists[group(page)];
        if (first) {
            Memory.putInt(places + (long) page * Integer.BYTES, list.count - 1);
            list.old.ensure(list.count - 1);
        }
        Memory.copy(keptBase + line, list.old.content(place(page)) + (line & PAGE_LENGTH - 1), 1L << LINE_SHIFT);
    }

    private void loadLine(long poolOffset) {
        // Java has no prefetch. This load counts for something, or it would be removed, and nobody waits for it: the branch is foretold.
        if (aheadBase != 0 && Memory.getLong(aheadBase + (poolOffset & -Long.BYTES)) == IMPROBABLE) {
            Thread.onSpinWait();
        }
    }

    /** Marks every line that a range inside the pool touches. */
    public void markRange(long poolOffset, long lengthBytes) {
        long lastLine = (poolOffset + lengthBytes - 1) >>> LINE_SHIFT;
        for (long line = poolOffset >>> LINE_SHIFT; line <= lastLine && lengthBytes > 0; line++) {
            mark(line << LINE_SHIFT);
        }
    }

    private int group(int page) {
        return Memory.getShort(groups + (long) page * groupStride) & 0xFFFF;
    }

    /** How many pages of the group have a marked line. */
    public int dirtyPageCount(int group) {
        return group < lists.length && lists[group] != null ? lists[group].count : 0;
    }

    /** The i-th of them. */
    public int dirtyPage(int group, int i) {
        return lists[group].pages[i];
    }

    /** The marked lines of a page; bit 0 is its first line. */
    public long mask(int page) {
        return Memory.getLong(masks + ((long) page << 3));
    }

    public int pageCount() {
        return pageCount;
    }

    /** Forgets the marks of a group. */
    public void clear(int group) {
        if (dirtyPageCount(group) == 0) {
            return;
        }
        PageList list = lists[group];
        for (int i = 0; i < list.count; i++) {
            Memory.putLong(masks + ((long) list.pages[i] << 3), 0);
        }
        list.count = 0;
        list.old.clear();
    }

    /** Prepares for pages of a group. */
    public synchronized void ensureGroup(int group) {
        if (group >= lists.length) {
            lists = Arrays.copyOf(lists, Math.max(group + 1, lists.length * 2));
        }
        if (lists[group] == null) {
            lists[group] = new PageList();
        }
    }

    @Override
    public void close() {
        Memory.free(masks);
        Memory.free(places);
        for (PageList list : lists) {
            if (list != null) {
                list.old.close();
            }
        }
    }

    private static final class PageList {
        private final OldLines old = new OldLines();
        private int[] pages = new int[INITIAL_PAGE_LIST];
        private int count;

        void add(int page) {
            if (count == pages.length) {
                pages = Arrays.copyOf(pages, count * 2);
            }
            pages[count++] = page;
        }
    }
}
