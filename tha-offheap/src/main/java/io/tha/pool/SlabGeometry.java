package io.tha.pool;

import io.tha.memory.LineMarks;
import io.tha.memory.Memory;

/** How slots of one length lie in a slab: a run of pages. */
public final class SlabGeometry {
    /** Slots up to here leave at most an eighth of a page unused. */
    private static final int ONE_PAGE_SLOT_LENGTH = 512;

    private static final int SHARED_SLOT_LENGTH = 8_192;
    private static final int SLOTS_OF_SHARED_SLAB = 8;

    private SlabGeometry() {}

    /** The length of a slot for bodies of this size: header and body, rounded up to eight. */
    public static int slotLength(int bodyBytes) {
        return (int) Memory.align8(SlotDescriptor.HEADER_LENGTH + (long) bodyBytes);
    }

    /** How many pages a slab of such slots has. */
    public static int pages(int slotLength) {
        if (slotLength <= ONE_PAGE_SLOT_LENGTH) {
            return 1;
        }
        long bytes = slotLength <= SHARED_SLOT_LENGTH ? (long) SLOTS_OF_SHARED_SLAB * slotLength : slotLength;
        return (int) ((bytes + LineMarks.PAGE_LENGTH - 1) >>> LineMarks.PAGE_SHIFT);
    }

    /** How many slots a slab has. */
    public static int slots(int slotLength) {
        return slotLength > SHARED_SLOT_LENGTH ? 1 : (pages(slotLength) << LineMarks.PAGE_SHIFT) / slotLength;
    }

    /** The offset of the body in a slot, of a slab that begins at this page. */
    public static long bodyOffset(int firstPage, int slotLength, int slot) {
        return ((long) firstPage << LineMarks.PAGE_SHIFT) + (long) slot * slotLength + SlotDescriptor.HEADER_LENGTH;
    }
}
