package io.tha.capture;

import io.tha.memory.Memory;
import io.tha.memory.ObjectMemory;
import io.tha.pool.CommittedImage;
import io.tha.pool.PoolStructure;

/** Puts the committed bytes back into the pool. */
final class RestoreSink implements RangeSink {
    private final PoolStructure pool;
    private final CommittedImage image;

    RestoreSink(PoolStructure pool, CommittedImage image) {
        this.pool = pool;
        this.image = image;
    }

    @Override
    public void differs(long handle, int start, int end) {
        long from = ObjectMemory.bodyOffset(handle) + start;
        Memory.copy(image.address(from), pool.memory().base() + from, (long) end - start);
    }
}
