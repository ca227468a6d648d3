package io.tha.tracker;

import io.tha.pool.CommittedImage;
import io.tha.pool.PoolStructure;

/** The trackers that this version has. */
public enum TrackerKind {
    /** Writes through the pool mark lines of 64 bytes: the default, everywhere. */
    SOFTWARE {
        @Override
        public PageTracker create(PoolStructure pool, CommittedImage image) {
            return new SoftwareTracker(pool, image);
        }
    },
    /** Compares everything that the group has: always right, also for writes by address, and the slowest. */
    COMPARE {
        @Override
        public PageTracker create(PoolStructure pool, CommittedImage image) {
            return new CompareTracker(pool);
        }
    };

    /** A tracker of this kind for a pool and its committed image, not started. */
    public abstract PageTracker create(PoolStructure pool, CommittedImage image);
}
