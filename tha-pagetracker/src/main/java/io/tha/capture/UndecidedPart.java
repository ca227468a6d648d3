package io.tha.capture;

import io.tha.memory.LineMarks;
import io.tha.memory.Memory;
import io.tha.memory.ObjectMemory;
import io.tha.pool.CommittedImage;
import io.tha.pool.PendingChanges;
import io.tha.pool.PoolStructure;
import java.util.Arrays;
import java.util.function.LongConsumer;

/**
 * What an application has done for a coordinated transaction that is undecided: all that is needed to make it permanent, though the pool has gone on,
 * and to undo it; docs/coordination.md 5.2.
 *
 * <p>Threads: under the commit lock.
 */
public final class UndecidedPart implements AutoCloseable {
    private final PoolStructure pool;
    private final int[] groups;
    private final PendingChanges[] pending;
    private final long[] created;
    private final long[] deleted;
    /** Offsets in the pool, each followed by a length. */
    private final long[] ranges;
    /** The bytes of the ranges, one after the other. */
    private final long bytes;

    private UndecidedPart(PoolStructure pool, int[] groups, CapturedChanges changes) {
        this.pool = pool;
        this.groups = groups;
        pending = new PendingChanges[groups.length];
        Arrays.setAll(pending, i -> pool.detachPending(groups[i]));
        created = changes.created.toLongArray();
        deleted = changes.deleted.toLongArray();
        ranges = changes.ranges.toLongArray();
        bytes = Memory.allocate(Math.max(Long.BYTES, lengthBytes()));
        long to = bytes;
        for (int i = 0; i < ranges.length; i += 2) {
            Memory.copy(pool.memory().base() + ranges[i], to, ranges[i + 1]);
            to += ranges[i + 1];
        }
    }

    /** Takes what the groups have captured out of a transaction, which has nothing then. */
    static UndecidedPart detach(PoolStructure pool, int[] groups, CapturedChanges changes) {
        UndecidedPart part = new UndecidedPart(pool, groups, changes);
        changes.clear();
        return part;
    }

    private long lengthBytes() {
        long length = 0;
        for (int i = 1; i < ranges.length; i += 2) {
            length += ranges[i];
        }
        return length;
    }

    /** Puts it into the image, in which all before it is. */
    void advance(CommittedImage image) {
        for (long handle : created) {
            image.create(pool, handle);
        }
        long from = bytes;
        for (int i = 0; i < ranges.length; i += 2) {
            image.update(ranges[i], from, ranges[i + 1]);
            from += ranges[i + 1];
        }
        for (long handle : deleted) {
            if (image.contains(handle, key(handle))) {
                image.delete(handle);
            }
        }
    }

    private long key(long handle) {
        return pool.layoutOn((int) (ObjectMemory.bodyOffset(handle) >>> LineMarks.PAGE_SHIFT)).key();
    }

    /** It is committed: what it deleted is free. */
    void release() {
        for (PendingChanges changes : pending) {
            pool.commitPending(changes);
        }
        close();
    }

    /**
     * It is aborted, first half: what it deleted lives again, and its bytes are what was committed before; where that is nothing, zero.
     *
     * @param revived is told of what lives again, of which nobody knows what was written to it before it was deleted
     */
    void restore(RestoreSink sink, LongConsumer revived) {
        for (PendingChanges changes : pending) {
            pool.reviveDeleted(changes);
            for (int i = 0; i < changes.deletedCount(); i++) {
                revived.accept(changes.deleted(i));
            }
        }
        for (int i = 0; i < ranges.length; i += 2) {
            sink.restore(ranges[i], ranges[i + 1]);
        }
    }

    /** It is aborted, second half: what it created is gone. */
    void discard() {
        for (PendingChanges changes : pending) {
            pool.discardCreated(changes);
        }
        close();
    }

    /** Writes its bytes once more into the pool, over what is committed; those behind it follow. */
    void reapply() {
        reapply(groups, groups.length);
    }

    /** As {@link #reapply()}, in these groups alone: others may have gone on. */
    void reapply(int[] inGroups, int groupCount) {
        long from = bytes;
        for (int i = 0; i < ranges.length; i += 2) {
            int group = pool.pages().groupId((int) (ranges[i] >>> LineMarks.PAGE_SHIFT));
            if (contains(inGroups, groupCount, group)) {
                Memory.copy(from, pool.memory().base() + ranges[i], ranges[i + 1]);
            }
            from += ranges[i + 1];
        }
    }

    private static boolean contains(int[] groups, int groupCount, int group) {
        for (int i = 0; i < groupCount; i++) {
            if (groups[i] == group) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void close() {
        Memory.free(bytes);
    }
}
