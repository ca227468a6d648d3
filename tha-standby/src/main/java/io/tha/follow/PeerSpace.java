package io.tha.follow;

import io.tha.memory.LineMarks;
import io.tha.memory.Memory;
import io.tha.memory.ObjectMemory;
import io.tha.pool.SlabGeometry;
import java.util.function.LongConsumer;

/**
 * From the active's handles to this side's, by arithmetic: page ▶ slab ▶ entry.
 *
 * <pre>
 *  page    | first page of the slab | slot length (0 = no slab) | address of the slab's table |
 *  table   for each slot | peer handle (0 = no object) | handle here |
 * </pre>
 *
 * <p>Threads: the follower's.
 */
final class PeerSpace implements AutoCloseable {
    private static final int FIRST_PAGE_OFFSET = 0;
    private static final int SLOT_LENGTH_OFFSET = FIRST_PAGE_OFFSET + Integer.BYTES;
    private static final int TABLE_OFFSET = SLOT_LENGTH_OFFSET + Integer.BYTES;
    private static final int PAGE_LENGTH = TABLE_OFFSET + Long.BYTES;
    private static final int LOCAL_OFFSET = Long.BYTES;
    private static final int ENTRY_LENGTH = 2 * Long.BYTES;

    private final int pageCount;
    private final int firstDataPage;
    private final long pages;

    /** For a peer's pool of so many pages. */
    PeerSpace(int firstDataPage, int pageCount) {
        this.firstDataPage = firstDataPage;
        this.pageCount = pageCount;
        pages = Memory.allocate((long) pageCount * PAGE_LENGTH);
    }

    /** The address of the entry of the slot that holds a byte of the peer's pool, or 0. */
    private long entryAt(long peerOffset) {
        long page = peerOffset >>> LineMarks.PAGE_SHIFT;
        if (Long.compareUnsigned(page, pageCount) >= 0) {
            return 0;
        }
        long descriptor = pages + page * PAGE_LENGTH;
        int slotLength = Memory.getInt(descriptor + SLOT_LENGTH_OFFSET);
        if (slotLength == 0) {
            return 0;
        }
        long slabStart = (long) Memory.getInt(descriptor) << LineMarks.PAGE_SHIFT;
        long slot = (peerOffset - slabStart) / slotLength;
        return slot < SlabGeometry.slots(slotLength) ? Memory.getLong(descriptor + TABLE_OFFSET) + slot * ENTRY_LENGTH : 0;
    }

    /** This side's handle of the peer's object, or 0. */
    long find(long peerHandle) {
        long entry = entryAt(ObjectMemory.bodyOffset(peerHandle));
        return entry != 0 && Memory.getLong(entry) == peerHandle ? Memory.getLong(entry + LOCAL_OFFSET) : 0;
    }

    /** The peer's handle of the object in whose slot a byte is, or 0. */
    long peerHandleAt(long peerOffset) {
        long entry = entryAt(peerOffset);
        return entry == 0 ? 0 : Memory.getLong(entry);
    }

    /** Whether a slab of this shape can be in the peer's pool, with the object's body at the beginning of a slot. */
    boolean isPossible(int firstPage, int slotLength, long peerHandle) {
        boolean isSlot = slotLength > 0 && slotLength % Long.BYTES == 0;
        if (!isSlot || firstPage < firstDataPage || (long) firstPage + SlabGeometry.pages(slotLength) > pageCount) {
            return false;
        }
        long first = SlabGeometry.bodyOffset(firstPage, slotLength, 0);
        long distance = ObjectMemory.bodyOffset(peerHandle) - first;
        return distance >= 0 && distance % slotLength == 0 && distance / slotLength < SlabGeometry.slots(slotLength);
    }

    /** Enters an object whose slab {@link #isPossible}; slabs that overlap it are gone on the other side. */
    void put(int firstPage, int slotLength, long peerHandle, long localHandle, LongConsumer orphaned) {
        long descriptor = pages + (long) firstPage * PAGE_LENGTH;
        if (Memory.getInt(descriptor + SLOT_LENGTH_OFFSET) != slotLength || Memory.getInt(descriptor) != firstPage) {
            takeSlab(firstPage, slotLength, orphaned);
        }
        long entry = entryAt(ObjectMemory.bodyOffset(peerHandle));
        Memory.putLong(entry, peerHandle);
        Memory.putLong(entry + LOCAL_OFFSET, localHandle);
    }

    private void takeSlab(int firstPage, int slotLength, LongConsumer orphaned) {
        int count = SlabGeometry.pages(slotLength);
        for (int page = firstPage; page < firstPage + count; page++) {
            dissolve(page, orphaned);
        }
        long table = Memory.allocate((long) SlabGeometry.slots(slotLength) * ENTRY_LENGTH);
        for (int page = firstPage; page < firstPage + count; page++) {
            long descriptor = pages + (long) page * PAGE_LENGTH;
            Memory.putInt(descriptor, firstPage);
            Memory.putLong(descriptor + TABLE_OFFSET, table);
            Memory.putInt(descriptor + SLOT_LENGTH_OFFSET, slotLength);
        }
    }

    private void dissolve(int page, LongConsumer orphaned) {
        long descriptor = pages + (long) page * PAGE_LENGTH;
        int slotLength = Memory.getInt(descriptor + SLOT_LENGTH_OFFSET);
        if (slotLength == 0) {
            return;
        }
        int first = Memory.getInt(descriptor);
        long table = Memory.getLong(descriptor + TABLE_OFFSET);
        for (int slot = 0; slot < SlabGeometry.slots(slotLength); slot++) {
            if (Memory.getLong(table + (long) slot * ENTRY_LENGTH) != 0) {
                orphaned.accept(Memory.getLong(table + (long) slot * ENTRY_LENGTH + LOCAL_OFFSET));
            }
        }
        Memory.free(table);
        for (int i = first; i < first + SlabGeometry.pages(slotLength); i++) {
            Memory.putInt(pages + (long) i * PAGE_LENGTH + SLOT_LENGTH_OFFSET, 0);
        }
    }

    void remove(long peerHandle) {
        long entry = entryAt(ObjectMemory.bodyOffset(peerHandle));
        if (entry != 0 && Memory.getLong(entry) == peerHandle) {
            Memory.putLong(entry, 0);
        }
    }

    /** Is told of an object. */
    interface PairConsumer {
        void accept(long peerHandle, long localHandle);
    }

    void forEach(PairConsumer consumer) {
        for (int page = firstDataPage; page < pageCount; page++) {
            long descriptor = pages + (long) page * PAGE_LENGTH;
            int slotLength = Memory.getInt(descriptor + SLOT_LENGTH_OFFSET);
            if (slotLength == 0 || Memory.getInt(descriptor) != page) {
                continue;
            }
            long table = Memory.getLong(descriptor + TABLE_OFFSET);
            for (int slot = 0; slot < SlabGeometry.slots(slotLength); slot++) {
                long entry = table + (long) slot * ENTRY_LENGTH;
                if (Memory.getLong(entry) != 0) {
                    consumer.accept(Memory.getLong(entry), Memory.getLong(entry + LOCAL_OFFSET));
                }
            }
        }
    }

    @Override
    public void close() {
        for (int page = firstDataPage; page < pageCount; page++) {
            dissolve(page, handle -> {});
        }
        Memory.free(pages);
    }
}
