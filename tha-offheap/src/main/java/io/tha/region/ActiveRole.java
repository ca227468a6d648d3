package io.tha.region;

/**
 * What an active does with its takeover word: it offers its role, takes the offer back, or leaves; docs/formats.md 5.5. Each is one CAS from the very
 * word that was seen, as is a standby's claim: of two that meet, one fails.
 *
 * <p>Threads: one at a time.
 */
public final class ActiveRole {
    private final ControlFile control;
    private final int application;
    private final LogFile log;
    private final long serving;
    private final long offered;

    /** Of the process that serves the epoch of a log. */
    public ActiveRole(ControlFile control, int application, LogFile log) {
        this.control = control;
        this.application = application;
        this.log = log;
        serving = mine(TakeoverState.SERVING);
        offered = mine(TakeoverState.OFFERED);
    }

    private long mine(TakeoverState state) {
        return TakeoverWord.word(state, control.processSlot(), log.epoch(), log.epoch());
    }

    /** Asks for a claim; false if there was one already: what follows is the same. */
    public boolean offer() {
        return control.casTakeoverWord(application, serving, offered);
    }

    /** The takeover word now. */
    public long look() {
        return control.takeoverWordAcquire(application);
    }

    /** Whether a word that was seen says that nobody has claimed. */
    public boolean isOffered(long word) {
        return word == offered;
    }

    /** Whether a word that was seen says that another process serves. */
    public boolean isTaken(long word) {
        return TakeoverWord.servedEpoch(word) != log.epoch();
    }

    /** Takes the offer back, if the word that was seen still stands and allows it: then this process is the active as before. */
    public boolean takeBack(long word) {
        return (word == offered || isUnsealedClaimOfTheGone(word)) && control.casTakeoverWord(application, word, serving);
    }

    /**
     * Whether the only process that has claimed since the offer is dead, or has given up, and has not begun to seal: then nobody can seal any more
     * without a claim of its own, and that makes the CAS fail. In this order: what such a process has not sealed it never will.
     */
    private boolean isUnsealedClaimOfTheGone(long word) {
        boolean gone = TakeoverWord.state(word) == TakeoverState.RELEASED
                || TakeoverWord.state(word) == TakeoverState.CLAIMED && control.watch(TakeoverWord.slot(word)).isDead();
        return TakeoverWord.epoch(word) == log.epoch() + 1 && gone && !log.isSealBegun();
    }

    /** Leaves the role, unless another process has it or has been offered it. */
    public boolean release() {
        return control.casTakeoverWord(application, serving, mine(TakeoverState.RELEASED));
    }
}
