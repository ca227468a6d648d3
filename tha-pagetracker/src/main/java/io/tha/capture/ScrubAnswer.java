package io.tha.capture;

import io.tha.layout.Layout;
import io.tha.layout.ReplicatedRuns;
import io.tha.memory.LineMarks;
import io.tha.memory.ObjectMemory;
import io.tha.pool.CommittedImage;
import io.tha.pool.LayoutEntry;
import io.tha.pool.PoolStructure;
import io.tha.region.LogWriter;

/**
 * Publishes once more what a standby has asked for: who an object is, and a part of what it holds; docs/formats.md 3.8.
 *
 * <p>Threads: under the commit lock.
 */
public final class ScrubAnswer {
    private final PoolStructure pool;
    private final CommittedImage image;
    private final LogWriter log;
    private final FrameSink frames;
    private final ReplicatedRuns runs = new ReplicatedRuns();

    public ScrubAnswer(PoolStructure pool, CommittedImage image, LogWriter log) {
        this.pool = pool;
        this.image = image;
        this.log = log;
        frames = new FrameSink(pool, log);
    }

    /** Whether a standby may ask for this: a committed object. Handle is whatever it has stored. */
    public boolean names(long handle) {
        return layoutOf(handle) != null;
    }

    private Layout layoutOf(long handle) {
        long body = ObjectMemory.bodyOffset(handle);
        if (image.pages().bodyAt(body) != body) {
            return null;
        }
        LayoutEntry entry = image.layoutOn(pool, (int) (body >>> LineMarks.PAGE_SHIFT));
        return entry != null && image.liveHandle(entry, body) == handle ? entry.layout() : null;
    }

    /**
     * Publishes, in a transaction of its own.
     *
     * @param transactionId of it
     * @param handle that it {@link #names}
     * @param start of the part, and its length: whatever the standby has stored
     * @throws io.tha.CorruptRegionException if the image was truncated; nothing is published
     */
    public void publish(long transactionId, long handle, int start, int lengthBytes) {
        Layout layout = layoutOf(handle);
        int from = runs.cut(layout, start);
        int to = runs.cut(layout, (int) Math.min(layout.sizeBytes(), from + (long) Math.max(0, Math.min(ScrubSlice.MAX_BYTES, lengthBytes))));
        log.begin(transactionId, true);
        frames.identity(image, handle, from, to - from);
        runs.begin(layout, from, to);
        while (runs.next()) {
            frames.repeat(image, handle, runs.start(), runs.end());
        }
        // What was read from a file that is gone would be taken for a repair.
        image.memory().requireWhole();
        image.appliedRelease(log.publishCommit(null));
    }
}
