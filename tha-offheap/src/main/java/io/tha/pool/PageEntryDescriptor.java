package io.tha.pool;

/**
 * Entry of the page table; docs/formats.md 2.2. A page with slot length 0 is free.
 *
 * <pre>
 *   0                 4             8           10         12                 14
 *   | slab's 1st page | slot length | layout id | group id | generation floor | reserved |
 * </pre>
 *
 * The generation floor is the highest generation that any slot on the page ever had, kept when the slab is given up: the next slots begin
 * above it, so that no old handle fits a new object.
 */
final class PageEntryDescriptor {
    static final int SLAB_FIRST_PAGE_OFFSET = 0;
    static final int SLOT_LENGTH_OFFSET = SLAB_FIRST_PAGE_OFFSET + Integer.BYTES;
    static final int LAYOUT_ID_OFFSET = SLOT_LENGTH_OFFSET + Integer.BYTES;
    static final int GROUP_ID_OFFSET = LAYOUT_ID_OFFSET + Short.BYTES;
    static final int GENERATION_FLOOR_OFFSET = GROUP_ID_OFFSET + Short.BYTES;
    static final int RESERVED_OFFSET = GENERATION_FLOOR_OFFSET + Short.BYTES;
    static final int LENGTH = RESERVED_OFFSET + Short.BYTES;

    private PageEntryDescriptor() {}
}
