package io.tha.pool;

import io.tha.layout.Layout;

/**
 * A registered layout.
 *
 * @param id in its pool
 * @param layout itself
 * @param key its {@link Layout#key}
 * @param slotLength of its objects, in bytes
 */
public record LayoutEntry(int id, Layout layout, long key, int slotLength) {
    LayoutEntry(int id, Layout layout) {
        this(id, layout, layout.key(), SlabGeometry.slotLength(layout.sizeBytes()));
    }
}
