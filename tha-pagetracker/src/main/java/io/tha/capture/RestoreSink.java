package io.tha.capture;

import io.tha.memory.LineMarks;
import io.tha.memory.Memory;
import io.tha.memory.ObjectMemory;
import io.tha.pool.CommittedImage;
import io.tha.pool.PoolStructure;

/** Puts the committed bytes back into the pool. */
final class RestoreSink implements RangeSink {
    private final PoolStructure pool;
    private final OldContent oldContent;
    /** Null where none is kept. */
    private final CommittedImage image;
    private boolean someUndecided;

    RestoreSink(PoolStructure pool, OldContent oldContent, CommittedImage image) {
        this.pool = pool;
        this.oldContent = oldContent;
        this.image = image;
    }

    /** Whether objects may be known to others, as undecided, that the image does not have: they get zeroes, which is what they began with. */
    void someUndecided(boolean some) {
        someUndecided = some;
    }

    @Override
    public void differs(long handle, int start, int end) {
        long from = ObjectMemory.bodyOffset(handle) + start;
        int page = (int) (from >>> LineMarks.PAGE_SHIFT);
        long to = pool.memory().base() + from;
        if (someUndecided && !image.contains(handle, pool.layoutOn(page).key())) {
            Memory.zero(to, (long) end - start);
        } else {
            Memory.copy(oldContent.base(page) + from, to, (long) end - start);
        }
    }

    /** A range that was published, of an object that lives. */
    void restore(long offset, long lengthBytes) {
        long body = pool.pages().bodyAt(offset);
        long handle = pool.checkWord(body) ^ pool.layoutOn((int) (body >>> LineMarks.PAGE_SHIFT)).key();
        int start = (int) (offset - body);
        differs(handle, start, start + (int) lengthBytes);
    }
}
