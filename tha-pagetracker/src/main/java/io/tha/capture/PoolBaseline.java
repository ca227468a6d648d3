package io.tha.capture;

import io.tha.pool.CommittedImage;
import io.tha.pool.PoolStructure;

/** There is no image: the pool itself is the committed state whenever no transaction is open. */
final class PoolBaseline extends Baseline {
    private final PoolStructure pool;
    private long registryUsed;

    PoolBaseline(PoolStructure pool, Snapshot snapshot, Comparison comparison) {
        super(snapshot, comparison);
        this.pool = pool;
    }

    @Override
    CommittedImage image() {
        return null;
    }

    @Override
    OldContent oldContent() {
        return snapshot() == Snapshot.LINES ? OldContent.of(pool.lineMarks()) : OldContent.none();
    }

    @Override
    public void start() {
        registryUsed = pool.registry().usedBytes();
        if (snapshot() == Snapshot.LINES) {
            pool.lineMarks().keepOldContent(pool.memory().base());
        }
    }

    @Override
    long registryUsed() {
        return registryUsed;
    }

    @Override
    void registered(long usedBytes, long position) {
        registryUsed = usedBytes;
    }

    @Override
    void advance(CapturedChanges changes, long position) {
        // Who wants a copy is admitted when the pool is at rest.
    }

    @Override
    void advance(UndecidedPart part, long position) {
        throw new IllegalStateException("there is no image that part of a coordinated transaction could go to");
    }
}
