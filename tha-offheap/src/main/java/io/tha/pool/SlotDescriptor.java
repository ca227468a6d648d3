package io.tha.pool;

import io.tha.memory.ObjectMemory;

/**
 * A slot: header and body; docs/formats.md 2.3.
 *
 * <pre>
 *   0           8           16           24
 *   | object id | name word | check word | body …
 *
 *   name word   0                                       no name
 *               offset of the name slot's body          a static name, its text in that slot
 *               1 | prefix id (15 bits) | n (48 bits)   the name prefix#n
 *
 *   check word  handle ^ layout key        live
 *               handle ^ DELETED_KEY       deleted by a transaction that is not decided
 *               next handle ^ FREE_KEY     free; the object id field holds the next free slot of the slab
 *               0                          retired: its generations are used up
 * </pre>
 *
 * Publication: a live slot's check word is stored last.
 */
final class SlotDescriptor {
    static final int ID_OFFSET = 0;
    static final int NAME_OFFSET = ID_OFFSET + Long.BYTES;
    static final int CHECK_OFFSET = NAME_OFFSET + Long.BYTES;
    static final int HEADER_LENGTH = CHECK_OFFSET + Long.BYTES;

    static final long FREE_KEY = 0x9E37_79B9_7F4A_0000L;
    static final long DELETED_KEY = 0xC2B2_AE3D_27D4_0000L;

    static final int LAST_GENERATION = 0xFFFF;

    /** The lowest generation, so that no handle is 0 and a zeroed slot is not free. */
    static final int FIRST_GENERATION = 1;

    private SlotDescriptor() {}

    /** The offset of the slot whose body begins here. */
    static long slotOf(long bodyOffset) {
        return bodyOffset - HEADER_LENGTH;
    }

    /** The generation in a check word of this state, or -1 if the word is of another state. */
    static int generationIn(long checkWord, long bodyOffset, long key) {
        long handle = checkWord ^ key;
        return handle >>> ObjectMemory.GENERATION_BITS == bodyOffset ? (int) (handle & ObjectMemory.GENERATION_MASK) : -1;
    }
}
