package io.tha.pool;

import io.tha.memory.LineMarks;

/**
 * Header page of a pool or image file, and the order of what follows it; docs/formats.md 2.1.
 *
 * <pre>
 *   0        8         12              16          24        32               36
 *   | magic  | version | header length | file size | pool id | registry bytes | CRC-32C of [0, 36) |
 *   | 40 … reserved, zero …
 *   | 128: next object id | 256: applied position | 384: registry used | 512: copies | 640: writer | … reserved …
 *   | 1024: for each of 64 applications of the domain, the end of its chain that the state needs | … reserved …
 *   | 4096: page table, 16 bytes a page | registry | first data page …
 * </pre>
 */
final class PoolHeaderDescriptor {
    /** "THAPOOL" and a zero byte. */
    static final long MAGIC = 0x004C_4F4F_5041_4854L;

    static final int MAJOR_VERSION = 1;
    static final int MINOR_VERSION = 2;
    static final int VERSION_SHIFT = 16;

    static final int MAGIC_OFFSET = 0;
    static final int VERSION_OFFSET = MAGIC_OFFSET + Long.BYTES;
    static final int HEADER_LENGTH_OFFSET = VERSION_OFFSET + Integer.BYTES;
    static final int FILE_SIZE_OFFSET = HEADER_LENGTH_OFFSET + Integer.BYTES;
    static final int POOL_ID_OFFSET = FILE_SIZE_OFFSET + Long.BYTES;
    static final int REGISTRY_LENGTH_OFFSET = POOL_ID_OFFSET + Long.BYTES;
    static final int CRC_OFFSET = REGISTRY_LENGTH_OFFSET + Integer.BYTES;

    /** Words that change lie on cache-line pairs of their own. */
    static final int NEXT_OBJECT_ID_OFFSET = 128;

    static final int APPLIED_POSITION_OFFSET = 256;
    static final int REGISTRY_USED_OFFSET = 384;
    static final int COPIES_OFFSET = 512;
    static final int WRITER_OFFSET = 640;
    static final int CHAIN_ENDS_OFFSET = 1024;
    /** As many as a domain can have. */
    static final int APPLICATIONS = 64;

    static final int HEADER_LENGTH = LineMarks.PAGE_LENGTH;
    static final int PAGE_TABLE_OFFSET = HEADER_LENGTH;

    private PoolHeaderDescriptor() {}
}
