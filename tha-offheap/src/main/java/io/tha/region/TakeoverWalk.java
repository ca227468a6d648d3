package io.tha.region;

import io.tha.ThaException;
import io.tha.memory.CrashPoint;
import io.tha.memory.Protection;
import java.nio.file.Path;

/**
 * One process's walk through the states of a takeover, with what is done before each: the order is that of docs/formats.md 5.4. Each step is one CAS
 * and fails if another process has claimed since.
 *
 * <pre>
 *  NONE, SERVING, OFFERED, RELEASED or a dead claimant's state
 *      │ claim: epoch + 1, this process
 *      ▼
 *  CLAIMED ─▶ SEALED ─▶ CUT ─▶ OPENED ─▶ SERVING ─▶ RELEASED
 *      └─────────┴────────┴───────┴── give up: the same epoch ──▶ RELEASED
 * </pre>
 *
 * <p>Threads: one.
 */
public final class TakeoverWalk {
    private static final long NO_CUT = -1;

    private final ControlFile control;
    private final int application;
    private long word;
    private long cut = NO_CUT;

    private TakeoverWalk(ControlFile control, int application, long word) {
        this.control = control;
        this.application = application;
        this.word = word;
    }

    /** Claims the next epoch; null if the word is no longer the one that was found. */
    public static TakeoverWalk claim(ControlFile control, int application, long found) {
        int epoch = TakeoverWord.epoch(found) + 1;
        CrashPoint.BEFORE_CLAIMED.reached();
        long claimed = TakeoverWord.word(TakeoverState.CLAIMED, control.processSlot(), epoch, TakeoverWord.servedEpoch(found));
        return control.casTakeoverWord(application, found, claimed) ? new TakeoverWalk(control, application, claimed) : null;
    }

    /** A walk that leads nowhere: every step succeeds, and nobody sees it. */
    public static TakeoverWalk rehearsal() {
        return new TakeoverWalk(null, 0, TakeoverWord.word(TakeoverState.CUT, 0, 0, 0));
    }

    /**
     * SEALED: seals the log of the served epoch; where it ends is the cut.
     *
     * @param served the log of {@link #servedEpoch}
     * @return false, as all steps, if another process has claimed a later epoch: this walk has lost
     */
    public boolean seal(LogFile served) {
        cut = TailSealer.seal(served);
        return advance(TakeoverState.SEALED, CrashPoint.AFTER_SEALED);
    }

    /** SEALED, where no log was served before. */
    public boolean sealNothing() {
        cut = 0;
        return advance(TakeoverState.SEALED, CrashPoint.AFTER_SEALED);
    }

    /** Whether the log was sealed by this walk. */
    public boolean isSealed() {
        return cut != NO_CUT;
    }

    /** Whether who has everything below a position has everything that was committed. */
    public boolean isAtCut(long position) {
        return isSealed() && (position >= cut || Protection.DRAIN_TO_CUT.isBroken());
    }

    /**
     * CUT: this process has everything that was committed.
     *
     * @param position below which it has everything
     * @throws IllegalStateException if that is not the cut
     */
    public boolean cut(long position) {
        if (!isAtCut(position)) {
            throw new IllegalStateException("takeover of epoch " + epoch() + ": everything below " + position + " was applied, the cut is " + cut);
        }
        return advance(TakeoverState.CUT, CrashPoint.AFTER_CUT);
    }

    /**
     * OPENED: the log of the epoch gets its name.
     *
     * @param prepared the log
     * @param path where it gets its name
     * @param imageName of the image that belongs to it
     */
    public boolean open(LogFile prepared, Path path, String imageName) {
        try {
            prepared.name(path, epoch(), imageName);
        } catch (ThaException e) {
            // One that has a name already, of a walk that lost, is removed by whoever serves a later epoch.
            if (isSuperseded()) {
                return false;
            }
            throw e;
        }
        CrashPoint.AFTER_RENAME_BEFORE_OPENED.reached();
        return advance(TakeoverState.OPENED, CrashPoint.AFTER_OPENED);
    }

    /** SERVING, the point of no return: the log has the undecided intents by now. */
    public boolean serve() {
        return advance(TakeoverState.SERVING, CrashPoint.AFTER_SERVING);
    }

    private boolean advance(TakeoverState next, CrashPoint point) {
        TakeoverState state = TakeoverWord.state(word);
        if (next.code() != state.code() + 1) {
            throw new IllegalStateException("takeover step from " + state + " to " + next + ", expected the next state");
        }
        int epoch = TakeoverWord.epoch(word);
        int served = next == TakeoverState.SERVING ? epoch : TakeoverWord.servedEpoch(word);
        long after = TakeoverWord.word(next, TakeoverWord.slot(word), epoch, served);
        if (control != null && !control.casTakeoverWord(application, word, after)) {
            return false;
        }
        word = after;
        point.reached();
        return true;
    }

    /** Leaves the claim to others, if it has not led to serving; this process does nothing more for it. */
    public void giveUp() {
        TakeoverState state = TakeoverWord.state(word);
        if (control != null && state.code() >= TakeoverState.CLAIMED.code() && state.code() <= TakeoverState.OPENED.code()) {
            long after = TakeoverWord.word(TakeoverState.RELEASED, TakeoverWord.slot(word), TakeoverWord.epoch(word), servedEpoch());
            control.casTakeoverWord(application, word, after);
            control.wakeWatchers();
        }
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
