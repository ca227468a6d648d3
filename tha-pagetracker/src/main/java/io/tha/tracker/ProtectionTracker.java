package io.tha.tracker;

import io.tha.memory.LineMarks;
import io.tha.pool.PageTable;
import io.tha.pool.PoolStructure;

/** Reports the pages that were written while they were protected, whoever wrote them; docs/trackers.md. */
final class ProtectionTracker implements PageTracker {
    private final TrackerKind kind;
    private final PoolStructure pool;
    private final PageTable pages;
    private final WriteProtection protection;
    private final PendingPages pending;
    private final WriteProtection.RangeConsumer handOut = this::handOut;
    private final long base;
    private final boolean watchesFromStart;
    private boolean closed;

    ProtectionTracker(TrackerKind kind, WriteProtection protection, PoolStructure pool, long workingBase) {
        this.kind = kind;
        this.protection = protection;
        this.pool = pool;
        pages = pool.pages();
        base = workingBase;
        // A standby's pool that will be written in place: until then its follower writes it, and nobody should notice.
        watchesFromStart = workingBase == pool.memory().base() && pool.pool().isReadOnly() && !pool.memory().isPrivate();
        pending = new PendingPages(pool.memory().pageCount());
        try {
            if (!watchesFromStart) {
                watch();
            }
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private void watch() {
        long data = (long) pool.memory().firstDataPage() << LineMarks.PAGE_SHIFT;
        protection.watch(base + data, pool.memory().sizeBytes() - data);
    }

    @Override
    public TrackerKind kind() {
        return kind;
    }

    @Override
    public void start() {
        if (watchesFromStart) {
            watch();
        }
        // Else it is watched since it was made: what was written meanwhile will be found equal.
    }

    @Override
    public void gather() {
        long from = base + ((long) pool.memory().firstDataPage() << LineMarks.PAGE_SHIFT);
        long to = base + ((long) pool.endOfUsedPages() << LineMarks.PAGE_SHIFT);
        protection.scan(from, to, handOut);
    }

    private void handOut(long start, long end) {
        int last = (int) (end - base - 1 >>> LineMarks.PAGE_SHIFT);
        for (int page = (int) (start - base >>> LineMarks.PAGE_SHIFT); page <= last; page++) {
            // A free page's writes are nobody's, those of the engine's own pages are derived.
            if (pages.slotLength(page) != 0 && pool.layoutOn(page) != null) {
                pending.add(page, pages.groupId(page));
            }
        }
    }

    @Override
    public void touch(int group, long poolOffset, long lengthBytes) {
        protection.hold(group, base + poolOffset, base + poolOffset + lengthBytes);
    }

    @Override
    public void collect(int group, LineConsumer consumer) {
        pending.collect(group, consumer);
    }

    @Override
    public void clear(int group) {
        pending.clear(group);
        protection.letGo(group);
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            protection.close();
            pending.close();
        }
    }
}
