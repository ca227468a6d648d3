package io.tha.capture;

import io.tha.pool.CommittedImage;
import io.tha.pool.PoolStructure;

/**
 * What is kept of the committed state, and whether written memory is compared with it.
 *
 * <p>Threads: under the commit lock.
 */
public abstract class Baseline {
    private final Snapshot snapshot;
    private final Comparison comparison;

    Baseline(Snapshot snapshot, Comparison comparison) {
        this.snapshot = snapshot;
        this.comparison = comparison;
    }

    /**
     * What a configuration asks for.
     *
     * @param image null unless the snapshot is an image
     */
    public static Baseline of(PoolStructure pool, CommittedImage image, Snapshot snapshot, Comparison comparison) {
        return snapshot == Snapshot.IMAGE ? new ImageBaseline(pool, image, comparison) : new PoolBaseline(pool, snapshot, comparison);
    }

    Snapshot snapshot() {
        return snapshot;
    }

    Comparison comparison() {
        return comparison;
    }

    /** The image; null where none is kept. */
    abstract CommittedImage image();

    /** What the diff compares with, and a rollback restores. */
    abstract OldContent oldContent();

    /** From now on transactions change the pool; what is registered by then, others have. */
    public abstract void start();

    /** How many bytes of the pool's registry were published. */
    abstract long registryUsed();

    /** The registry was published up to a byte, in a transaction that ends at a position. */
    abstract void registered(long usedBytes, long position);

    /** A transaction was published that ends at a position. */
    abstract void advance(CapturedChanges changes, long position);

    /** A part of a coordinated transaction was committed by a publication that ends at a position; where there is an image. */
    abstract void advance(UndecidedPart part, long position);
}
