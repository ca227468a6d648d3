package io.tha.pool;

import static io.tha.pool.SlotDescriptor.CHECK_OFFSET;
import static io.tha.pool.SlotDescriptor.FREE_KEY;
import static io.tha.pool.SlotDescriptor.ID_OFFSET;

import io.tha.PoolFullException;
import io.tha.memory.LineMarks;
import io.tha.memory.Memory;
import io.tha.memory.ObjectMemory;

/**
 * Gives out slots and takes them back. Free slots of a slab form a list through their headers; slabs with a free slot form a list per class;
 * a slab without a live slot gives its pages back, unless it is its class's last one with room.
 *
 * <p>Threads: one at a time per class; runs of pages are shared and locked.
 */
final class SlabAllocator implements AutoCloseable {
    /** State of a slab, private to this process: head of the free list, next and previous slab with a free slot, slots in use. */
    private static final int FREE_HEAD_OFFSET = 0;

    private static final int NEXT_OFFSET = FREE_HEAD_OFFSET + Long.BYTES;
    private static final int PREVIOUS_OFFSET = NEXT_OFFSET + Integer.BYTES;
    private static final int IN_USE_OFFSET = PREVIOUS_OFFSET + Integer.BYTES;
    private static final int STATE_LENGTH = IN_USE_OFFSET + Long.BYTES;

    /** Head of a free list that is still to be made, from the slots' check words; no body begins there. */
    private static final long UNSCANNED = 1;

    private final PoolMemory memory;
    private final PageTable pages;
    private final LineMarks marks;
    private final PageRuns runs;
    private final VacatedSlabs vacated;
    private final long states;

    SlabAllocator(PoolMemory memory, PageTable pages, LineMarks marks) {
        this.memory = memory;
        this.pages = pages;
        this.marks = marks;
        runs = new PageRuns(memory.firstDataPage(), memory.pageCount());
        vacated = new VacatedSlabs(memory, pages, runs);
        states = Memory.allocate((long) memory.pageCount() * STATE_LENGTH);
    }

    /**
     * Takes a slot; its header still says free.
     *
     * @return the handle that its object will have
     * @throws PoolFullException with nothing changed
     */
    long take(SlotClass slots) {
        int slab = partialSlab(slots);
        long state = state(slab);
        long body = Memory.getLong(state + FREE_HEAD_OFFSET);
        long slot = memory.base() + SlotDescriptor.slotOf(body);
        long next = Memory.getLong(slot + ID_OFFSET);
        Memory.putLong(state + FREE_HEAD_OFFSET, next);
        Memory.putInt(state + IN_USE_OFFSET, Memory.getInt(state + IN_USE_OFFSET) + 1);
        if (next == 0) {
            unlink(slots, slab);
        }
        return Memory.getLong(slot + CHECK_OFFSET) ^ FREE_KEY;
    }

    /** One with a free slot, and a list of those. */
    private int partialSlab(SlotClass slots) {
        int slab = slots.firstPartialSlab;
        while (slab != 0 && Memory.getLong(state(slab) + FREE_HEAD_OFFSET) == UNSCANNED && !scan(slots, slab)) {
            slab = slots.firstPartialSlab;
        }
        return slab != 0 ? slab : carve(slots);
    }

    /** Makes the free list of a followed slab; false, and the slab is in no list any more, if no slot of it is free. */
    private boolean scan(SlotClass slots, int slab) {
        long head = 0;
        int inUse = SlabGeometry.slots(slots.slotLength);
        for (int i = inUse - 1; i >= 0; i--) {
            long body = SlabGeometry.bodyOffset(slab, slots.slotLength, i);
            long slot = memory.base() + SlotDescriptor.slotOf(body);
            if (SlotDescriptor.generationIn(Memory.getLong(slot + CHECK_OFFSET), body, FREE_KEY) > 0) {
                Memory.putLong(slot + ID_OFFSET, head);
                head = body;
                inUse--;
            }
        }
        Memory.putLong(state(slab) + FREE_HEAD_OFFSET, head);
        Memory.putInt(state(slab) + IN_USE_OFFSET, inUse);
        if (head == 0) {
            unlink(slots, slab);
        }
        return head != 0;
    }

    /** Takes back the slot of a handle, whatever its state. */
    void give(SlotClass slots, long handle) {
        long body = ObjectMemory.bodyOffset(handle);
        long slot = memory.base() + SlotDescriptor.slotOf(body);
        int generation = ObjectMemory.generation(handle);
        if (generation == SlotDescriptor.LAST_GENERATION) {
            Memory.putLong(slot + CHECK_OFFSET, 0);
            return;
        }
        int slab = pages.slabFirstPage((int) (body >>> LineMarks.PAGE_SHIFT));
        long state = state(slab);
        Memory.putLong(slot + CHECK_OFFSET, ObjectMemory.handle(body, generation + 1) ^ FREE_KEY);
        if (Memory.getLong(state + FREE_HEAD_OFFSET) != UNSCANNED) {
            push(slots, slab, body);
        }
        int inUse = Memory.getInt(state + IN_USE_OFFSET) - 1;
        Memory.putInt(state + IN_USE_OFFSET, inUse);
        if (inUse == 0 && (slots.firstPartialSlab != slab || next(slab) != 0)) {
            release(slots, slab);
        }
    }

    /** Gives back the slab that a class without objects has kept. */
    void releaseEmpty(SlotClass slots) {
        for (int slab = slots.firstPartialSlab; slab != 0; ) {
            int next = next(slab);
            if (Memory.getInt(state(slab) + IN_USE_OFFSET) == 0) {
                release(slots, slab);
            }
            slab = next;
        }
    }

    /** Takes over a slab that the file has already; its slots are then reported one by one. */
    boolean adopt(int slab, int slotLength) {
        if (!runs.takeAt(slab, SlabGeometry.pages(slotLength))) {
            return false;
        }
        marks.ensureGroup(pages.groupId(slab));
        return true;
    }

    /** Takes a particular run of pages for a slab whose slots are then reported as adopted; false if some of it is taken, or is no data. */
    boolean takeAt(SlotClass slots, int slab) {
        int pageCount = SlabGeometry.pages(slots.slotLength);
        if (slab < memory.firstDataPage() || slab > memory.pageCount() - pageCount || !runs.takeAt(slab, pageCount)) {
            return false;
        }
        pages.assign(slab, slots.slotLength, slots.layoutId, slots.groupId);
        marks.ensureGroup(slots.groupId);
        Memory.zero(state(slab), STATE_LENGTH);
        return true;
    }

    /** Gives up a slab of {@link #takeAt} of which no slot was adopted. */
    void giveUp(SlotClass slots, int slab) {
        int pageCount = SlabGeometry.pages(slots.slotLength);
        for (int page = slab; page < slab + pageCount; page++) {
            pages.release(page);
        }
        runs.give(slab, pageCount);
    }

    /** Keeps pages in front of this one for {@link #takeAt}, as long as there are others. */
    void carveFrom(int page) {
        runs.searchFrom(page);
    }

    /** Slots of an adopted slab that are in use, or retired. */
    void adoptUsed(int slab, int count) {
        long state = state(slab);
        Memory.putInt(state + IN_USE_OFFSET, Memory.getInt(state + IN_USE_OFFSET) + count);
    }

    /** A free slot of an adopted slab. */
    void adoptFree(SlotClass slots, int slab, long body) {
        push(slots, slab, body);
    }

    /** A followed slab that was carved on the other side; it is in no list. False if a page of it is taken. */
    boolean followCarved(int slab, int slotLength, int groupId) {
        if (!runs.takeAt(slab, SlabGeometry.pages(slotLength))) {
            return false;
        }
        marks.ensureGroup(groupId);
        Memory.zero(state(slab), STATE_LENGTH);
        return true;
    }

    /** So many slots of a followed slab in no list have been taken on the other side; it gets into the list of its class if others are free. */
    void followTaken(SlotClass slots, int slab, int taken) {
        long state = state(slab);
        int inUse = Memory.getInt(state + IN_USE_OFFSET) + taken;
        boolean full = inUse >= SlabGeometry.slots(slots.slotLength);
        boolean listed = Memory.getLong(state + FREE_HEAD_OFFSET) != 0;
        Memory.putInt(state + IN_USE_OFFSET, inUse);
        vacated.remove(slab, SlabGeometry.pages(slots.slotLength));
        if (full && listed) {
            unlink(slots, slab);
            Memory.putLong(state + FREE_HEAD_OFFSET, 0);
        } else if (!full && !listed) {
            Memory.putLong(state + FREE_HEAD_OFFSET, UNSCANNED);
            link(slots, slab);
        }
    }

    /** A slot of a followed slab has been given back on the other side. */
    void followGiven(SlotClass slots, int slab) {
        long state = state(slab);
        int inUse = Memory.getInt(state + IN_USE_OFFSET) - 1;
        Memory.putInt(state + IN_USE_OFFSET, inUse);
        if (Memory.getLong(state + FREE_HEAD_OFFSET) == 0) {
            Memory.putLong(state + FREE_HEAD_OFFSET, UNSCANNED);
            link(slots, slab);
        }
        if (inUse == 0 && (slots.firstPartialSlab != slab || next(slab) != 0)) {
            unlink(slots, slab);
            followVacated(slab, slots.slotLength);
        }
    }

    /** A followed slab has no object, and is nobody's: its pages are free when they are needed. */
    void followVacated(int slab, int slotLength) {
        Memory.zero(state(slab), STATE_LENGTH);
        vacated.add(slab, SlabGeometry.pages(slotLength));
    }

    /** The class of followed slabs without objects is not used any more. */
    void followForgotten(SlotClass slots) {
        while (slots.firstPartialSlab != 0) {
            int slab = slots.firstPartialSlab;
            unlink(slots, slab);
            followVacated(slab, slots.slotLength);
        }
    }

    /** The pages of a followed slab without objects were taken for another one on the other side; the class is null where it is forgotten. */
    void followDissolved(SlotClass slots, int slab, int slotLength) {
        if (Memory.getLong(state(slab) + FREE_HEAD_OFFSET) != 0) {
            unlink(slots, slab);
        }
        Memory.zero(state(slab), STATE_LENGTH);
        vacated.remove(slab, SlabGeometry.pages(slotLength));
        runs.give(slab, SlabGeometry.pages(slotLength));
    }

    /** How many slots of a slab are in use or retired; -1 where a slab is nobody's. For tests. */
    int inUse(int slab) {
        return vacated.has(slab) ? -1 : Memory.getInt(state(slab) + IN_USE_OFFSET);
    }

    int endOfUsedPages() {
        return runs.end();
    }

    int freePages() {
        return runs.freePages() + vacated.pages();
    }

    private int carve(SlotClass slots) {
        int pageCount = SlabGeometry.pages(slots.slotLength);
        int slab = runs.take(pageCount);
        if (slab < 0 && vacated.release()) {
            slab = runs.take(pageCount);
        }
        if (slab < 0) {
            throw new PoolFullException("pool file '" + memory.path() + "' of " + memory.sizeBytes() + " bytes: no " + pageCount
                    + " free pages in a row for a slot of " + slots.slotLength + " bytes, free are " + runs.freePages()
                    + " pages; delete objects or create a larger pool");
        }
        int floor = 0;
        for (int page = slab; page < slab + pageCount; page++) {
            floor = Math.max(floor, pages.generationFloor(page));
        }
        pages.assign(slab, slots.slotLength, slots.layoutId, slots.groupId);
        marks.ensureGroup(slots.groupId);
        // A scan that reports one of the stores that follow must find the entry: docs/trackers.md, several groups.
        Memory.storeFence();
        Memory.zero(state(slab), STATE_LENGTH);
        for (int i = SlabGeometry.slots(slots.slotLength) - 1; i >= 0; i--) {
            long body = SlabGeometry.bodyOffset(slab, slots.slotLength, i);
            long free = ObjectMemory.handle(body, Math.max(floor + 1, SlotDescriptor.FIRST_GENERATION)) ^ FREE_KEY;
            Memory.putLong(memory.base() + SlotDescriptor.slotOf(body) + CHECK_OFFSET, free);
            push(slots, slab, body);
        }
        return slab;
    }

    private void release(SlotClass slots, int slab) {
        int highest = VacatedSlabs.highestGeneration(memory, slab, slots.slotLength);
        if (highest >= SlotDescriptor.LAST_GENERATION - 1) {
            return;
        }
        unlink(slots, slab);
        int pageCount = SlabGeometry.pages(slots.slotLength);
        for (int page = slab; page < slab + pageCount; page++) {
            pages.generationFloor(page, highest);
            pages.release(page);
        }
        runs.give(slab, pageCount);
    }

    private void push(SlotClass slots, int slab, long body) {
        long state = state(slab);
        long head = Memory.getLong(state + FREE_HEAD_OFFSET);
        Memory.putLong(memory.base() + SlotDescriptor.slotOf(body) + ID_OFFSET, head);
        Memory.putLong(state + FREE_HEAD_OFFSET, body);
        if (head == 0) {
            link(slots, slab);
        }
    }

    private void link(SlotClass slots, int slab) {
        long state = state(slab);
        Memory.putInt(state + NEXT_OFFSET, slots.firstPartialSlab);
        Memory.putInt(state + PREVIOUS_OFFSET, 0);
        if (slots.firstPartialSlab != 0) {
            Memory.putInt(state(slots.firstPartialSlab) + PREVIOUS_OFFSET, slab);
        }
        slots.firstPartialSlab = slab;
    }

    private void unlink(SlotClass slots, int slab) {
        int next = next(slab);
        int previous = Memory.getInt(state(slab) + PREVIOUS_OFFSET);
        if (previous == 0) {
            slots.firstPartialSlab = next;
        } else {
            Memory.putInt(state(previous) + NEXT_OFFSET, next);
        }
        if (next != 0) {
            Memory.putInt(state(next) + PREVIOUS_OFFSET, previous);
        }
    }

    private int next(int slab) {
        return Memory.getInt(state(slab) + NEXT_OFFSET);
    }

    private long state(int slab) {
        return states + (long) slab * STATE_LENGTH;
    }

    @Override
    public void close() {
        Memory.free(states);
    }
}
