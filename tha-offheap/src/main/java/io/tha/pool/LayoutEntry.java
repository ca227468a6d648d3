package io.tha.pool;

import io.tha.layout.Layout;

/**
 * A registered layout.
 *
 * @param id in its pool
 * @param layout itself
 * @param key its {@link Layout#key}
 * @param slotLength of its objects, in bytes
 * @param slabSlots how many slots a slab of them has
 */
public record LayoutEntry(int id, Layout layout, long key, int slotLength, int slabSlots) {
    /** With an id in some pool, this process's or another's. */
    public static LayoutEntry of(int id, Layout layout) {
        int slotLength = SlabGeometry.slotLength(layout.sizeBytes());
        return new LayoutEntry(id, layout, layout.key(), slotLength, SlabGeometry.slots(slotLength));
    }
}
