package io.tha.pool;

import io.tha.memory.Memory;

/**
 * Record of the registry, appended and never changed except for its counter; docs/formats.md 2.4.
 *
 * <pre>
 *   0             4      6    8         16
 *   | text length | type | id | counter | text, padded with zeros to a multiple of 8 |
 *
 *   LAYOUT   text = description          GROUP   text = name
 *   PREFIX   text = prefix of implicit names, counter = the next number
 *   LAYOUT_REMOVED, GROUP_REMOVED        no text; the id is free for no other use
 * </pre>
 *
 * Publication: the word "registry used" of the pool's header.
 */
final class RegistryDescriptor {
    static final int TEXT_LENGTH_OFFSET = 0;
    static final int TYPE_OFFSET = TEXT_LENGTH_OFFSET + Integer.BYTES;
    static final int ID_OFFSET = TYPE_OFFSET + Short.BYTES;
    static final int COUNTER_OFFSET = ID_OFFSET + Short.BYTES;
    static final int TEXT_OFFSET = COUNTER_OFFSET + Long.BYTES;

    private RegistryDescriptor() {}

    /** Of a record with so many bytes of text. */
    static long length(int textBytes) {
        return Memory.align8((long) TEXT_OFFSET + textBytes);
    }
}
