package io.tha.tracker;

import java.util.Arrays;
import org.agrona.collections.LongArrayList;

/** Reports the ranges that the application has named, and nothing else. */
final class ApplicationTracker implements PageTracker {
    private static final int FIRST_CAPACITY = 16;

    /** Per group, offsets each followed by a length. */
    private volatile LongArrayList[] named = {};

    @Override
    public TrackerKind kind() {
        return TrackerKind.APPLICATION;
    }

    @Override
    public void start() {
        // Nothing has to be noticed.
    }

    @Override
    public void gather() {
        // It was told already.
    }

    @Override
    public void touch(int group, long poolOffset, long lengthBytes) {
        LongArrayList ranges = group < named.length && named[group] != null ? named[group] : create(group);
        int last = ranges.size() - 2;
        if (last < 0 || ranges.getLong(last) != poolOffset || ranges.getLong(last + 1) != lengthBytes) {
            ranges.addLong(poolOffset);
            ranges.addLong(lengthBytes);
        }
    }

    private synchronized LongArrayList create(int group) {
        LongArrayList[] lists = Arrays.copyOf(named, Math.max(group + 1, named.length));
        lists[group] = new LongArrayList(FIRST_CAPACITY, 0);
        named = lists;
        return lists[group];
    }

    @Override
    public void collect(int group, LineConsumer consumer) {
        LongArrayList ranges = group < named.length ? named[group] : null;
        for (int i = 0; ranges != null && i < ranges.size(); i += 2) {
            consumer.named(ranges.getLong(i), ranges.getLong(i + 1));
        }
    }

    @Override
    public void clear(int group) {
        if (group < named.length && named[group] != null) {
            named[group].clear();
        }
    }

    @Override
    public void close() {
        // Nothing is held.
    }
}
