package io.tha.follow;

import io.tha.memory.LineMarks;
import io.tha.memory.Memory;
import io.tha.memory.ObjectMemory;
import io.tha.pool.PoolStructure;
import io.tha.pool.SlabGeometry;
import java.util.function.LongConsumer;

/**
 * From the active's handles to this side's, by arithmetic: page ▶ slab ▶ entry. A slab whose objects have the same handles on both sides needs no
 * table: the check words of this side's slots say which of them live.
 *
 * <pre>
 *  page    | first page of the slab | slot length (0 = no slab) | address of the slab's table |
 *          | first page of the slab | - slot length             | key of the objects' layout  |      the same handles here
 *  table   for each slot | peer handle (0 = no object) | handle here |
 * </pre>
 *
 * <p>Threads: the follower's.
 */
final class PeerSpace implements AutoCloseable {
    private static final int FIRST_PAGE_OFFSET = 0;
    private static final int SLOT_LENGTH_OFFSET = FIRST_PAGE_OFFSET + Integer.BYTES;
    private static final int TABLE_OFFSET = SLOT_LENGTH_OFFSET + Integer.BYTES;
    private static final int KEY_OFFSET = TABLE_OFFSET;
    private static final int PAGE_LENGTH = TABLE_OFFSET + Long.BYTES;
    private static final int LOCAL_OFFSET = Long.BYTES;
    private static final int ENTRY_LENGTH = 2 * Long.BYTES;
    private static final long NO_HANDLE = 0;

    private final PoolStructure pool;
    private final int pageCount;
    private final int firstDataPage;
    private final long pages;

    /** From a peer's pool of so many pages to a pool here. */
    PeerSpace(PoolStructure pool, int firstDataPage, int pageCount) {
        this.pool = pool;
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

    /** As the descriptor has it: negative where handles are the same on both sides. */
    private static int signedSlotLength(long descriptor) {
        return Memory.getInt(descriptor + SLOT_LENGTH_OFFSET);
    }

    /** The descriptor of the slab on a page, or 0. */
    private long slabAt(long peerOffset) {
        long page = peerOffset >>> LineMarks.PAGE_SHIFT;
        if (Long.compareUnsigned(page, pageCount) >= 0) {
            return 0;
        }
        long descriptor = descriptor(page);
        return signedSlotLength(descriptor) == 0 ? 0 : descriptor;
    }

    /** The slot of a slab in which a byte is, or -1 behind the last one. */
    private static int slotAt(long descriptor, int slotLength, long peerOffset) {
        long slot = (peerOffset - ((long) firstPage(descriptor) << LineMarks.PAGE_SHIFT)) / slotLength;
        return slot < SlabGeometry.slots(slotLength) ? (int) slot : -1;
    }

    private static long entry(long descriptor, int slot) {
        return Memory.getLong(descriptor + TABLE_OFFSET) + (long) slot * ENTRY_LENGTH;
    }

    /** The handle of the live object in a slot of a slab that is the same here, or 0. */
    private long sameHandle(long descriptor, int slot) {
        long body = SlabGeometry.bodyOffset(firstPage(descriptor), -signedSlotLength(descriptor), slot);
        long handle = pool.checkWord(body) ^ Memory.getLong(descriptor + KEY_OFFSET);
        return ObjectMemory.bodyOffset(handle) == body ? handle : NO_HANDLE;
    }

    /** This side's handle of the peer's object, or 0. */
    long find(long peerHandle) {
        long descriptor = slabAt(ObjectMemory.bodyOffset(peerHandle));
        if (descriptor == 0) {
            return NO_HANDLE;
        }
        int slotLength = signedSlotLength(descriptor);
        int slot = slotAt(descriptor, Math.abs(slotLength), ObjectMemory.bodyOffset(peerHandle));
        if (slot < 0) {
            return NO_HANDLE;
        }
        if (slotLength < 0) {
            return sameHandle(descriptor, slot) == peerHandle ? peerHandle : NO_HANDLE;
        }
        long entry = entry(descriptor, slot);
        return Memory.getLong(entry) == peerHandle ? Memory.getLong(entry + LOCAL_OFFSET) : NO_HANDLE;
    }

    /** The peer's handle of the object in whose slot a byte is, or 0. */
    long peerHandleAt(long peerOffset) {
        long descriptor = slabAt(peerOffset);
        if (descriptor == 0) {
            return NO_HANDLE;
        }
        int slotLength = signedSlotLength(descriptor);
        int slot = slotAt(descriptor, Math.abs(slotLength), peerOffset);
        if (slot < 0) {
            return NO_HANDLE;
        }
        return slotLength < 0 ? sameHandle(descriptor, slot) : Memory.getLong(entry(descriptor, slot));
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
     * Enters a slab whose objects have the same handles here as there. It stays so until an object is entered that has not.
     *
     * @param orphaned is told of objects here of slabs that overlap it: they are gone on the other side
     */
    void putSame(int firstPage, int slotLength, long layoutKey, LongConsumer orphaned) {
        dissolveAll(firstPage, slotLength, orphaned);
        describe(firstPage, -slotLength, layoutKey);
    }

    /** Enters an object whose slab {@link #isPossible}; slabs that overlap it are gone on the other side. */
    void put(int firstPage, int slotLength, long peerHandle, long localHandle, LongConsumer orphaned) {
        long descriptor = descriptor(firstPage);
        boolean isKnown = Math.abs(signedSlotLength(descriptor)) == slotLength && firstPage(descriptor) == firstPage;
        if (isKnown && signedSlotLength(descriptor) < 0 && localHandle == peerHandle) {
            return;
        }
        // Where the object lies here, another one's check word may have said until now that handles are the same.
        spellOut(slabAt(ObjectMemory.bodyOffset(localHandle)), localHandle);
        if (!isKnown) {
            dissolveAll(firstPage, slotLength, orphaned);
            describe(firstPage, slotLength, Memory.allocate((long) SlabGeometry.slots(slotLength) * ENTRY_LENGTH));
        }
        spellOut(descriptor, localHandle);
        long entry = entry(descriptor, slotAt(descriptor, slotLength, ObjectMemory.bodyOffset(peerHandle)));
        Memory.putLong(entry, peerHandle);
        Memory.putLong(entry + LOCAL_OFFSET, localHandle);
    }

    /** Gives a table to a slab whose handles were the same on both sides; all that live but one, which was made here just now. */
    private void spellOut(long descriptor, long except) {
        if (descriptor == 0 || signedSlotLength(descriptor) >= 0) {
            return;
        }
        int slotLength = -signedSlotLength(descriptor);
        long table = Memory.allocate((long) SlabGeometry.slots(slotLength) * ENTRY_LENGTH);
        for (int slot = 0; slot < SlabGeometry.slots(slotLength); slot++) {
            long handle = sameHandle(descriptor, slot);
            if (handle != except) {
                Memory.putLong(table + (long) slot * ENTRY_LENGTH, handle);
                Memory.putLong(table + (long) slot * ENTRY_LENGTH + LOCAL_OFFSET, handle);
            }
        }
        describe(firstPage(descriptor), slotLength, table);
    }

    private void describe(int firstPage, int signedSlotLength, long tableOrKey) {
        for (int page = firstPage; page < firstPage + SlabGeometry.pages(Math.abs(signedSlotLength)); page++) {
            Memory.putInt(descriptor(page) + FIRST_PAGE_OFFSET, firstPage);
            Memory.putInt(descriptor(page) + SLOT_LENGTH_OFFSET, signedSlotLength);
            Memory.putLong(descriptor(page) + TABLE_OFFSET, tableOrKey);
        }
    }

    private void dissolveAll(int firstPage, int slotLength, LongConsumer orphaned) {
        for (int page = firstPage; page < firstPage + SlabGeometry.pages(slotLength); page++) {
            dissolve(page, orphaned);
        }
    }

    private void dissolve(int page, LongConsumer orphaned) {
        long descriptor = descriptor(page);
        int slotLength = signedSlotLength(descriptor);
        if (slotLength == 0) {
            return;
        }
        forEachIn(page, (peerHandle, local) -> orphaned.accept(local));
        if (slotLength > 0) {
            Memory.free(Memory.getLong(descriptor + TABLE_OFFSET));
        }
        int first = firstPage(descriptor);
        for (int i = first; i < first + SlabGeometry.pages(Math.abs(slotLength)); i++) {
            Memory.putInt(descriptor(i) + SLOT_LENGTH_OFFSET, 0);
        }
    }

    /** Forgets an object, which was deleted here already. */
    void remove(long peerHandle) {
        long descriptor = slabAt(ObjectMemory.bodyOffset(peerHandle));
        if (descriptor == 0 || signedSlotLength(descriptor) < 0) {
            return;
        }
        int slot = slotAt(descriptor, signedSlotLength(descriptor), ObjectMemory.bodyOffset(peerHandle));
        if (slot >= 0 && Memory.getLong(entry(descriptor, slot)) == peerHandle) {
            Memory.putLong(entry(descriptor, slot), NO_HANDLE);
        }
    }

    /** Is told of an object. */
    interface PairConsumer {
        void accept(long peerHandle, long localHandle);
    }

    void forEach(PairConsumer consumer) {
        for (int page = firstDataPage; page < pageCount; page++) {
            if (firstPage(descriptor(page)) == page) {
                forEachIn(page, consumer);
            }
        }
    }

    /** The objects of the slab on a page. */
    void forEachIn(int page, PairConsumer consumer) {
        long descriptor = descriptor(page);
        int slotLength = signedSlotLength(descriptor);
        for (int slot = 0; slotLength != 0 && slot < SlabGeometry.slots(Math.abs(slotLength)); slot++) {
            long peerHandle = slotLength < 0 ? sameHandle(descriptor, slot) : Memory.getLong(entry(descriptor, slot));
            if (peerHandle != NO_HANDLE) {
                consumer.accept(peerHandle, slotLength < 0 ? peerHandle : Memory.getLong(entry(descriptor, slot) + LOCAL_OFFSET));
            }
        }
    }

    @Override
    public void close() {
        for (int page = firstDataPage; page < pageCount; page++) {
            if (signedSlotLength(descriptor(page)) > 0 && firstPage(descriptor(page)) == page) {
                Memory.free(Memory.getLong(descriptor(page) + TABLE_OFFSET));
            }
        }
        Memory.free(pages);
    }
}
