package io.tha.pool;

import io.tha.memory.Memory;

/** Derives from the slots of a file what a pool keeps beside it: free lists, names, pages taken. */
final class PoolRebuild {
    private final PoolMemory memory;
    private final PageTable pages;
    private final SlabAllocator slabs;
    private final ObjectNames names;
    private final SlotClasses classes;
    private int adopted = -1;

    PoolRebuild(PoolMemory memory, PageTable pages, SlabAllocator slabs, ObjectNames names, SlotClasses classes) {
        this.memory = memory;
        this.pages = pages;
        this.slabs = slabs;
        this.names = names;
        this.classes = classes;
    }

    void run() {
        checkPageTable();
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

    private void adopt(int slab, long body, long check) {
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
        slabs.adoptUsed(slab);
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
