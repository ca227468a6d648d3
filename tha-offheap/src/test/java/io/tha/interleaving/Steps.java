package io.tha.interleaving;

import io.tha.memory.Memory;
import java.util.ArrayList;
import java.util.List;

/**
 * The steps of the actor that runs. An actor is called from its beginning each time it is its turn: the steps that it has made already are not made
 * again, but give what they gave; then it makes steps until it is another one's turn.
 *
 * <p>Threads: one.
 */
public final class Steps {
    /** Ends a call of an actor. */
    @SuppressWarnings("serial")
    static final class NotItsTurn extends Error {
        NotItsTurn() {
            super(null, null, false, false);
        }
    }

    /** Replaces a compare-and-set by something wrong, to see whether that is noticed. */
    public interface Fault {
        /** What becomes of it. */
        enum Effect {
            NONE,
            /** It is a store, which compares nothing. */
            STORE,
            /** It says that it succeeded, and does nothing. */
            PRETENCE
        }

        /** Decides about one compare-and-set. */
        Effect of(int actor, long address, long expected, long next);
    }

    private static final List<long[]> WATCHED = new ArrayList<>();
    private static Fault fault;
    private static Run run;
    private static int actor;
    private static int at;

    private Steps() {}

    /** From now on accesses to this range are steps; other memory is an actor's own, or never changes. */
    public static void watch(long address, long lengthBytes) {
        WATCHED.add(new long[] {address, address + lengthBytes});
    }

    /** From now on some compare-and-sets go wrong. */
    public static void inject(Fault injected) {
        fault = injected;
    }

    /** Forgets what is watched, and the fault. */
    public static void reset() {
        WATCHED.clear();
        fault = null;
    }

    /** What an actor does before this call is done before the run begins, by one actor after the other. */
    public static void prologueEnds() {
        if (run != null && run.isPrologue()) {
            throw new NotItsTurn();
        }
    }

    /** Calls an actor; returns when it has ended, or it is another one's turn. */
    static void call(Run of, int who, Runnable body) {
        run = of;
        actor = who;
        at = 0;
        try {
            body.run();
            of.ended(who);
        } catch (NotItsTurn e) {
            // Its turn comes again, unless it has died.
        } finally {
            run = null;
        }
    }

    static boolean isStep(long address) {
        if (run != null) {
            for (int i = 0; i < WATCHED.size(); i++) {
                long[] range = WATCHED.get(i);
                if (address >= range[0] && address < range[1]) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Whether the step was made in an earlier call; if not, it is the actor's turn now. */
    static boolean isRepeated() {
        if (at < run.made(actor)) {
            return true;
        }
        run.awaitTurn(actor);
        return false;
    }

    static long repeat() {
        return run.result(actor, at++);
    }

    static byte[] repeatRange() {
        return run.range(actor, at++);
    }

    static long read(long address, long lengthBytes, long value) {
        return made(new Step(actor, address, lengthBytes, false, value, value), value, null);
    }

    static byte[] readRange(long address, int lengthBytes) {
        byte[] bytes = new byte[lengthBytes];
        Memory.copyTo(address, bytes, 0, lengthBytes);
        made(new Step(actor, address, lengthBytes, false, 0, 0), 0, bytes);
        return bytes;
    }

    static void written(long address, long lengthBytes, long before, long after) {
        made(new Step(actor, address, lengthBytes, true, before, after), 0, null);
    }

    static long compareAndSet(long address, long expected, long next) {
        long before = Memory.getLongVolatile(address);
        Fault.Effect effect = fault == null ? Fault.Effect.NONE : fault.of(actor, address, expected, next);
        boolean stores = effect == Fault.Effect.STORE || effect == Fault.Effect.NONE && before == expected;
        if (stores) {
            Memory.putLongVolatile(address, next);
        }
        boolean succeeds = stores || effect == Fault.Effect.PRETENCE;
        return made(new Step(actor, address, Long.BYTES, stores, before, stores ? next : before), succeeds ? 1 : 0, null);
    }

    private static long made(Step step, long result, byte[] range) {
        at++;
        run.add(step, result, range);
        return result;
    }
}
