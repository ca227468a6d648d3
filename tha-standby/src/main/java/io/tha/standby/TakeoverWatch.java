package io.tha.standby;

import io.tha.Intent;
import io.tha.active.ThaApplication;
import io.tha.active.ThaConfig;
import io.tha.follow.DiscardedTransaction;
import io.tha.memory.CrashPoint;
import io.tha.memory.Urgency;
import io.tha.region.ControlFile;
import io.tha.region.Lease;
import io.tha.region.TakeoverWalk;
import io.tha.region.TakeoverWord;
import io.tha.takeover.ImageAdoption;
import io.tha.takeover.PartDecisions;
import io.tha.takeover.Successor;
import io.tha.takeover.Takeover;
import io.tha.takeover.Vacancy;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Watches for a vacancy, and takes over with the standby's copy.
 *
 * <p>Between the death and the first commit nothing is done for the first time in this JVM that can be done before: a class to be loaded, or a lambda
 * to be linked, takes longer than a takeover does. So there are no lambdas here, and what is needed is made at the beginning.
 *
 * <p>Threads: the watcher's.
 */
final class TakeoverWatch {
    private static final long WATCH_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long ELECTION_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long BRIEF_PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(20);
    /** Telling them takes some milliseconds before the service goes on. */
    private static final int MOST_DISCARDED_CHANGES = 10_000;

    private final ControlFile control;
    private final int application;
    private final Vacancy vacancy;
    private final CopyHolder held;
    private final CompletableFuture<Takeover> takeover;
    private final Thread follower;
    private final BooleanSupplier stopping;
    private final Settling settling;
    private long urgency;
    private ImageAdoption.Result adopted = ImageAdoption.Result.NOT_YET;

    /**
     * Watches with the copies of a holder, until it is told to stop, or to complete a takeover.
     *
     * @param follower the thread that applies
     */
    TakeoverWatch(Role role, CopyHolder held, CompletableFuture<Takeover> takeover, Thread follower, BooleanSupplier stopping) {
        control = role.control;
        application = role.application;
        vacancy = new Vacancy(control, application, new Lease(role.config.lease().toNanos()));
        this.held = held;
        this.takeover = takeover;
        this.follower = follower;
        this.stopping = stopping;
        settling = new Settling(stopping);
    }

    /** Whom to take over from. */
    record Role(ControlFile control, int application, ThaConfig config) {}

    void run() {
        urgency = Urgency.begin();
        while (!stopping.getAsBoolean() && !takeover.isDone()) {
            StandbyCopy current = held.copy();
            boolean able = current != null && current.follower().isConsistent() && current.epoch() == servedEpoch() && mayClaim(current);
            long word = able ? vacancy.await(WATCH_NANOS) : 0;
            if (!able) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
            TakeoverWalk walk = word == 0 || !isElected(current, word) ? null : TakeoverWalk.claim(control, application, word);
            if (walk != null) {
                try {
                    takeOver(walk);
                } finally {
                    walk.giveUp();
                }
            }
        }
    }

    private long servedEpoch() {
        return TakeoverWord.servedEpoch(control.takeoverWordAcquire(application));
    }

    /** False also if the copy was given up just now. */
    private boolean mayClaim(StandbyCopy current) {
        held.readLock().lock();
        try {
            return held.copy() == current && current.mayClaim();
        } finally {
            held.readLock().unlock();
        }
    }

    /**
     * Lets who has applied more of the log go first, and of equals the one in the first reader slot. Only for so long: the claim decides, and who
     * should go first may be stopped.
     */
    private boolean isElected(StandbyCopy current, long word) {
        long begin = System.nanoTime();
        while (!stopping.getAsBoolean() && control.takeoverWordAcquire(application) == word) {
            if (isFirst(current) || System.nanoTime() - begin >= ELECTION_NANOS) {
                return true;
            }
            LockSupport.parkNanos(BRIEF_PAUSE_NANOS);
        }
        return false;
    }

    private boolean isFirst(StandbyCopy current) {
        held.readLock().lock();
        try {
            return held.copy() == current && current.follower().isFirst();
        } finally {
            held.readLock().unlock();
        }
    }

    private void takeOver(TakeoverWalk walk) {
        long claimed = System.nanoTime();
        CrashPoint.AFTER_CLAIMED.reached();
        held.gate().end("the standby takes over");
        long sealed = 0;
        while (!stopping.getAsBoolean() && !takeover.isDone() && !walk.isSuperseded()) {
            StandbyCopy current = held.copy();
            boolean follows = current != null && current.epoch() == walk.servedEpoch();
            if (follows) {
                hold(current, walk.epoch());
            }
            if (follows && !walk.isSealed()) {
                if (!seal(current, walk)) {
                    return;
                }
                sealed = System.nanoTime();
            }
            boolean atCut = follows && current.follower().isConsistent() && walk.isAtCut(current.follower().position());
            if (atCut && promote(current, walk, claimed, sealed)) {
                return;
            }
            LockSupport.parkNanos(BRIEF_PAUSE_NANOS);
        }
    }

    private void hold(StandbyCopy current, long epoch) {
        held.readLock().lock();
        try {
            if (held.copy() == current) {
                current.successor().hold(epoch);
            }
        } finally {
            held.readLock().unlock();
        }
    }

    /** Does nothing if the copy, and its mapping of the log, was given up just now; false if the walk has lost. */
    private boolean seal(StandbyCopy current, TakeoverWalk walk) {
        held.readLock().lock();
        try {
            return held.copy() != current || walk.seal(current.follower().log());
        } finally {
            held.readLock().unlock();
        }
    }

    /** False if the copy was given up just now: another one will reach the cut. */
    private boolean promote(StandbyCopy current, TakeoverWalk walk, long claimed, long sealed) {
        held.writeLock().lock();
        try {
            if (held.copy() != current) {
                return false;
            }
            adopted = current.adopt();
            if (adopted == ImageAdoption.Result.NOT_YET) {
                return false;
            }
            if (adopted == ImageAdoption.Result.HELD) {
                walk.giveUp();
                return true;
            }
            if (!walk.cut(current.follower().position())) {
                return true;
            }
            if (current.follower().hasUndecidedParts()) {
                PartDecisions.decide(control, application, current.follower());
            }
            boolean isWhole = !current.follower().isAhead();
            List<DiscardedTransaction> discarded = current.follower().undecidedChanges(MOST_DISCARDED_CHANGES);
            current.follower().abortUndecided();
            List<Intent> intents = current.follower().intents();
            ThaApplication serving = current.successor().promote(walk, current.laterLog(walk.epoch()), new Successor.Cut(intents, isWhole));
            if (serving == null) {
                return true;
            }
            held.release();
            current.promoted();
            takeover.complete(new Takeover(serving, intents, discarded, walk.epoch(), claimed, sealed, System.nanoTime()));
        } finally {
            held.writeLock().unlock();
        }
        Urgency.end(urgency);
        settling.leaveTheFirstMomentsToTheService();
        // The follower may be parked on a word of the log that is unmapped here.
        StandbyTask.join(follower);
        settling.finish(current, walk.epoch());
        return true;
    }
}
