package io.tha.follow;

import io.tha.memory.LineMarks;
import io.tha.memory.Memory;
import io.tha.memory.ObjectMemory;
import io.tha.pool.PoolStructure;
import io.tha.pool.SlabGeometry;
import java.util.function.LongConsumer;

/**
 * From the active's handles to this side's, by arithmetic: page ▶ slab ▶ entry. A slab whose objects have the same handles on both sides needs only
 * their generations.
 *
 * <pre>
 *  page    | first page of the slab | slot length (0 = no slab) | address of the slab's table       |
 *          | first page of the slab | - slot length             | address of the slab's generations |      the same handles here
 *  table         for each slot | peer handle (0 = no object) | handle here |
 *  generations   for each slot | generation (0 = no object) (2) |
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
    private static final long NO_HANDLE = 0;

    private final int pageCount;
    private final int firstDataPage;
    private final long pages;

    /** For a peer's pool of so many pages. */
    PeerSpace(int firstDataPage, int pageCount) {
        this.firstDataPage = firstDataPage;
        this.pageCount = pageCount;
        pages = Memory.allocate((long) pageCount * PAGE_LENGTH);
    }

    private long descriptor(long page) {
        return pages + page * PAGE_LENGTH;
    }

    private static int firstPage(long descriptor) {
        return Memory.getInt(descriptor + FIRST_PAGE_OFFSET);
    }

    /** 0 where there is no slab. */
    private static int slotLength(long descriptor) {
        return Math.abs(Memory.getInt(descriptor + SLOT_LENGTH_OFFSET));
    }

    private static boolean isSame(long descriptor) {
        return Memory.getInt(descriptor + SLOT_LENGTH_OFFSET) < 0;
    }

    private static long table(long descriptor) {
        return Memory.getLong(descriptor + TABLE_OFFSET);
    }

    private static long entry(long descriptor, int slot) {
        return table(descriptor) + (long) slot * ENTRY_LENGTH;
    }

    private static long generation(long descriptor, int slot) {
        return table(descriptor) + (long) slot * Short.BYTES;
    }

    /** The descriptor of the slab on a page, or 0. */
    private long slabAt(long peerOffset) {
        long page = peerOffset >>> LineMarks.PAGE_SHIFT;
        if (Long.compareUnsigned(page, pageCount) >= 0) {
            return 0;
        }
        long descriptor = descriptor(page);
        return slotLength(descriptor) == 0 ? 0 : descriptor;
    }

    /** The slot of a slab in which a byte is, or -1 behind the last one. */
    private static int slotAt(long descriptor, long peerOffset) {
        int slotLength = slotLength(descriptor);
        long slot = (peerOffset - ((long) firstPage(descriptor) << LineMarks.PAGE_SHIFT)) / slotLength;
        return slot < SlabGeometry.slots(slotLength) ? (int) slot : -1;
    }

    /** The peer's handle of the object in a slot, or 0. */
    private static long peerHandle(long descriptor, int slot) {
        if (!isSame(descriptor)) {
            return Memory.getLong(entry(descriptor, slot));
        }
        int generation = Memory.getShort(generation(descriptor, slot)) & 0xFFFF;
        return generation == 0
                ? NO_HANDLE
                : ObjectMemory.handle(SlabGeometry.bodyOffset(firstPage(descriptor), slotLength(descriptor), slot), generation);
    }

    /** This side's handle of the peer's object, or 0. */
    long find(long peerHandle) {
        long descriptor = slabAt(ObjectMemory.bodyOffset(peerHandle));
        int slot = descriptor == 0 ? -1 : slotAt(descriptor, ObjectMemory.bodyOffset(peerHandle));
        if (slot < 0 || peerHandle(descriptor, slot) != peerHandle) {
            return NO_HANDLE;
        }
        return isSame(descriptor) ? peerHandle : Memory.getLong(entry(descriptor, slot) + LOCAL_OFFSET);
    }

    /** The peer's handle of the object in whose slot a byte is, or 0. */
    long peerHandleAt(long peerOffset) {
        long descriptor = slabAt(peerOffset);
        int slot = descriptor == 0 ? -1 : slotAt(descriptor, peerOffset);
        return slot < 0 ? NO_HANDLE : peerHandle(descriptor, slot);
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

    /**
     * Enters the live objects of a slab that have the same handles here as there. It stays so until an object is entered that has not.
     *
     * @param pool of this side, which has the objects
     * @param orphaned is told of objects here of slabs that overlap it: they are gone on the other side
     */
    void putSame(PoolStructure pool, int firstPage, int slotLength, long layoutKey, LongConsumer orphaned) {
        dissolveAll(firstPage, slotLength, orphaned);
        describe(firstPage, -slotLength, Memory.allocate((long) SlabGeometry.slots(slotLength) * Short.BYTES));
        long descriptor = descriptor(firstPage);
        for (int slot = 0; slot < SlabGeometry.slots(slotLength); slot++) {
            long body = SlabGeometry.bodyOffset(firstPage, slotLength, slot);
            long handle = pool.checkWord(body) ^ layoutKey;
            if (ObjectMemory.bodyOffset(handle) == body) {
                Memory.putShort(generation(descriptor, slot), (short) ObjectMemory.generation(handle));
            }
        }
    }

    /** Enters an object whose slab {@link #isPossible}; slabs that overlap it are gone on the other side. */
    void put(int firstPage, int slotLength, long peerHandle, long localHandle, LongConsumer orphaned) {
        long descriptor = descriptor(firstPage);
        if (slotLength(descriptor) != slotLength || firstPage(descriptor) != firstPage) {
            dissolveAll(firstPage, slotLength, orphaned);
            describe(firstPage, slotLength, Memory.allocate((long) SlabGeometry.slots(slotLength) * ENTRY_LENGTH));
        }
        int slot = slotAt(descriptor, ObjectMemory.bodyOffset(peerHandle));
        if (isSame(descriptor) && localHandle == peerHandle) {
            Memory.putShort(generation(descriptor, slot), (short) ObjectMemory.generation(peerHandle));
            return;
        }
        spellOut(descriptor);
        Memory.putLong(entry(descriptor, slot), peerHandle);
        Memory.putLong(entry(descriptor, slot) + LOCAL_OFFSET, localHandle);
    }

    /** Gives a table to a slab whose handles were the same on both sides. */
    private void spellOut(long descriptor) {
        if (!isSame(descriptor)) {
            return;
        }
        int slots = SlabGeometry.slots(slotLength(descriptor));
        long table = Memory.allocate((long) slots * ENTRY_LENGTH);
        for (int slot = 0; slot < slots; slot++) {
            Memory.putLong(table + (long) slot * ENTRY_LENGTH, peerHandle(descriptor, slot));
            Memory.putLong(table + (long) slot * ENTRY_LENGTH + LOCAL_OFFSET, peerHandle(descriptor, slot));
        }
        Memory.free(table(descriptor));
        describe(firstPage(descriptor), slotLength(descriptor), table);
    }

    private void describe(int firstPage, int signedSlotLength, long table) {
        for (int page = firstPage; page < firstPage + SlabGeometry.pages(Math.abs(signedSlotLength)); page++) {
            Memory.putInt(descriptor(page) + FIRST_PAGE_OFFSET, firstPage);
            Memory.putInt(descriptor(page) + SLOT_LENGTH_OFFSET, signedSlotLength);
            Memory.putLong(descriptor(page) + TABLE_OFFSET, table);
        }
    }

    private void dissolveAll(int firstPage, int slotLength, LongConsumer orphaned) {
        for (int page = firstPage; page < firstPage + SlabGeometry.pages(slotLength); page++) {
            dissolve(page, orphaned);
        }
    }

    private void dissolve(int page, LongConsumer orphaned) {
        long descriptor = descriptor(page);
        int slotLength = slotLength(descriptor);
        if (slotLength == 0) {
            return;
        }
        forEachOf(page, (peerHandle, local) -> orphaned.accept(local));
        Memory.free(table(descriptor));
        int first = firstPage(descriptor);
        for (int i = first; i < first + SlabGeometry.pages(slotLength); i++) {
            Memory.putInt(descriptor(i) + SLOT_LENGTH_OFFSET, 0);
        }
    }

    void remove(long peerHandle) {
        long descriptor = slabAt(ObjectMemory.bodyOffset(peerHandle));
        int slot = descriptor == 0 ? -1 : slotAt(descriptor, ObjectMemory.bodyOffset(peerHandle));
        if (slot < 0 || peerHandle(descriptor, slot) != peerHandle) {
            return;
        }
        if (isSame(descriptor)) {
            Memory.putShort(generation(descriptor, slot), (short) 0);
        } else {
            Memory.putLong(entry(descriptor, slot), NO_HANDLE);
        }
    }

    /** Calls with all objects whose bodies begin in a range of the peer's pool. */
    void forEachIn(long from, long to, PairConsumer consumer) {
        long page = from >>> LineMarks.PAGE_SHIFT;
        while (page < pageCount && page << LineMarks.PAGE_SHIFT < to) {
            long descriptor = descriptor(page);
            int slotLength = slotLength(descriptor);
            if (slotLength == 0) {
                page++;
                continue;
            }
            long begin = SlabGeometry.bodyOffset(firstPage(descriptor), slotLength, 0);
            long slot = from <= begin ? 0 : (from - begin + slotLength - 1) / slotLength;
            for (; slot < SlabGeometry.slots(slotLength) && begin + slot * slotLength < to; slot++) {
                accept(descriptor, (int) slot, consumer);
            }
            page = firstPage(descriptor) + (long) SlabGeometry.pages(slotLength);
        }
    }

    private static void accept(long descriptor, int slot, PairConsumer consumer) {
        long peerHandle = peerHandle(descriptor, slot);
        if (peerHandle != NO_HANDLE) {
            consumer.accept(peerHandle, isSame(descriptor) ? peerHandle : Memory.getLong(entry(descriptor, slot) + LOCAL_OFFSET));
        }
    }

    /** Is told of an object. */
    interface PairConsumer {
        void accept(long peerHandle, long localHandle);
    }

    /** The objects of the slab on a page. */
    void forEachOf(int page, PairConsumer consumer) {
        long descriptor = descriptor(page);
        int slots = slotLength(descriptor) == 0 ? 0 : SlabGeometry.slots(slotLength(descriptor));
        for (int slot = 0; slot < slots; slot++) {
            accept(descriptor, slot, consumer);
        }
    }

    @Override
    public void close() {
        for (int page = firstDataPage; page < pageCount; page++) {
            if (slotLength(descriptor(page)) != 0 && firstPage(descriptor(page)) == page) {
                Memory.free(table(descriptor(page)));
            }
        }
        Memory.free(pages);
    }
}
