package io.tha.active;

import io.tha.CorruptRegionException;
import io.tha.FencedException;
import io.tha.memory.TruncatedFiles;
import io.tha.pool.CommittedImage;
import io.tha.pool.PoolMemory;
import io.tha.pool.PoolStructure;

/**
 * Whether this process may still publish: not when another one has taken over, nor when something failed in the middle, or memory was gone.
 *
 * <p>Threads: any.
 */
final class Soundness {
    private static final String END =
            "End this process: a standby takes over, and tells by its outcome whether the transaction is committed";

    private final PoolStructure pool;
    /** Null where none is kept. */
    private final CommittedImage image;

    private volatile FencedException fenced;
    /** Set when memory of a file was gone: what is in the other files is not what this process believes. */
    private volatile CorruptRegionException broken;
    private final CorruptRegionException outOfHeap = new CorruptRegionException(END);

    Soundness(PoolStructure pool, CommittedImage image) {
        this.pool = pool;
        this.image = image;
    }

    void fence(FencedException e) {
        fenced = e;
    }

    boolean isFenced() {
        return fenced != null;
    }

    boolean isSound() {
        return fenced == null && broken == null;
    }

    /** Whether what failed was published before is not known: only the other side can tell. */
    CorruptRegionException breakDown(String what, Throwable e) {
        broken = outOfHeap; // what follows takes heap, of which there may be none
        String file = TruncatedFiles.describe(pool.memory().path().getParent());
        broken = new CorruptRegionException(what + ": " + (file.isEmpty() ? e.toString() : file) + ". " + END, e);
        return broken;
    }

    /**
     * What was read from memory that is gone must not be published: the point of no return comes next.
     *
     * @param much whether so much was read that a processor may still know the headers' pages when others are gone
     */
    void requireMemory(boolean much) {
        require(pool.memory(), much);
        if (image != null) {
            require(image.memory(), much);
        }
    }

    private static void require(PoolMemory memory, boolean much) {
        if (much) {
            memory.requireWhole();
        } else {
            memory.requirePresent();
        }
    }

    void checkWhole() {
        CorruptRegionException e = broken;
        if (e != null) {
            throw new CorruptRegionException(e.getMessage(), e);
        }
    }

    void checkFenced() {
        checkWhole();
        FencedException e = fenced;
        if (e != null) {
            throw new FencedException(e.getMessage(), e);
        }
    }
}
