package io.tha.coordination;

/**
 * The word of an entry that says where the chain goes on behind a roll-back, as functions over a long; docs/coordination.md 2.1.
 * <pre>
 *   bit 0      24                             64
 *   | distance | lower 40 bits of its number  |
 * </pre>
 * The number tells the entries that have the same place one after the other: a word never comes back, and a late CAS fails.
 */
final class ResumesWord {
    /** Of what was overwritten: its chain's head has passed it. */
    static final long OVERWRITTEN = -1;

    private static final int NUMBER_SHIFT = 24;
    /** A chain is not longer than 2^20 entries, and what is rolled back reaches to its end at most. */
    private static final long DISTANCE_MASK = (1L << NUMBER_SHIFT) - 1;

    private ResumesWord() {}

    /** Of an entry that was not rolled back. */
    static long entered(long number) {
        return number << NUMBER_SHIFT;
    }

    /** Of an entry behind which the chain goes on there. */
    static long rolledBack(long number, long to) {
        return entered(number) | to - number;
    }

    /** Whether it is of an entry that had the place before this one. */
    static boolean isBefore(long word, long number) {
        return entered(number) - (word & ~DISTANCE_MASK) > 0;
    }

    /** Where the chain goes on behind the entry; 0 if it was not rolled back, {@link #OVERWRITTEN} if the word is of another entry. */
    static long resumes(long word, long number) {
        long distance = word & DISTANCE_MASK;
        if (word - distance != entered(number)) {
            return OVERWRITTEN;
        }
        return distance == 0 ? 0 : number + distance;
    }
}
