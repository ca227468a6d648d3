package io.tha.memory;

/**
 * The protections against the death, or the stop, of a process at any store, each of which a test can do without: a rig that does not fail then
 * proves nothing.
 *
 * <p>Broken by the system property {@code tha.break=NAME}, never outside tests. Switched off, a question costs one compare with a constant.
 */
public enum Protection {
    /** A takeover seals the claimed position: no byte that a reader may use is written any more. */
    SEAL_OF_CLAIMED,
    /** A takeover seals the tail: nothing is published any more. */
    SEAL_OF_TAIL,
    /** The tail moves when all frames are written. */
    FRAMES_BEFORE_TAIL,
    /** The image is advanced when the transaction is published. */
    TAIL_BEFORE_IMAGE,
    /** The image's applied position follows its bytes. */
    IMAGE_BEFORE_APPLIED,
    /** A reader looks at the claimed position again when it has used a frame. */
    SECOND_LOOK,
    /** A takeover drains the log to the cut. */
    DRAIN_TO_CUT,
    /** What an undecided transaction has flushed does not count after a takeover. */
    UNDECIDED_DISCARDED,
    /** Intents that are undecided at a takeover are written into the next log. */
    INTENTS_INHERITED,
    /** A commit drops the intents of its transaction. */
    INTENTS_DROPPED,
    /** A joiner begins at the first frame of the oldest undecided transaction. */
    REDO_FROM_UNDECIDED,
    /** A takeover word is changed only from what its writer has seen. */
    CLAIM_BY_CAS,
    /** What is undecided at the cut is aborted for whoever asks. */
    UNDECIDED_ABORTED;

    private static final String NAME = System.getProperty("tha.break", "");
    private static final Protection BROKEN = NAME.isEmpty() ? null : valueOf(NAME);

    /** Whether the engine is to do without it; a standby's rehearsal, which would never end, is not. */
    public boolean isBroken() {
        return BROKEN == this && !CrashPoint.isRehearsing();
    }
}
