package io.tha.takeover;

import io.tha.region.ControlFile;
import io.tha.region.DeathWatch;
import io.tha.region.Lease;
import io.tha.region.TakeoverState;
import io.tha.region.TakeoverWord;

/**
 * Notices that nobody serves an application: its active is dead or hung or has left, or a process died or hung in the middle of a takeover.
 *
 * <p>Threads: one.
 */
public final class Vacancy {
    private final ControlFile control;
    private final int application;
    private final Lease lease;
    private long watchedWord;
    private DeathWatch watch;

    /**
     * Looks at an application.
     *
     * @param lease for how long who must beat may hang
     */
    public Vacancy(ControlFile control, int application, Lease lease) {
        this.control = control;
        this.lease = lease;
        this.application = application;
    }

    /**
     * Looks at the takeover word, and waits for a change for a while if there is somebody.
     *
     * @param timeoutNanos at most this long
     * @return the word that can be claimed, or 0 if somebody serves, or is about to
     */
    public long await(long timeoutNanos) {
        long word = control.takeoverWordAcquire(application);
        if (isLeft(word)) {
            return word;
        }
        if (watch == null || word != watchedWord) {
            watch = control.watch(TakeoverWord.slot(word));
            watchedWord = word;
        }
        boolean vacant = watch.awaitDeathOrWake(timeoutNanos) || lease.isHung(word, control.beatWord(application), System.nanoTime());
        long now = control.takeoverWordAcquire(application);
        return vacant && now == word || isLeft(now) ? now : 0;
    }

    private static boolean isLeft(long word) {
        return TakeoverWord.state(word) == TakeoverState.RELEASED || TakeoverWord.state(word) == TakeoverState.OFFERED;
    }
}
