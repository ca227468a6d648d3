package io.tha.tracker;

import io.tha.memory.LineMarks;
import io.tha.memory.Memory;
import java.util.BitSet;

/**
 * Finds the written pages of memory outside the pool, which belongs to one group.
 *
 * <p>Threads: the group's, {@link #gather} and {@link #close} under the commit lock.
 */
public final class ForeignPages implements AutoCloseable {
    private final TrackerKind kind;
    /** Null where every page counts as written. */
    private final WriteProtection protection;

    private final long address;
    private final long lengthBytes;
    private final int pageCount;

    private ForeignPages(TrackerKind kind, WriteProtection protection, long address, long lengthBytes) {
        this.kind = kind;
        this.protection = protection;
        this.address = address;
        this.lengthBytes = lengthBytes;
        pageCount = (int) (lengthBytes >>> LineMarks.PAGE_SHIFT);
    }

    /**
     * Watches nothing yet.
     *
     * @param poolKind the tracker of the pool, used here too where it sees raw writes
     * @param address of whole pages, which the caller has for itself
     * @throws IllegalArgumentException if they are not mapped readable and writable
     * @throws io.tha.ThaException if no more memory can be watched
     */
    public static ForeignPages open(TrackerKind poolKind, long address, long lengthBytes) {
        ProcessMappings.requireWritable(address, lengthBytes);
        TrackerKind kind = poolKind.seesRawWrites() ? poolKind : Trackers.choose(TrackerKind.AUTO, null, true);
        WriteProtection protection =
                switch (kind) {
                    case USERFAULTFD -> UserfaultProtection.open();
                    case MPROTECT -> FaultProtection.open();
                    case COMPARE -> null;
                    case AUTO, SOFTWARE, APPLICATION -> throw new IllegalStateException(kind + " does not see raw writes");
                };
        return new ForeignPages(kind, protection, address, lengthBytes);
    }

    /** Which tracker it is. */
    public TrackerKind kind() {
        return kind;
    }

    public long address() {
        return address;
    }

    /** Whole pages. */
    public long lengthBytes() {
        return lengthBytes;
    }

    /** From now on writes are noticed. */
    public void watch() {
        if (protection != null) {
            // Its pieces have one anon_vma then, see FaultProtection.makeMergeable.
            Memory.getAndAddLong(address, 0);
            protection.watch(address, lengthBytes);
        }
    }

    /** Adds the pages that were written since the last time. */
    public void gather(BitSet pages) {
        if (protection == null) {
            pages.set(0, pageCount);
        } else {
            protection.scan(address, address + lengthBytes, (from, to) -> pages.set(page(from), page(to)));
        }
    }

    private int page(long at) {
        return (int) (at - address >>> LineMarks.PAGE_SHIFT);
    }

    /** Somebody will write there, until {@link #letGo}, who cannot be noticed. */
    public void hold(long offset, long length) {
        if (protection != null) {
            protection.hold(0, address + offset, address + offset + length);
        }
    }

    /** What is held is noticed again as ever. */
    public void letGo() {
        if (protection != null) {
            protection.letGo(0);
        }
    }

    /** Stops watching; the memory stays as it is. */
    @Override
    public void close() {
        if (protection != null) {
            protection.close();
        }
    }
}
