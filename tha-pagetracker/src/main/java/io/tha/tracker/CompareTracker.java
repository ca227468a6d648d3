package io.tha.tracker;

import io.tha.pool.PageTable;
import io.tha.pool.PoolStructure;

/** Reports every line of every page of the group, so that the diff compares all of it. */
final class CompareTracker implements PageTracker {
    private static final long ALL_LINES = -1;

    private final PoolStructure pool;

    CompareTracker(PoolStructure pool) {
        this.pool = pool;
    }

    @Override
    public TrackerKind kind() {
        return TrackerKind.COMPARE;
    }

    @Override
    public void start() {
        // The diff finds everything: nothing has to be noticed.
    }

    @Override
    public void gather() {
        // Nothing is asked: everything is compared.
    }

    @Override
    public void touch(int group, long poolOffset, long lengthBytes) {
        // Everything is compared.
    }

    @Override
    public void collect(int group, LineConsumer consumer) {
        PageTable pages = pool.pages();
        int end = pool.memory().pageCount();
        for (int page = pool.memory().firstDataPage(); page < end; page++) {
            // An adopted image may have slabs of layouts that were removed.
            if (pages.slotLength(page) != 0 && pages.groupId(page) == group && pool.layoutOn(page) != null) {
                consumer.accept(page, ALL_LINES);
            }
        }
    }

    @Override
    public void clear(int group) {
        // Nothing is kept.
    }

    @Override
    public void close() {
        // Nothing is held.
    }
}
