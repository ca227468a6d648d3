package io.tha.capture;

import io.tha.memory.LineMarks;
import io.tha.memory.Memory;
import io.tha.memory.ObjectMemory;
import io.tha.pool.PoolStructure;

/** Puts the committed bytes back into the pool. */
final class RestoreSink implements RangeSink {
    private final PoolStructure pool;
    private final OldContent oldContent;

    RestoreSink(PoolStructure pool, OldContent oldContent) {
        this.pool = pool;
        this.oldContent = oldContent;
    }

    @Override
    public void differs(long handle, int start, int end) {
        long from = ObjectMemory.bodyOffset(handle) + start;
        Memory.copy(oldContent.base((int) (from >>> LineMarks.PAGE_SHIFT)) + from, pool.memory().base() + from, (long) end - start);
    }
}
