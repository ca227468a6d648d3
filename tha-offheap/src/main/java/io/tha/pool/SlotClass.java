package io.tha.pool;

/** Slots of one layout and one group, and the slabs of them that have a free slot. */
final class SlotClass {
    final int layoutId;
    final int groupId;
    final long key;
    final int bodyBytes;
    final int slotLength;

    /** First page of the first slab with a free slot; 0 when there is none. */
    int firstPartialSlab;

    SlotClass(int layoutId, int groupId, long key, int bodyBytes) {
        this.layoutId = layoutId;
        this.groupId = groupId;
        this.key = key;
        this.bodyBytes = bodyBytes;
        slotLength = SlabGeometry.slotLength(bodyBytes);
    }
}
