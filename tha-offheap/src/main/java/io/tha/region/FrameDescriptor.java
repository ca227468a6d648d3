package io.tha.region;

/**
 * A frame of the log, all values little-endian; docs/formats.md 3.2.
 *
 * <pre>
 *   0                        4        8      10      12             16               24
 *   | CRC-32C of [8, length) | length | type | flags | position / 8 | transaction id | body …
 * </pre>
 *
 * The writer fills header and body with plain stores; nothing is visible until the tail moves (see {@link LogWriter#publish}).
 */
public final class FrameDescriptor {
    public static final int CRC_OFFSET = 0;
    public static final int LENGTH_OFFSET = CRC_OFFSET + Integer.BYTES;
    public static final int TYPE_OFFSET = LENGTH_OFFSET + Integer.BYTES;
    public static final int FLAGS_OFFSET = TYPE_OFFSET + Short.BYTES;
    public static final int POSITION_OFFSET = FLAGS_OFFSET + Short.BYTES;
    public static final int TRANSACTION_ID_OFFSET = POSITION_OFFSET + Integer.BYTES;
    public static final int HEADER_LENGTH = TRANSACTION_ID_OFFSET + Long.BYTES;

    /** Where the CRC begins. */
    public static final int CHECKED_OFFSET = TYPE_OFFSET;

    public static final int POSITION_SHIFT = 3;
    public static final int FLAG_SKIPPABLE = 1;
    /** Of an UPDATE: its bytes are what the active has, and may be what the receiver has already. */
    public static final int FLAG_NOT_COMPARED = 2;
    /** Of an INTENT: the application has done what it stands for. */
    public static final int FLAG_ACKNOWLEDGED = 4;

    /** LAYOUT, GROUP, PREFIX. */
    public static final int REGISTRATION_KIND_OFFSET = HEADER_LENGTH;

    public static final int REGISTRATION_ID_OFFSET = REGISTRATION_KIND_OFFSET + Integer.BYTES;
    public static final int REGISTRATION_TEXT_LENGTH_OFFSET = REGISTRATION_ID_OFFSET + Integer.BYTES;
    public static final int REGISTRATION_TEXT_OFFSET = REGISTRATION_TEXT_LENGTH_OFFSET + 2 * Integer.BYTES;

    /** CREATE, UPDATE, DELETE. */
    public static final int HANDLE_OFFSET = HEADER_LENGTH;

    public static final int CREATE_OBJECT_ID_OFFSET = HANDLE_OFFSET + Long.BYTES;
    public static final int CREATE_LAYOUT_ID_OFFSET = CREATE_OBJECT_ID_OFFSET + Long.BYTES;
    public static final int CREATE_GROUP_ID_OFFSET = CREATE_LAYOUT_ID_OFFSET + Short.BYTES;
    public static final int CREATE_SLAB_OFFSET = CREATE_GROUP_ID_OFFSET + Short.BYTES;
    public static final int CREATE_SLOT_LENGTH_OFFSET = CREATE_SLAB_OFFSET + Integer.BYTES;
    public static final int CREATE_NAME_KIND_OFFSET = CREATE_SLOT_LENGTH_OFFSET + Integer.BYTES;
    public static final int CREATE_NUMBER_OFFSET = CREATE_NAME_KIND_OFFSET + Integer.BYTES;
    public static final int CREATE_PREFIX_ID_OFFSET = CREATE_NUMBER_OFFSET + Long.BYTES;
    /** Of a static name: where its text is on the side of the active, in the place of the number, and the slab of that, in that of the prefix. */
    public static final int CREATE_NAME_SLOT_OFFSET = CREATE_NUMBER_OFFSET;

    public static final int CREATE_NAME_SLAB_OFFSET = CREATE_PREFIX_ID_OFFSET;
    public static final int CREATE_TEXT_LENGTH_OFFSET = CREATE_PREFIX_ID_OFFSET + Integer.BYTES;
    public static final int CREATE_TEXT_OFFSET = CREATE_TEXT_LENGTH_OFFSET + Integer.BYTES;

    public static final int NAME_KIND_NONE = 0;
    public static final int NAME_KIND_STATIC = 1;
    public static final int NAME_KIND_IMPLICIT = 2;

    public static final int UPDATE_FIELD_OFFSET = HANDLE_OFFSET + Long.BYTES;
    public static final int UPDATE_LENGTH_OFFSET = UPDATE_FIELD_OFFSET + Integer.BYTES;
    public static final int UPDATE_BYTES_OFFSET = UPDATE_LENGTH_OFFSET + Integer.BYTES;
    /** Longer elements are cut. */
    public static final int MAX_UPDATE_LENGTH = 32 << 10;

    public static final int DELETE_LENGTH = HANDLE_OFFSET + Long.BYTES;

    public static final int INTENT_NUMBER_OFFSET = HEADER_LENGTH;
    public static final int INTENT_LENGTH_OFFSET = INTENT_NUMBER_OFFSET + Long.BYTES;
    public static final int INTENT_BYTES_OFFSET = INTENT_LENGTH_OFFSET + 2 * Integer.BYTES;

    public static final int PARTICIPANT_APPLICATION_OFFSET = HEADER_LENGTH;
    public static final int PARTICIPANT_ENTRY_OFFSET = PARTICIPANT_APPLICATION_OFFSET + 2 * Integer.BYTES;
    public static final int PARTICIPANT_LENGTH = PARTICIPANT_ENTRY_OFFSET + Long.BYTES;

    /** Nothing but the header. */
    public static final int DONE_LENGTH = HEADER_LENGTH;

    public static final int COMMIT_FRAMES_OFFSET = HEADER_LENGTH;
    public static final int COMMIT_FIRST_POSITION_OFFSET = COMMIT_FRAMES_OFFSET + 2 * Integer.BYTES;
    public static final int COMMIT_LENGTH = COMMIT_FIRST_POSITION_OFFSET + Long.BYTES;

    /** The first and the one behind the last offset in the pool where a body may begin that the frame speaks of. */
    public static final int SCRUB_FROM_OFFSET = HEADER_LENGTH;

    public static final int SCRUB_TO_OFFSET = SCRUB_FROM_OFFSET + Long.BYTES;
    /** Where the part of the one object begins, and its length; 0 and 0 for whole objects. */
    public static final int SCRUB_PART_START_OFFSET = SCRUB_TO_OFFSET + Long.BYTES;

    public static final int SCRUB_PART_LENGTH_OFFSET = SCRUB_PART_START_OFFSET + Integer.BYTES;
    public static final int SCRUB_COUNT_OFFSET = SCRUB_PART_LENGTH_OFFSET + Integer.BYTES;
    public static final int SCRUB_ENTRIES_OFFSET = SCRUB_COUNT_OFFSET + 2 * Integer.BYTES;
    /** An entry is a handle and a hash. */
    public static final int SCRUB_ENTRY_HASH_OFFSET = Long.BYTES;

    public static final int SCRUB_ENTRY_LENGTH = SCRUB_ENTRY_HASH_OFFSET + Long.BYTES;
    /** Few enough that the frame is a small part of the smallest ring. */
    public static final int MAX_SCRUB_ENTRIES = 200;

    public static final int IDENTITY_PART_START_OFFSET = HANDLE_OFFSET + Long.BYTES;
    public static final int IDENTITY_PART_LENGTH_OFFSET = IDENTITY_PART_START_OFFSET + Integer.BYTES;
    public static final int IDENTITY_OBJECT_ID_OFFSET = IDENTITY_PART_LENGTH_OFFSET + Integer.BYTES;
    public static final int IDENTITY_NUMBER_OFFSET = IDENTITY_OBJECT_ID_OFFSET + Long.BYTES;
    public static final int IDENTITY_NAME_KIND_OFFSET = IDENTITY_NUMBER_OFFSET + Long.BYTES;
    public static final int IDENTITY_PREFIX_ID_OFFSET = IDENTITY_NAME_KIND_OFFSET + Integer.BYTES;
    public static final int IDENTITY_TEXT_LENGTH_OFFSET = IDENTITY_PREFIX_ID_OFFSET + Integer.BYTES;
    public static final int IDENTITY_LAYOUT_ID_OFFSET = IDENTITY_TEXT_LENGTH_OFFSET + Integer.BYTES;
    public static final int IDENTITY_GROUP_ID_OFFSET = IDENTITY_LAYOUT_ID_OFFSET + Short.BYTES;
    public static final int IDENTITY_TEXT_OFFSET = IDENTITY_GROUP_ID_OFFSET + Short.BYTES;

    public static final int OVERFLOW_SEGMENT_OFFSET = HEADER_LENGTH;
    public static final int OVERFLOW_RANGE_OFFSET = OVERFLOW_SEGMENT_OFFSET + 2 * Integer.BYTES;
    public static final int OVERFLOW_LENGTH_OFFSET = OVERFLOW_RANGE_OFFSET + Long.BYTES;
    public static final int OVERFLOW_FRAMES_OFFSET = OVERFLOW_LENGTH_OFFSET + Long.BYTES;
    public static final int OVERFLOW_CRC_OFFSET = OVERFLOW_FRAMES_OFFSET + Integer.BYTES;
    public static final int OVERFLOW_LENGTH = OVERFLOW_CRC_OFFSET + Integer.BYTES;

    private FrameDescriptor() {}
}
