package io.tha.pool;

import io.tha.memory.Memory;

/** Derives from the slots of a file what a pool keeps beside it: free lists, names, pages taken. */
final class PoolRebuild {
    private final PoolMemory memory;
    private final PageTable pages;
    private final Registry registry;
    private final SlabAllocator slabs;
    private final ObjectNames names;
    private final SlotClasses classes;
    private int adopted = -1;

    PoolRebuild(ThaPool pool) {
        memory = pool.memory();
        pages = pool.pages();
        registry = pool.registry();
        slabs = pool.slabs();
        names = pool.names();
        classes = pool.classes();
    }

    void run() {
        checkPageTable();
        releaseRemoved();
        new SlotScanner(memory, pages).forEachSlot(this::adopt);
    }

    private void checkPageTable() {
        for (int page = memory.firstDataPage(); page < memory.pageCount(); page++) {
            if (pages.slotLength(page) != 0 && !pages.isSound(page)) {
                throw memory.corrupt(memory.pageEntry(page) - memory.base(), "page " + page + " of a slab at page " + pages.slabFirstPage(page)
                        + " with slots of " + pages.slotLength(page) + " bytes cannot be");
            }
        }
    }

    /** An image, and a pool that another process has left, still have slabs of removed layouts and groups; their slots are free. */
    private void releaseRemoved() {
        for (int page = memory.firstDataPage(); page < memory.pageCount(); page++) {
            int slotLength = pages.slotLength(page);
            if (slotLength != 0 && isRemoved(page) && pages.slabFirstPage(page) == page) {
                release(page, slotLength);
            }
        }
    }

    private boolean isRemoved(int page) {
        return registry.isRemovedLayout(pages.layoutId(page)) || registry.isRemovedGroup(pages.groupId(page));
    }

    private void release(int slab, int slotLength) {
        int highest = 0;
        for (int i = 0; i < SlabGeometry.slots(slotLength); i++) {
            long body = SlabGeometry.bodyOffset(slab, slotLength, i);
            long check = Memory.getLong(memory.base() + SlotDescriptor.slotOf(body) + SlotDescriptor.CHECK_OFFSET);
            if (SlotScanner.isInUse(check, body)) {
                throw memory.corrupt(body, "an object of a removed layout or group");
            }
            int last = check == 0 ? SlotDescriptor.LAST_GENERATION : SlotDescriptor.generationIn(check, body, SlotDescriptor.FREE_KEY) - 1;
            highest = Math.max(highest, last);
        }
        if (highest >= SlotDescriptor.LAST_GENERATION - 1 && slabs.adopt(slab, slotLength)) {
            // Its generations are used up: the pages stay taken.
            return;
        }
        for (int page = slab; page < slab + SlabGeometry.pages(slotLength); page++) {
            pages.generationFloor(page, highest);
            pages.release(page);
        }
    }

    private void adopt(int slab, long body, long check) {
        if (isRemoved(slab)) {
            return;
        }
        SlotClass slots = classes.onPage(pages.layoutId(slab), pages.groupId(slab));
        int slotLength = pages.slotLength(slab);
        if (slots == null || slots.slotLength != slotLength || slab != adopted && !slabs.adopt(slab, slotLength)) {
            throw memory.corrupt(memory.pageEntry(slab) - memory.base(), "slab at page " + slab + " with slots of " + slotLength
                    + " bytes overlaps another or has layout " + pages.layoutId(slab) + ", which does not fit");
        }
        adopted = slab;
        if (SlotDescriptor.generationIn(check, body, SlotDescriptor.FREE_KEY) > 0) {
            slabs.adoptFree(slots, slab, body);
            return;
        }
        slabs.adoptUsed(slab, 1);
        if (check == 0 || pages.groupId(slab) == NameSlots.GROUP_ID) {
            return;
        }
        long nameWord = Memory.getLong(memory.base() + SlotDescriptor.slotOf(body) + SlotDescriptor.NAME_OFFSET);
        boolean named = nameWord == 0 || names.isSound(nameWord, pages) && names.enter(nameWord, body);
        if (SlotDescriptor.generationIn(check, body, slots.key) < 0 || !named) {
            throw memory.corrupt(body, "slot with check word 0x" + Long.toHexString(check) + " and name word 0x" + Long.toHexString(nameWord)
                    + " is neither free nor an object with a name of its own");
        }
    }
}
