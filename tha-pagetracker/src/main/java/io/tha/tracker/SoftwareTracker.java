package io.tha.tracker;

import io.tha.memory.LineMarks;
import io.tha.pool.CommittedImage;
import io.tha.pool.PoolStructure;

/** Reports the lines that writes through the pool have marked. */
final class SoftwareTracker implements PageTracker {
    private final PoolStructure pool;
    private final CommittedImage image;
    private final LineMarks marks;

    SoftwareTracker(PoolStructure pool, CommittedImage image) {
        this.pool = pool;
        this.image = image;
        marks = pool.lineMarks();
    }

    @Override
    public TrackerKind kind() {
        return TrackerKind.SOFTWARE;
    }

    @Override
    public void start() {
        if (image != null) {
            // The diff will want to see the image where the pool is written.
            marks.loadAhead(image.address(0));
        }
        pool.setTracked(true);
    }

    @Override
    public void gather() {
        // The marks are there already.
    }

    @Override
    public void touch(int group, long poolOffset, long lengthBytes) {
        marks.touchRange(poolOffset, lengthBytes);
    }

    @Override
    public void collect(int group, LineConsumer consumer) {
        int count = marks.dirtyPageCount(group);
        for (int i = 0; i < count; i++) {
            int page = marks.dirtyPage(group, i);
            consumer.accept(page, marks.mask(page));
        }
    }

    @Override
    public void clear(int group) {
        marks.clear(group);
    }

    @Override
    public void close() {
        pool.setTracked(false);
        marks.loadAhead(0);
    }
}
