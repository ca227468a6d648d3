package io.tha.coordination;

/**
 * The decision table, all values little-endian; docs/coordination.md 2.
 *
 * <pre>
 *   0       8         12              16             20         24
 *   | magic | version | header length | applications | capacity | used | …
 *   4096
 *   | applications, 128 bytes each: tail at 0, sleeper at 16, followers at 20, head at 64 | chains, 16 bytes an entry | records, 384 bytes each |
 *
 *   entry
 *   0    8         16
 *   | id | resumes |
 *
 *   record
 *   0      8    16        20         24                       32       40         64
 *   | word | id | trigger | argument | number of participants | passed | reserved | participants, 16 bytes each |
 *
 *   participant
 *   0             4          8                   16
 *   | application | reserved | number of its entry |
 * </pre>
 */
final class DecisionDescriptor {
    static final int MAGIC_OFFSET = 0;
    static final int VERSION_OFFSET = MAGIC_OFFSET + Long.BYTES;
    static final int HEADER_LENGTH_OFFSET = VERSION_OFFSET + Integer.BYTES;
    static final int APPLICATIONS_OFFSET = HEADER_LENGTH_OFFSET + Integer.BYTES;
    static final int CAPACITY_OFFSET = APPLICATIONS_OFFSET + Integer.BYTES;
    static final int USED_OFFSET = CAPACITY_OFFSET + Integer.BYTES;

    /** THADECI and a zero byte. */
    static final long MAGIC = 0x0049_4345_4441_4854L;

    static final int VERSION = 2 << 16;
    static final int HEADER_LENGTH = 4096;
    /** As many as the control file has records for. */
    static final int MAX_APPLICATIONS = 64;

    static final int MIN_CAPACITY = 64;
    static final int MAX_CAPACITY = 1 << 20;

    static final int TAIL_OFFSET = 0;
    static final int RESERVED_OFFSET = TAIL_OFFSET + Long.BYTES;
    static final int SLEEPER_OFFSET = RESERVED_OFFSET + Long.BYTES;
    static final int FOLLOWERS_OFFSET = SLEEPER_OFFSET + Integer.BYTES;
    static final int HEAD_OFFSET = 64;
    static final int APPLICATION_LENGTH = 128;

    static final int ENTRY_ID_OFFSET = 0;
    static final int ENTRY_RESUMES_OFFSET = ENTRY_ID_OFFSET + Long.BYTES;
    static final int ENTRY_LENGTH = ENTRY_RESUMES_OFFSET + Long.BYTES;

    static final int WORD_OFFSET = 0;
    static final int ID_OFFSET = WORD_OFFSET + Long.BYTES;
    static final int TRIGGER_OFFSET = ID_OFFSET + Long.BYTES;
    static final int ARGUMENT_OFFSET = TRIGGER_OFFSET + Integer.BYTES;
    static final int COUNT_OFFSET = ARGUMENT_OFFSET + Integer.BYTES;
    static final int PASSED_OFFSET = COUNT_OFFSET + 2 * Integer.BYTES;
    static final int PARTICIPANTS_OFFSET = 64;
    static final int PARTICIPANT_APPLICATION_OFFSET = 0;
    static final int PARTICIPANT_ENTRY_OFFSET = PARTICIPANT_APPLICATION_OFFSET + Long.BYTES;
    static final int PARTICIPANT_LENGTH = PARTICIPANT_ENTRY_OFFSET + Long.BYTES;
    static final int RECORD_LENGTH = PARTICIPANTS_OFFSET + DecisionWord.MAX_PARTICIPANTS * PARTICIPANT_LENGTH;

    private DecisionDescriptor() {}
}
