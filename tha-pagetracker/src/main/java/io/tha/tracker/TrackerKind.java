package io.tha.tracker;

import io.tha.pool.PoolStructure;

/** The trackers that this version has. */
public enum TrackerKind {
    /** Writes through the pool mark lines of 64 bytes: the default, everywhere. */
    SOFTWARE {
        @Override
        public PageTracker create(PoolStructure pool) {
            return new SoftwareTracker(pool);
        }
    },
    /** Compares everything that the group has: always right, also for writes by address, and the slowest. */
    COMPARE {
        @Override
        public PageTracker create(PoolStructure pool) {
            return new CompareTracker(pool);
        }
    };

    /** A tracker of this kind, not started. */
    public abstract PageTracker create(PoolStructure pool);
}
