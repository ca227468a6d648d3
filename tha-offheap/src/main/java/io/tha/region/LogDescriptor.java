package io.tha.region;

/**
 * Header of a log file; docs/formats.md 3.1. Words that different processes write lie on cache-line pairs of their own.
 *
 * <pre>
 *   0       8         12              16         24      32      36             40           168        176            184
 *   | magic | version | header length | capacity | epoch | flags | name length  | image name | image id | epoch before | CRC-32C of [0, 184) | …
 *   | 4096: tail | 4224: claimed | 4352: oldest undecided | 4480: sleepers | 4608: first position | 5120: reader slots | 20480: ring …
 * </pre>
 */
final class LogDescriptor {
    /** "THALOG" and two zero bytes. */
    static final long MAGIC = 0x0000_474F_4C41_4854L;

    static final int MAJOR_VERSION = 1;
    static final int MINOR_VERSION = 1;
    static final int VERSION_SHIFT = 16;

    static final int MAGIC_OFFSET = 0;
    static final int VERSION_OFFSET = MAGIC_OFFSET + Long.BYTES;
    static final int HEADER_LENGTH_OFFSET = VERSION_OFFSET + Integer.BYTES;
    static final int CAPACITY_OFFSET = HEADER_LENGTH_OFFSET + Integer.BYTES;
    static final int EPOCH_OFFSET = CAPACITY_OFFSET + Long.BYTES;
    static final int FLAGS_OFFSET = EPOCH_OFFSET + Long.BYTES;
    static final int IMAGE_NAME_LENGTH_OFFSET = FLAGS_OFFSET + Integer.BYTES;
    static final int IMAGE_NAME_OFFSET = IMAGE_NAME_LENGTH_OFFSET + Integer.BYTES;
    static final int IMAGE_NAME_LENGTH = 128;
    static final int IMAGE_ID_OFFSET = IMAGE_NAME_OFFSET + IMAGE_NAME_LENGTH;
    static final int EPOCH_BEFORE_OFFSET = IMAGE_ID_OFFSET + Long.BYTES;
    static final int CRC_OFFSET = EPOCH_BEFORE_OFFSET + Long.BYTES;

    static final int FLAG_CHECKSUMS = 1;

    private static final int LINE_PAIR_LENGTH = 128;
    static final int TAIL_OFFSET = 4_096;
    static final int CLAIMED_OFFSET = TAIL_OFFSET + LINE_PAIR_LENGTH;
    static final int OLDEST_UNDECIDED_OFFSET = CLAIMED_OFFSET + LINE_PAIR_LENGTH;
    static final int SLEEPERS_OFFSET = OLDEST_UNDECIDED_OFFSET + LINE_PAIR_LENGTH;
    static final int FIRST_POSITION_OFFSET = SLEEPERS_OFFSET + LINE_PAIR_LENGTH;

    static final int READERS_OFFSET = 5_120;
    /** One per standby; more would make the writer's look at all of them long. */
    static final int READER_COUNT = 32;

    static final int READER_STATE_OFFSET = 0;
    static final int READER_CONSUMED_OFFSET = READER_STATE_OFFSET + LINE_PAIR_LENGTH;
    static final int READER_APPLIED_OFFSET = READER_CONSUMED_OFFSET + LINE_PAIR_LENGTH;
    /** Beside the applied position, which the same process writes. */
    static final int READER_REQUEST_NUMBER_OFFSET = READER_APPLIED_OFFSET + Long.BYTES;

    static final int READER_REQUEST_HANDLE_OFFSET = READER_REQUEST_NUMBER_OFFSET + Long.BYTES;
    static final int READER_REQUEST_START_OFFSET = READER_REQUEST_HANDLE_OFFSET + Long.BYTES;
    static final int READER_REQUEST_LENGTH_OFFSET = READER_REQUEST_START_OFFSET + Integer.BYTES;
    static final int READER_LENGTH = READER_APPLIED_OFFSET + LINE_PAIR_LENGTH;

    static final int RING_OFFSET = 20_480;
    static final int HEADER_LENGTH = RING_OFFSET;

    /** A ring holds several transactions of some kilobytes. */
    static final long MIN_CAPACITY = 64 << 10;
    /** One byte buffer must reach all of it. */
    static final long MAX_CAPACITY = 1 << 30;

    /** The lowest bit of tail and claimed. */
    static final long SEALED = 1;

    static final long NOTHING_UNDECIDED = -1;

    private LogDescriptor() {}
}
