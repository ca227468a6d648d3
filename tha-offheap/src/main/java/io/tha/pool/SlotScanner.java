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

    /** Is told of a slab. */
    public interface SlabConsumer {
        /**
         * Called in the order of addresses.
         *
         * @param page on which the slab begins
         * @param slotLength of its slots
         */
        void accept(int page, int slotLength);
    }

    public void forEachSlab(SlabConsumer consumer) {
        int page = memory.firstDataPage();
        while (page < memory.pageCount()) {
            int slotLength = slotLengthOfSlab(page);
            if (slotLength == 0) {
                page++;
                continue;
            }
            consumer.accept(page, slotLength);
            page += SlabGeometry.pages(slotLength);
        }
    }

    /** 0 where no slab begins. The entry may change meanwhile: it is loaded once. */
    private int slotLengthOfSlab(int page) {
        int slotLength = pages.slotLength(page);
        return slotLength != 0 && pages.isSound(page, slotLength) && pages.slabFirstPage(page) == page ? slotLength : 0;
    }

    public void forEachSlot(SlotConsumer consumer) {
        forEachSlab((page, slotLength) -> forEachSlot(page, slotLength, consumer));
    }

    /** The slots of the slab that begins on a page, if there still is one. */
    public void forEachSlotOf(int page, SlotConsumer consumer) {
        int slotLength = slotLengthOfSlab(page);
        if (slotLength != 0) {
            forEachSlot(page, slotLength, consumer);
        }
    }

    /** The slots of a slab that {@link #forEachSlab} has told. */
    public void forEachSlot(int page, int slotLength, SlotConsumer consumer) {
        for (int i = 0; i < SlabGeometry.slots(slotLength); i++) {
            long body = SlabGeometry.bodyOffset(page, slotLength, i);
            consumer.accept(page, body, Memory.getLong(memory.base() + SlotDescriptor.slotOf(body) + SlotDescriptor.CHECK_OFFSET));
        }
    }

    /** Neither free nor retired. */
    static boolean isInUse(long check, long body) {
        return check != 0 && SlotDescriptor.generationIn(check, body, SlotDescriptor.FREE_KEY) < 0;
    }
}
