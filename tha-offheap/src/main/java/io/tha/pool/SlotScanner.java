package io.tha.pool;

import io.tha.memory.Memory;

/**
 * Walks the slots of a pool or image, also of one that another process is changing: what it reports was there at some moment, and every
 * number has been checked.
 */
public final class SlotScanner {
    private final PoolMemory memory;
    private final PageTable pages;

    SlotScanner(PoolMemory memory, PageTable pages) {
        this.memory = memory;
        this.pages = pages;
    }

    /** Is told of a slot. */
    public interface SlotConsumer {
        /**
         * Called in the order of addresses.
         *
         * @param page on which the slot's slab begins
         * @param body offset of the slot's body
         * @param check word of the slot
         */
        void accept(int page, long body, long check);
    }

    public void forEachSlot(SlotConsumer consumer) {
        int page = memory.firstDataPage();
        while (page < memory.pageCount()) {
            int slotLength = pages.slotLength(page);
            if (slotLength == 0 || !pages.isSound(page) || pages.slabFirstPage(page) != page) {
                page++;
                continue;
            }
            for (int i = 0; i < SlabGeometry.slots(slotLength); i++) {
                long body = SlabGeometry.bodyOffset(page, slotLength, i);
                consumer.accept(page, body, Memory.getLong(memory.base() + SlotDescriptor.slotOf(body) + SlotDescriptor.CHECK_OFFSET));
            }
            page += SlabGeometry.pages(slotLength);
        }
    }

    /** Neither free nor retired. */
    static boolean isInUse(long check, long body) {
        return check != 0 && SlotDescriptor.generationIn(check, body, SlotDescriptor.FREE_KEY) < 0;
    }
}
