package io.tha.capture;

import io.tha.memory.LineMarks;
import io.tha.memory.Memory;
import io.tha.memory.ObjectMemory;
import io.tha.pool.CommittedImage;
import io.tha.pool.LayoutEntry;
import io.tha.pool.PoolStructure;
import io.tha.tracker.PageTracker;
import io.tha.tracker.PageTracker.LineConsumer;
import io.tha.tracker.TrackerKind;
import io.tha.tracker.Trackers;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.collections.IntArrayList;

/**
 * Checks a tracker against a comparison of everything, at each n-th capture. What differs although the tracker has not reported its line is a
 * missed write: it is told, and repaired, since the comparison sends it.
 *
 * <p>Threads: under the commit lock; the counters by any.
 */
public final class Audit implements RangeSink, AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Audit.class.getName());

    private final PoolStructure pool;
    private final CommittedImage image;
    private final PageTracker tracker;
    private final PageTracker comparison;
    private final int every;
    private final long reportedLines;
    private final IntArrayList reportedPages = new IntArrayList();
    private final LineConsumer note = this::note;
    private final AtomicLong audited = new AtomicLong();
    private final AtomicLong missed = new AtomicLong();
    private RangeSink sink;
    private long captures;

    /**
     * An audit of a tracker.
     *
     * @param every how many captures pass from one that is checked to the next; 1 checks all, 0 none
     */
    public Audit(PoolStructure pool, CommittedImage image, PageTracker tracker, int every) {
        this.pool = pool;
        this.image = image;
        this.tracker = tracker;
        this.every = every;
        comparison = Trackers.create(TrackerKind.COMPARE, pool, image, pool.memory().base());
        reportedLines = every == 0 ? 0 : Memory.allocate((long) pool.memory().pageCount() * Long.BYTES);
    }

    /** Whether the capture that begins is one to be checked. */
    boolean isDue() {
        if (every == 0 || ++captures % every != 0) {
            return false;
        }
        audited.lazySet(audited.get() + 1);
        return true;
    }

    /** Where the ranges go when they have been checked. */
    RangeSink over(RangeSink next) {
        sink = next;
        return this;
    }

    /** In the place of the tracker's own collection. */
    void collect(int group, Differ differ) {
        tracker.collect(group, note);
        comparison.collect(group, differ);
        for (int i = 0; i < reportedPages.size(); i++) {
            Memory.putLong(mask(reportedPages.getInt(i)), 0);
        }
        reportedPages.clear();
    }

    private void note(int page, long lines) {
        Memory.putLong(mask(page), Memory.getLong(mask(page)) | lines);
        reportedPages.addInt(page);
    }

    @Override
    public void differs(long handle, int start, int end) {
        long from = ObjectMemory.bodyOffset(handle) + start;
        long to = from + end - start;
        while (from < to) {
            long lineEnd = Math.min(to, (from >>> LineMarks.LINE_SHIFT) + 1 << LineMarks.LINE_SHIFT);
            long mask = Memory.getLong(mask((int) (from >>> LineMarks.PAGE_SHIFT)));
            if ((mask & 1L << (from >>> LineMarks.LINE_SHIFT)) == 0) {
                long difference = Memory.mismatch(pool.memory().base() + from, image.address(from), lineEnd - from);
                if (difference >= 0) {
                    missed(tracker.kind(), handle, (int) (from + difference - ObjectMemory.bodyOffset(handle)));
                }
            }
            from = lineEnd;
        }
        sink.differs(handle, start, end);
    }

    /** A write to an object was not reported. */
    void missed(TrackerKind kind, long handle, int offset) {
        missed.lazySet(missed.get() + 1);
        LayoutEntry entry = pool.layoutOn((int) (ObjectMemory.bodyOffset(handle) >>> LineMarks.PAGE_SHIFT));
        LOG.log(
                System.Logger.Level.WARNING,
                "tracker {0} has missed a write to object ''{1}'' of layout ''{2}'', {3} (byte {4} of the object); this transaction sends it",
                kind,
                pool.pool().nameOf(handle),
                entry.layout().name(),
                entry.layout().pathAt(offset),
                offset);
    }

    private long mask(int page) {
        return reportedLines + (long) page * Long.BYTES;
    }

    /** How many captures were checked. */
    public long auditedCaptures() {
        return audited.get();
    }

    /** How many missed writes were found, counted by lines. */
    public long missedWrites() {
        return missed.get();
    }

    @Override
    public void close() {
        comparison.close();
        Memory.free(reportedLines);
    }
}
