package io.tha.active;

import io.tha.FencedException;
import io.tha.active.SwitchoverResult.End;
import io.tha.memory.CrashPoint;
import io.tha.region.ActiveRole;
import io.tha.region.ControlFile;
import io.tha.region.LogFile;
import io.tha.region.ReaderSlots;
import io.tha.region.TakeoverWord;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * The active's side of a planned switchover; docs/formats.md 5.5 has the steps, and why nothing is lost at any of them.
 *
 * <p>Threads: any; one at a time.
 */
final class Switchover {
    private static final int SPINS = 200;
    private static final long PAUSE_NANOS = 20_000;
    /** From one look for dead standbys to the next. */
    private static final int ROUNDS = 64;

    private final ControlFile control;
    private final ActiveRole role;
    private final LogFile log;
    private final ReaderSlots readers;
    private final OpenTransactions transactions;
    private final CoordinatedPath coordinated;
    private final long epoch;
    private final long start = System.nanoTime();
    private final long timeoutNanos;
    private boolean paused;

    Switchover(ActiveParts parts, CommitPath path, Duration timeout) {
        control = parts.control();
        log = parts.log();
        role = new ActiveRole(control, control.findApplication(parts.name()), log);
        readers = path.log().readers();
        epoch = log.epoch();
        transactions = path.transactions();
        coordinated = path.coordinated();
        timeoutNanos = TimeUnit.NANOSECONDS.convert(timeout);
    }

    SwitchoverResult run() {
        if (log.isSealBegun()) {
            throw new FencedException(sealed());
        }
        if (nobodyFollows()) {
            return result(End.GIVEN_UP, epoch, "no standby follows");
        }
        transactions.shut();
        SwitchoverResult result = null;
        try {
            result = handOver();
            return result;
        } finally {
            boolean over = result != null && result.isHandedOver() || log.isSealBegun();
            if (over) {
                transactions.fence(sealed());
            } else {
                reopen();
            }
        }
    }

    private void reopen() {
        if (paused) {
            transactions.resume();
        }
        transactions.open();
    }

    /** No transaction is open, and no part of a coordinated one is undecided. */
    private boolean tryPause() {
        paused = !coordinated.isPending() && transactions.tryPause();
        if (paused && coordinated.isPending()) {
            paused = false;
            transactions.resume();
        }
        return paused;
    }

    private String sealed() {
        return "log file '" + log.path() + "' was sealed: another process takes over, this one must not serve any more; close it and open a standby";
    }

    private SwitchoverResult handOver() {
        if (!await(this::tryPause)) {
            return result(End.GIVEN_UP, epoch, "transactions are still open");
        }
        long tail = log.checkedTail();
        if (!await(() -> readers.appliedCount(tail) > 0 || readers.followingCount() == 0)) {
            return result(End.GIVEN_UP, epoch, "no standby has applied everything up to position " + tail);
        }
        role.offer();
        CrashPoint.AFTER_OFFERED.reached();
        SwitchoverResult result = null;
        for (int round = 0; result == null; round++) {
            result = look(round);
            pause(round);
        }
        return result;
    }

    /** Null while there is something to wait for. */
    private SwitchoverResult look(int round) {
        long word = role.look();
        if (role.isTaken(word)) {
            return result(End.HANDED_OVER, TakeoverWord.servedEpoch(word), TakeoverWord.describe(word));
        }
        if (role.isOffered(word)) {
            control.wakeWatchers();
        }
        boolean late = isLate();
        if (!late && (round % ROUNDS != 0 || !nobodyFollows())) {
            return null;
        }
        String why = late ? "no standby has taken over within " + timeoutNanos / 1_000_000 + " ms" : "the standby is gone";
        if (role.takeBack(word)) {
            return result(End.GIVEN_UP, epoch, why);
        }
        return late && !role.isOffered(word) ? result(End.UNCONFIRMED, epoch, why + ", takeover word " + TakeoverWord.describe(word)) : null;
    }

    private boolean nobodyFollows() {
        readers.reclaim();
        return readers.followingCount() == 0;
    }

    /** False when the time is over. */
    private boolean await(BooleanSupplier condition) {
        for (int round = 0; !condition.getAsBoolean(); round++) {
            if (isLate()) {
                return false;
            }
            if (round % ROUNDS == 0) {
                readers.reclaim();
            }
            pause(round);
        }
        return true;
    }

    private boolean isLate() {
        return System.nanoTime() - start >= timeoutNanos;
    }

    private static void pause(int round) {
        if (round < SPINS) {
            Thread.onSpinWait();
        } else {
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private SwitchoverResult result(End end, long served, String reason) {
        return new SwitchoverResult(end, served, System.nanoTime() - start, reason);
    }
}
