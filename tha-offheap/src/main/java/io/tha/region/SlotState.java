package io.tha.region;

/**
 * The state word of a process slot or an application record, as functions over a long.
 * <pre>
 *   bit 0     8                          16               64
 *   | phase   | kind of death word/slot  | incarnation    |
 * </pre>
 * In a process slot the second byte is the kind of its death word; in an application record, and in its version word, slot and incarnation are
 * those of the process that writes.
 */
final class SlotState {
    static final int FREE = 0;
    /** A process is making the slot its own. */
    static final int JOINING = 1;
    /** The death word is locked and may be watched. */
    static final int LIVE = 2;

    static final int KIND_NONE = 0;
    /** The death word is a robust mutex. */
    static final int KIND_MUTEX = 1;
    /** The death word is a lock on the file of the slot. */
    static final int KIND_FILE = 2;

    private static final int BYTE_MASK = 0xff;
    private static final int SECOND_SHIFT = 8;
    private static final int INCARNATION_SHIFT = 16;

    private SlotState() {}

    static long word(int phase, int kindOrSlot, long incarnation) {
        return phase | (long) kindOrSlot << SECOND_SHIFT | incarnation << INCARNATION_SHIFT;
    }

    static int phase(long word) {
        return (int) word & BYTE_MASK;
    }

    static int kind(long word) {
        return (int) (word >>> SECOND_SHIFT) & BYTE_MASK;
    }

    static int slot(long word) {
        return kind(word);
    }

    static long incarnation(long word) {
        return word >>> INCARNATION_SHIFT;
    }

    /** Whether a process slot could hold this word. */
    static boolean isValid(long word) {
        return switch (phase(word)) {
            case FREE -> word == 0;
            case JOINING -> kind(word) == KIND_NONE && incarnation(word) > 0;
            case LIVE -> (kind(word) == KIND_MUTEX || kind(word) == KIND_FILE) && incarnation(word) > 0;
            default -> false;
        };
    }
}
