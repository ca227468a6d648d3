package io.tha.pool;

import static io.tha.pool.PageEntryDescriptor.GENERATION_FLOOR_OFFSET;
import static io.tha.pool.PageEntryDescriptor.GROUP_ID_OFFSET;
import static io.tha.pool.PageEntryDescriptor.LAYOUT_ID_OFFSET;
import static io.tha.pool.PageEntryDescriptor.SLAB_FIRST_PAGE_OFFSET;
import static io.tha.pool.PageEntryDescriptor.SLOT_LENGTH_OFFSET;

import io.tha.memory.LineMarks;
import io.tha.memory.Memory;

/**
 * The reverse look-up by arithmetic: page ▶ slab ▶ slot.
 *
 * <p>Threads: a slab's entries are written by the thread that owns its group, and read by it; another process reads what it was told of.
 */
public final class PageTable {
    private final PoolMemory memory;

    PageTable(PoolMemory memory) {
        this.memory = memory;
    }

    /** The length of the slots on a page; 0 when the page is free. */
    public int slotLength(int page) {
        return Memory.getInt(memory.pageEntry(page) + SLOT_LENGTH_OFFSET);
    }

    public int slabFirstPage(int page) {
        return Memory.getInt(memory.pageEntry(page) + SLAB_FIRST_PAGE_OFFSET);
    }

    public int layoutId(int page) {
        return Memory.getShort(memory.pageEntry(page) + LAYOUT_ID_OFFSET) & 0xFFFF;
    }

    public int groupId(int page) {
        return Memory.getShort(memory.pageEntry(page) + GROUP_ID_OFFSET) & 0xFFFF;
    }

    int generationFloor(int page) {
        return Memory.getShort(memory.pageEntry(page) + GENERATION_FLOOR_OFFSET) & 0xFFFF;
    }

    void generationFloor(int page, int generation) {
        Memory.putShort(memory.pageEntry(page) + GENERATION_FLOOR_OFFSET, (short) generation);
    }

    /** The body of the slot that holds a byte, or -1 where there is no slot. */
    public long bodyAt(long offset) {
        if (offset < 0 || offset >= memory.sizeBytes()) {
            return -1;
        }
        int page = (int) (offset >>> LineMarks.PAGE_SHIFT);
        int slotLength = slotLength(page);
        if (slotLength == 0) {
            return -1;
        }
        int first = slabFirstPage(page);
        int slot = (int) ((offset - ((long) first << LineMarks.PAGE_SHIFT)) / slotLength);
        return slot < SlabGeometry.slots(slotLength) ? SlabGeometry.bodyOffset(first, slotLength, slot) : -1;
    }

    /** Gives the pages of a slab to a class. */
    void assign(int firstPage, int slotLength, int layoutId, int groupId) {
        for (int page = firstPage; page < firstPage + SlabGeometry.pages(slotLength); page++) {
            long entry = memory.pageEntry(page);
            Memory.putInt(entry + SLAB_FIRST_PAGE_OFFSET, firstPage);
            Memory.putShort(entry + LAYOUT_ID_OFFSET, (short) layoutId);
            Memory.putShort(entry + GROUP_ID_OFFSET, (short) groupId);
            Memory.putInt(entry + SLOT_LENGTH_OFFSET, slotLength);
        }
    }

    /** Gives a page back. */
    void release(int page) {
        Memory.putInt(memory.pageEntry(page) + SLOT_LENGTH_OFFSET, 0);
    }

    /** Whether the pages of a slab are inside the data pages and agree with each other; for files that another process wrote. */
    public boolean isSound(int page) {
        return isSound(page, slotLength(page));
    }

    /** The same with the slot length that was loaded from the entry. */
    boolean isSound(int page, int slotLength) {
        int first = slabFirstPage(page);
        if (slotLength < SlotDescriptor.HEADER_LENGTH || slotLength % Long.BYTES != 0 || first < memory.firstDataPage() || first > page) {
            return false;
        }
        long end = (long) first + SlabGeometry.pages(slotLength);
        return page < end && end <= memory.pageCount();
    }
}
