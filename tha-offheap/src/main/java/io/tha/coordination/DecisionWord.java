package io.tha.coordination;

/**
 * The word of a record, as functions over a long; docs/coordination.md 2.3.
 * <pre>
 *   bit 0     3        4        24     44    64
 *   | state   | closed | joined | done | tag |
 * </pre>
 */
final class DecisionWord {
    static final int FREE = 0;
    static final int CLAIMED = 1;
    static final int OPEN = 2;
    static final int COMMITTED = 3;
    static final int ABORTED = 4;

    static final long CLOSED = 1 << 3;
    /** What is left of the word is enough to tell a late step from one of the record's next transaction. */
    static final int MAX_PARTICIPANTS = 20;

    private static final int STATE_MASK = 7;
    private static final int JOINED_SHIFT = 4;
    private static final int DONE_SHIFT = JOINED_SHIFT + MAX_PARTICIPANTS;
    static final int TAG_SHIFT = DONE_SHIFT + MAX_PARTICIPANTS;
    private static final int BITS_MASK = (1 << MAX_PARTICIPANTS) - 1;

    /** What fits a word of what tells a record's transactions apart. */
    static final long TAG_MASK = (1L << Long.SIZE - TAG_SHIFT) - 1;

    private DecisionWord() {}

    /** Without participants. */
    static long word(int state, long tag) {
        return state | tag << TAG_SHIFT;
    }

    static int state(long word) {
        return (int) word & STATE_MASK;
    }

    static long withState(long word, int state) {
        return word & ~STATE_MASK | state;
    }

    static boolean isClosed(long word) {
        return (word & CLOSED) != 0;
    }

    static long tag(long word) {
        return word >>> TAG_SHIFT;
    }

    /** A bit for each participant. */
    static int joined(long word) {
        return (int) (word >>> JOINED_SHIFT) & BITS_MASK;
    }

    /** A bit for each participant. */
    static int done(long word) {
        return (int) (word >>> DONE_SHIFT) & BITS_MASK;
    }

    static boolean hasJoined(long word, int participant) {
        return (joined(word) >>> participant & 1) != 0;
    }

    static boolean isDone(long word, int participant) {
        return (done(word) >>> participant & 1) != 0;
    }

    static long withJoined(long word, int participant) {
        return word | 1L << JOINED_SHIFT + participant;
    }

    static long withDone(long word, int participant) {
        return word | 1L << DONE_SHIFT + participant;
    }
}
