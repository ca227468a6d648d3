package io.tha.region;

/**
 * The record of one application.
 * <pre>
 *   0            8             12         16 … 80  80 … 128
 *   | state word | name length | name crc | name   | reserved
 *   128             136 … 256
 *   | takeover word | reserved
 *   256            264 … 336        336 … 408        408 … 512
 *   | version word | version copy 0 | version copy 1 | reserved
 *   448         456 … 512
 *   | beat word | reserved
 *
 *   version copy:   0        4         8 … 72
 *                   | length | crc     | text
 * </pre>
 * Publication: the state word becomes READY last; from then on name and state word never change. The takeover word has a pair of cache lines of
 * its own: it is read on every check for being active.
 */
final class ApplicationDescriptor {
    static final int MAX_TEXT_LENGTH = 64;

    static final int STATE_WORD_OFFSET = 0;
    static final int NAME_LENGTH_OFFSET = STATE_WORD_OFFSET + Long.BYTES;
    static final int NAME_CRC_OFFSET = NAME_LENGTH_OFFSET + Integer.BYTES;
    static final int NAME_OFFSET = NAME_CRC_OFFSET + Integer.BYTES;

    static final int TAKEOVER_WORD_OFFSET = 128;

    static final int VERSION_WORD_OFFSET = 256;
    static final int VERSION_COPIES_OFFSET = VERSION_WORD_OFFSET + Long.BYTES;
    static final int VERSION_COPY_LENGTH = Integer.BYTES + Integer.BYTES + MAX_TEXT_LENGTH;
    /** In a cache line of its own: it is written some dozens of times a second. */
    static final int BEAT_WORD_OFFSET = 448;

    static final int LENGTH = 512;

    private ApplicationDescriptor() {}
}
