package io.tha.tracker;

import io.tha.memory.LineMarks;
import io.tha.pool.PoolStructure;

/** Reports the lines that writes through the pool have marked. */
final class SoftwareTracker implements PageTracker {
    private final PoolStructure pool;
    private final LineMarks marks;

    SoftwareTracker(PoolStructure pool) {
        this.pool = pool;
        marks = pool.lineMarks();
    }

    @Override
    public TrackerKind kind() {
        return TrackerKind.SOFTWARE;
    }

    @Override
    public void start() {
        pool.setTracked(true);
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
    }
}
