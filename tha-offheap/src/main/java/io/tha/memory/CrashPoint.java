package io.tha.memory;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * The places where a test can kill or stop the process: one after each store that matters in a commit, an image advance and a takeover, and some in
 * what a joiner copies.
 *
 * <p>Armed by the system property {@code tha.crashPoint=NAME[:n][:KILL|STOP|PAUSE]}: at the n-th passage (default 1) the process sends itself
 * SIGKILL (default) or SIGSTOP, or the thread alone stands still for two seconds. With {@code tha.crashPoint=OBSERVED} a test is called at each
 * passage of any of them, and may keep the thread there. Switched off, a passage costs one compare with a constant.
 */
public enum CrashPoint {
    AFTER_COLLECT,
    AFTER_CLAIM,
    AFTER_FRAME,
    AFTER_OVERFLOW_CREATE,
    BEFORE_PUBLISH,
    AFTER_PUBLISH_BEFORE_IMAGE,
    IN_IMAGE_ADVANCE,
    AFTER_IMAGE_BEFORE_APPLIED,
    AFTER_APPLIED,
    AFTER_OFFERED,
    AFTER_CLAIMED,
    AFTER_SEAL_CLAIMED,
    AFTER_SEAL_TAIL,
    AFTER_SEALED,
    AFTER_CUT,
    AFTER_RENAME_BEFORE_OPENED,
    AFTER_OPENED,
    AFTER_INTENTS,
    AFTER_SERVING,
    IN_ADMISSION,
    AFTER_REMAP,
    IN_BOOTSTRAP,
    AFTER_IMAGE_TAKEN,
    IN_IMAGE_REDO,
    AFTER_IMAGE_REDO,
    AFTER_CHECK_BEFORE_APPLY,
    AFTER_DONE_PUBLISHED,
    AFTER_DONE,
    AFTER_DECIDED,
    AFTER_COMMIT_BEFORE_PASS,
    AFTER_ROLLED_BACK_BEFORE_ABORT,
    AFTER_ABORT_BEFORE_PASS,
    AFTER_PART_AHEAD,
    AFTER_PART_COMMITTED,
    BEFORE_CLAIMED,
    BEFORE_POLL;

    private static final String[] ARMED = System.getProperty("tha.crashPoint", "").split(":", -1);
    private static final boolean OBSERVED = ARMED[0].equals("OBSERVED");
    private static final CrashPoint POINT = ARMED[0].isEmpty() || OBSERVED ? null : valueOf(ARMED[0]);
    private static final boolean STOP = ARMED[ARMED.length - 1].equals("STOP");
    private static final boolean PAUSE = ARMED[ARMED.length - 1].equals("PAUSE");
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static volatile boolean rehearsing;
    private static long passagesLeft =
            ARMED.length > 1 && Character.isDigit(ARMED[1].isEmpty() ? 'x' : ARMED[1].charAt(0)) ? Long.parseLong(ARMED[1]) : 1;

    private static volatile Consumer<CrashPoint> observer = point -> {};

    /** To be called where the store has just been made. */
    public void reached() {
        if (OBSERVED) {
            observer.accept(this);
        } else if (POINT == this) {
            strike();
        }
    }

    /** Who is called at each passage, by the thread that passes, where passages are observed. */
    public static void observe(Consumer<CrashPoint> test) {
        observer = test;
    }

    /** Runs something whose passages do not count, by whatever thread they are made. */
    public static void without(Runnable rehearsal) {
        rehearsing = true;
        try {
            rehearsal.run();
        } finally {
            rehearsing = false;
        }
    }

    /** Whether such a rehearsal is going on: it does not break what the test wants to see broken, either. */
    static boolean isRehearsing() {
        return rehearsing;
    }

    private static void strike() {
        if (!isLastPassage()) {
            return;
        }
        if (PAUSE) {
            long begin = System.nanoTime();
            while (System.nanoTime() - begin < PAUSE_NANOS) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        } else {
            // To the thread, not the process: another one might take the signal, while this one goes on.
            Posix.raise(STOP ? Posix.SIGSTOP : Posix.SIGKILL);
        }
    }

    private static synchronized boolean isLastPassage() {
        return !rehearsing && --passagesLeft == 0;
    }
}
