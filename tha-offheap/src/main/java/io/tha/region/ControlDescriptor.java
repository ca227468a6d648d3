package io.tha.region;

/**
 * The control file; all values little-endian.
 * <pre>
 *   0        8       10      12              16            24
 *   | magic  | major | minor | header length | file length | …
 *   24             28            32                   36                         40       44 … 128
 *   | processes    | slot length | applications       | application record length | crc-32c | reserved |
 *   2048                  2056 … 4096
 *   | next transaction id | reserved
 *   4096            process slots, see {@link ProcessSlotDescriptor}
 *   69632           application records, see {@link ApplicationDescriptor}
 * </pre>
 * The header is written before the file gets its name, and never again. The header CRC covers the whole header with the CRC itself as zero.
 */
final class ControlDescriptor {
    /** "THACTRL1", little-endian. */
    static final long MAGIC = 0x314c_5254_4341_4854L;
    static final short VERSION_MAJOR = 1;
    static final short VERSION_MINOR = 0;

    /** The process slot is 8 bits of a takeover word; a domain has a handful of applications with a few standbys each. */
    static final int PROCESS_COUNT = 256;
    /** An application is a service with its own log; a joiner looks at all their takeover words. */
    static final int APPLICATION_COUNT = 64;

    static final int MAGIC_OFFSET = 0;
    static final int VERSION_MAJOR_OFFSET = MAGIC_OFFSET + Long.BYTES;
    static final int VERSION_MINOR_OFFSET = VERSION_MAJOR_OFFSET + Short.BYTES;
    static final int HEADER_LENGTH_OFFSET = VERSION_MINOR_OFFSET + Short.BYTES;
    static final int FILE_LENGTH_OFFSET = HEADER_LENGTH_OFFSET + Integer.BYTES;
    static final int PROCESS_COUNT_OFFSET = FILE_LENGTH_OFFSET + Long.BYTES;
    static final int PROCESS_SLOT_LENGTH_OFFSET = PROCESS_COUNT_OFFSET + Integer.BYTES;
    static final int APPLICATION_COUNT_OFFSET = PROCESS_SLOT_LENGTH_OFFSET + Integer.BYTES;
    static final int APPLICATION_LENGTH_OFFSET = APPLICATION_COUNT_OFFSET + Integer.BYTES;
    static final int HEADER_CRC_OFFSET = APPLICATION_LENGTH_OFFSET + Integer.BYTES;
    static final int HEADER_RESERVED_OFFSET = HEADER_CRC_OFFSET + Integer.BYTES;
    static final int HEADER_LENGTH = 128;
    /** A newer minor version may have a longer header, up to here. */
    static final int MAX_HEADER_LENGTH = 2048;

    static final int NEXT_TRANSACTION_ID_OFFSET = MAX_HEADER_LENGTH;
    static final int COUNTERS_LENGTH = 2048;

    static final int PROCESS_SLOTS_OFFSET = NEXT_TRANSACTION_ID_OFFSET + COUNTERS_LENGTH;
    static final int APPLICATIONS_OFFSET = PROCESS_SLOTS_OFFSET + PROCESS_COUNT * ProcessSlotDescriptor.LENGTH;
    static final int FILE_LENGTH = APPLICATIONS_OFFSET + APPLICATION_COUNT * ApplicationDescriptor.LENGTH;

    private ControlDescriptor() {}

    static long processSlotAddress(long base, int slot) {
        return base + PROCESS_SLOTS_OFFSET + (long) slot * ProcessSlotDescriptor.LENGTH;
    }

    static long applicationAddress(long base, int application) {
        return base + APPLICATIONS_OFFSET + (long) application * ApplicationDescriptor.LENGTH;
    }
}
