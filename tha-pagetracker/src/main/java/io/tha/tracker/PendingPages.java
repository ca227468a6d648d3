package io.tha.tracker;

import io.tha.memory.Memory;
import io.tha.tracker.PageTracker.LineConsumer;
import java.util.Arrays;

/**
 * Pages that a scan has found, kept for the groups that wrote them until their transactions are decided; docs/trackers.md has the invariants.
 *
 * <p>Threads: under the commit lock.
 */
final class PendingPages implements AutoCloseable {
    private static final long ALL_LINES = -1;
    private static final int FIRST_CAPACITY = 64;

    /** Per page, the group that reports it plus one; 0 for none. */
    private final long listed;

    private PageList[] lists = new PageList[1];

    PendingPages(int pageCount) {
        listed = Memory.allocate((long) pageCount * Integer.BYTES);
    }

    /** The group must report the page. */
    void add(int page, int group) {
        if (listedUnder(page) != group) {
            Memory.putInt(entry(page), group + 1);
            list(group).add(page);
        }
    }

    void collect(int group, LineConsumer consumer) {
        if (group < lists.length && lists[group] != null) {
            PageList list = lists[group];
            for (int i = 0; i < list.count; i++) {
                if (listedUnder(list.pages[i]) == group) {
                    consumer.accept(list.pages[i], ALL_LINES);
                }
            }
        }
    }

    void clear(int group) {
        if (group < lists.length && lists[group] != null) {
            PageList list = lists[group];
            for (int i = 0; i < list.count; i++) {
                if (listedUnder(list.pages[i]) == group) {
                    Memory.putInt(entry(list.pages[i]), 0);
                }
            }
            list.count = 0;
        }
    }

    private int listedUnder(int page) {
        return Memory.getInt(entry(page)) - 1;
    }

    private long entry(int page) {
        return listed + (long) page * Integer.BYTES;
    }

    private PageList list(int group) {
        if (group >= lists.length) {
            lists = Arrays.copyOf(lists, Math.max(group + 1, lists.length * 2));
        }
        if (lists[group] == null) {
            lists[group] = new PageList();
        }
        return lists[group];
    }

    @Override
    public void close() {
        Memory.free(listed);
    }

    private static final class PageList {
        private int[] pages = new int[FIRST_CAPACITY];
        private int count;

        void add(int page) {
            if (count == pages.length) {
                pages = Arrays.copyOf(pages, count * 2);
            }
            pages[count++] = page;
        }
    }
}
