package io.tha.capture;

import io.tha.pool.PoolStructure;
import io.tha.tracker.PageTracker;
import java.util.Arrays;

/**
 * The memory outside the pool that is registered, by group.
 *
 * <p>Threads: under the commit lock.
 */
public final class ForeignMemories implements AutoCloseable {
    private static final ForeignMemory[] NONE = {};

    private final PoolStructure pool;
    private final PageTracker tracker;
    private final Audit audit;
    private ForeignMemory[] all = NONE;
    private ForeignMemory[][] byGroup = {};

    ForeignMemories(PoolStructure pool, PageTracker tracker, Audit audit) {
        this.pool = pool;
        this.tracker = tracker;
        this.audit = audit;
    }

    /**
     * Refuses memory that is watched already.
     *
     * @throws IllegalArgumentException with the name of the object that it belongs to
     */
    public void requireForeign(long address, long lengthBytes) {
        requireApart(address, lengthBytes, pool.memory().base(), pool.memory().sizeBytes(), "the pool itself");
        for (ForeignMemory memory : all) {
            requireApart(address, lengthBytes, memory.pages().address(), memory.pages().lengthBytes(), "the memory of another object");
        }
    }

    private static void requireApart(long address, long lengthBytes, long other, long otherLength, String what) {
        if (address < other + otherLength && other < address + lengthBytes) {
            throw new IllegalArgumentException(lengthBytes + " bytes at 0x" + Long.toHexString(address) + " cannot be registered: they overlap "
                    + what + ", " + otherLength + " bytes at 0x" + Long.toHexString(other));
        }
    }

    /** From the next transaction of its group on. */
    public void add(ForeignMemory memory) {
        all = Arrays.copyOf(all, all.length + 1);
        all[all.length - 1] = memory;
        regroup();
    }

    /** Nobody watches it any more. */
    private void remove(ForeignMemory memory) {
        all = Arrays.stream(all).filter(other -> other != memory).toArray(ForeignMemory[]::new);
        regroup();
        memory.pages().close();
    }

    private void regroup() {
        int highest = Arrays.stream(all).mapToInt(ForeignMemory::group).max().orElse(-1);
        byGroup = new ForeignMemory[highest + 1][];
        for (int group = 0; group <= highest; group++) {
            int wanted = group;
            byGroup[group] = Arrays.stream(all).filter(memory -> memory.group() == wanted).toArray(ForeignMemory[]::new);
        }
    }

    private ForeignMemory[] of(int group) {
        return group < byGroup.length ? byGroup[group] : NONE;
    }

    /** Whether a mirror has a memory already. */
    public boolean has(long handle) {
        return Arrays.stream(all).anyMatch(memory -> memory.handle() == handle);
    }

    /** Whether any is registered. */
    public boolean hasAny() {
        return all.length > 0;
    }

    /** Whether the memory is still registered. */
    public boolean contains(ForeignMemory memory) {
        return Arrays.asList(all).contains(memory);
    }

    /** What was written is copied to the mirror, for the group's next transaction, and nobody watches the memory any more. */
    public void end(ForeignMemory memory) {
        if (contains(memory)) {
            memory.take(tracker);
            remove(memory);
        }
    }

    /** What the groups have written is copied to the mirrors; before the pool's own writes are gathered. */
    void take(int[] groups, int groupCount, boolean audited) {
        for (int i = 0; all.length > 0 && i < groupCount; i++) {
            for (ForeignMemory memory : of(groups[i])) {
                memory.take(tracker);
                if (audited) {
                    audit(memory);
                }
            }
        }
    }

    private void audit(ForeignMemory memory) {
        for (int at = memory.missed(); at >= 0; at = memory.missed()) {
            audit.missed(memory.pages().kind(), memory.handle(), at);
            memory.report(at);
            memory.take(tracker);
        }
    }

    /** The mirrors were rolled back: what the groups have written to the memories is undone. */
    void restore(int[] groups, int groupCount) {
        for (int i = 0; all.length > 0 && i < groupCount; i++) {
            for (ForeignMemory memory : of(groups[i])) {
                memory.restore();
            }
        }
    }

    /** The groups' transaction is decided; a memory whose mirror is gone with it is nobody's. */
    void decided(int[] groups, int groupCount) {
        for (int i = 0; all.length > 0 && i < groupCount; i++) {
            for (ForeignMemory memory : of(groups[i])) {
                memory.decided();
                if (!memory.hasMirror()) {
                    remove(memory);
                }
            }
        }
    }

    @Override
    public void close() {
        for (ForeignMemory memory : all) {
            memory.pages().close();
        }
        all = NONE;
        byGroup = new ForeignMemory[0][];
    }
}
