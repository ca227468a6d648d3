package io.tha.region;

/**
 * A file of outcomes, all values little-endian; docs/formats.md 3.7.
 *
 * <pre>
 *   0       8         12              16             20                24
 *   | magic | version | header length | ids a block  | number of blocks | …
 *   4096              36864
 *   | tags, 8 bytes each | blocks, 2 bits for each id …
 * </pre>
 */
final class OutcomeDescriptor {
    static final int MAGIC_OFFSET = 0;
    static final int VERSION_OFFSET = MAGIC_OFFSET + Long.BYTES;
    static final int HEADER_LENGTH_OFFSET = VERSION_OFFSET + Integer.BYTES;
    static final int IDS_PER_BLOCK_OFFSET = HEADER_LENGTH_OFFSET + Integer.BYTES;
    static final int BLOCK_COUNT_OFFSET = IDS_PER_BLOCK_OFFSET + Integer.BYTES;

    /** THAOUTC and a zero byte. */
    static final long MAGIC = 0x0043_5455_4F41_4854L;

    static final int VERSION = 1 << 16;
    static final int HEADER_LENGTH = 4096;
    static final int BLOCK_SHIFT = 10;
    static final int IDS_PER_BLOCK = 1 << BLOCK_SHIFT;
    static final int BLOCK_COUNT = 4096;
    static final int BITS = 2;
    static final int MASK = (1 << BITS) - 1;
    static final int BLOCK_LENGTH = IDS_PER_BLOCK * BITS / Byte.SIZE;
    static final long TAGS_OFFSET = HEADER_LENGTH;
    static final long BLOCKS_OFFSET = TAGS_OFFSET + (long) BLOCK_COUNT * Long.BYTES;
    static final long FILE_LENGTH = BLOCKS_OFFSET + (long) BLOCK_COUNT * BLOCK_LENGTH;

    static final int NOTHING = 0;
    static final int COMMITTED = 1;
    static final int ABORTED = 2;
    static final int UNDECIDED = 3;

    private OutcomeDescriptor() {}
}
