package io.tha.pool;

import static io.tha.pool.SlotDescriptor.CHECK_OFFSET;

import io.tha.memory.Memory;
import java.util.BitSet;

/**
 * Slabs that a takeover by mapping has found without objects, in no list of a class. Their pages are given back when somebody needs them: at the
 * takeover nobody has the time to look at their slots.
 *
 * <p>Threads: any.
 */
final class VacatedSlabs {
    private final PoolMemory memory;
    private final PageTable table;
    private final PageRuns runs;
    private final BitSet slabs = new BitSet();
    private int pages;

    VacatedSlabs(PoolMemory memory, PageTable table, PageRuns runs) {
        this.memory = memory;
        this.table = table;
        this.runs = runs;
    }

    synchronized void add(int slab, int pageCount) {
        slabs.set(slab);
        pages += pageCount;
    }

    /** Somebody has a use for it; nothing if it is not here. */
    synchronized void remove(int slab, int pageCount) {
        if (slabs.get(slab)) {
            slabs.clear(slab);
            pages -= pageCount;
        }
    }

    synchronized boolean has(int slab) {
        return slabs.get(slab);
    }

    /** How many pages they have. */
    synchronized int pages() {
        return pages;
    }

    /** Gives the pages of all of them back; false if there is none. */
    synchronized boolean release() {
        boolean any = !slabs.isEmpty();
        for (int slab = slabs.nextSetBit(0); slab >= 0; slab = slabs.nextSetBit(slab + 1)) {
            release(slab);
        }
        slabs.clear();
        pages = 0;
        return any;
    }

    private void release(int slab) {
        int slotLength = table.slotLength(slab);
        int highest = highestGeneration(memory, slab, slotLength);
        if (highest >= SlotDescriptor.LAST_GENERATION - 1) {
            // Generations are used up: the pages stay taken.
            return;
        }
        int pageCount = SlabGeometry.pages(slotLength);
        for (int page = slab; page < slab + pageCount; page++) {
            table.generationFloor(page, highest);
            table.release(page);
        }
        runs.give(slab, pageCount);
    }

    /** The highest generation that an object in one of the slots of a slab has had, none of which is in use. */
    static int highestGeneration(PoolMemory memory, int slab, int slotLength) {
        int highest = 0;
        for (int i = 0; i < SlabGeometry.slots(slotLength); i++) {
            long body = SlabGeometry.bodyOffset(slab, slotLength, i);
            long check = Memory.getLong(memory.base() + SlotDescriptor.slotOf(body) + CHECK_OFFSET);
            int last = check == 0 ? SlotDescriptor.LAST_GENERATION : SlotDescriptor.generationIn(check, body, SlotDescriptor.FREE_KEY) - 1;
            highest = Math.max(highest, last);
        }
        return highest;
    }
}
