package io.tha.pool;

import io.tha.memory.LineMarks;
import io.tha.memory.Memory;

/**
 * Which slots of another process's pool hold committed objects, by what its log says; in memory of this process.
 *
 * <pre>
 *  page    | first page of the slab | slot length (0 = no slab) | layout id << 16 | group id | address of the slab's records |
 *  record  for each slot | body of its name slot << 16 | generation (0 = no object) | hash of the name, or name word |
 * </pre>
 *
 * An object has the hash of its static name, which is in a name slot, or the name word of its implicit one. The record of a name slot has 1.
 *
 * <p>Threads: the follower's.
 */
final class FollowedSlots implements AutoCloseable {
    private static final int SLOT_LENGTH_OFFSET = Integer.BYTES;
    private static final int CLASS_OFFSET = SLOT_LENGTH_OFFSET + Integer.BYTES;
    private static final int RECORDS_OFFSET = CLASS_OFFSET + 2 * Integer.BYTES;
    private static final int PAGE_LENGTH = RECORDS_OFFSET + Long.BYTES;
    private static final int NAME_OFFSET = Long.BYTES;
    private static final int RECORD_LENGTH = NAME_OFFSET + Long.BYTES;
    private static final int CLASS_SHIFT = 16;
    private static final int GROUP_MASK = 0xFFFF;

    private final int firstDataPage;
    private final int pageCount;
    private final long pages;

    FollowedSlots(PoolMemory memory) {
        firstDataPage = memory.firstDataPage();
        pageCount = memory.pageCount();
        pages = Memory.allocate((long) pageCount * PAGE_LENGTH);
    }

    static int classOf(int layoutId, int groupId) {
        return layoutId << CLASS_SHIFT | groupId;
    }

    static int layoutId(int slotClass) {
        return slotClass >>> CLASS_SHIFT;
    }

    static int groupId(int slotClass) {
        return slotClass & GROUP_MASK;
    }

    /** Whether a slab of this shape can be in the pool, with a body at the beginning of a slot. */
    boolean isPossible(int firstPage, int slotLength, long body) {
        boolean isSlot = slotLength >= SlotDescriptor.HEADER_LENGTH && slotLength % Long.BYTES == 0;
        if (!isSlot || firstPage < firstDataPage || (long) firstPage + SlabGeometry.pages(slotLength) > pageCount) {
            return false;
        }
        long distance = body - SlabGeometry.bodyOffset(firstPage, slotLength, 0);
        return distance >= 0 && distance % slotLength == 0 && distance / slotLength < SlabGeometry.slots(slotLength);
    }

    private long descriptor(int page) {
        return pages + (long) page * PAGE_LENGTH;
    }

    /** The first page of the slab that has a page; 0 if there is none. */
    int slabAt(int page) {
        return slotLength(page) == 0 ? 0 : Memory.getInt(descriptor(page));
    }

    /** Of the slab that has a page; 0 if there is none. */
    int slotLength(int page) {
        return Memory.getInt(descriptor(page) + SLOT_LENGTH_OFFSET);
    }

    /** Of the slab that has a page. */
    int slotClass(int page) {
        return Memory.getInt(descriptor(page) + CLASS_OFFSET);
    }

    boolean has(int firstPage, int slotLength, int slotClass) {
        return slabAt(firstPage) == firstPage && slotLength(firstPage) == slotLength && slotClass(firstPage) == slotClass;
    }

    /** A slab without objects on pages that no slab has. */
    void put(int firstPage, int slotLength, int slotClass) {
        long records = Memory.allocate((long) SlabGeometry.slots(slotLength) * RECORD_LENGTH);
        for (int page = firstPage; page < firstPage + SlabGeometry.pages(slotLength); page++) {
            Memory.putInt(descriptor(page), firstPage);
            Memory.putInt(descriptor(page) + CLASS_OFFSET, slotClass);
            Memory.putLong(descriptor(page) + RECORDS_OFFSET, records);
            Memory.putInt(descriptor(page) + SLOT_LENGTH_OFFSET, slotLength);
        }
    }

    /** Forgets a slab and what is in it. */
    void remove(int slab) {
        Memory.free(Memory.getLong(descriptor(slab) + RECORDS_OFFSET));
        int end = slab + SlabGeometry.pages(slotLength(slab));
        for (int page = slab; page < end; page++) {
            Memory.putInt(descriptor(page) + SLOT_LENGTH_OFFSET, 0);
        }
    }

    /** The address of the record of the slot whose body begins here; 0 where no slot does. */
    long record(long body) {
        long page = body >>> LineMarks.PAGE_SHIFT;
        if (Long.compareUnsigned(page, pageCount) >= 0 || slotLength((int) page) == 0) {
            return 0;
        }
        int slab = slabAt((int) page);
        int slotLength = slotLength(slab);
        return isPossible(slab, slotLength, body)
                ? record(slab, (int) ((body - SlabGeometry.bodyOffset(slab, slotLength, 0)) / slotLength))
                : 0;
    }

    long record(int slab, int slot) {
        return Memory.getLong(descriptor(slab) + RECORDS_OFFSET) + (long) slot * RECORD_LENGTH;
    }

    static boolean isLive(long slotRecord) {
        return Memory.getLong(slotRecord) != 0;
    }

    static int generation(long slotRecord) {
        return (int) (Memory.getLong(slotRecord) & SlotDescriptor.LAST_GENERATION);
    }

    /** Of an object; 0 for one without a static name. */
    static long nameSlot(long slotRecord) {
        return Memory.getLong(slotRecord) >>> CLASS_SHIFT;
    }

    /** The hash of a static name, or a name word. */
    static long name(long slotRecord) {
        return Memory.getLong(slotRecord + NAME_OFFSET);
    }

    static void set(long slotRecord, int generation, long nameSlot, long name) {
        Memory.putLong(slotRecord, nameSlot << CLASS_SHIFT | generation);
        Memory.putLong(slotRecord + NAME_OFFSET, name);
    }

    static void clear(long slotRecord) {
        Memory.putLong(slotRecord, 0);
    }

    /** The next slab from a page on, or -1. */
    int nextSlab(int from) {
        int page = Math.max(from, firstDataPage);
        while (page < pageCount && slabAt(page) != page) {
            page++;
        }
        return page < pageCount ? page : -1;
    }

    @Override
    public void close() {
        for (int slab = nextSlab(0); slab >= 0; slab = nextSlab(slab + 1)) {
            remove(slab);
        }
        Memory.free(pages);
    }
}
