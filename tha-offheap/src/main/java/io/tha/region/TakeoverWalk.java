package io.tha.region;

/**
 * One process's walk through the states of a takeover; each step is one CAS and fails if another process has claimed since; docs/formats.md 5.4.
 *
 * <pre>
 *  NONE, SERVING, OFFERED, RELEASED or a dead claimant's state
 *      │ claim: epoch + 1, this process
 *      ▼
 *  CLAIMED ─▶ SEALED ─▶ CUT ─▶ OPENED ─▶ SERVING ─▶ RELEASED
 * </pre>
 *
 * <p>Threads: one.
 */
public final class TakeoverWalk {
    private final ControlFile control;
    private final int application;
    private long word;

    private TakeoverWalk(ControlFile control, int application, long word) {
        this.control = control;
        this.application = application;
        this.word = word;
    }

    /** Claims the next epoch; null if the word is no longer the one that was found. */
    public static TakeoverWalk claim(ControlFile control, int application, long found) {
        int epoch = TakeoverWord.epoch(found) + 1;
        long claimed = TakeoverWord.word(TakeoverState.CLAIMED, control.processSlot(), epoch, TakeoverWord.servedEpoch(found));
        return control.casTakeoverWord(application, found, claimed) ? new TakeoverWalk(control, application, claimed) : null;
    }

    /** A walk that leads nowhere: every step succeeds, and nobody sees it. */
    public static TakeoverWalk rehearsal() {
        return new TakeoverWalk(null, 0, TakeoverWord.word(TakeoverState.CUT, 0, 0, 0));
    }

    /**
     * Makes the next step.
     *
     * @return false if another process has claimed a later epoch: this walk has lost
     * @throws IllegalStateException if the step is not the next one
     */
    public boolean advance(TakeoverState next) {
        TakeoverState state = TakeoverWord.state(word);
        if (next.code() != state.code() + 1) {
            throw new IllegalStateException("takeover step from " + state + " to " + next + ", expected the next state");
        }
        int epoch = TakeoverWord.epoch(word);
        int served = next == TakeoverState.SERVING ? epoch : TakeoverWord.servedEpoch(word);
        long after = TakeoverWord.word(next, TakeoverWord.slot(word), epoch, served);
        boolean made = control == null || control.casTakeoverWord(application, word, after);
        word = made ? after : word;
        return made;
    }

    /** Whether another process has claimed a later epoch: this walk has lost, and every further step would fail. */
    public boolean isSuperseded() {
        return control != null && control.takeoverWordAcquire(application) != word;
    }

    /** The epoch that this process would serve. */
    public int epoch() {
        return TakeoverWord.epoch(word);
    }

    /** The epoch whose log holds the truth until this walk serves; 0 if there is none. */
    public int servedEpoch() {
        return TakeoverWord.servedEpoch(word);
    }
}
