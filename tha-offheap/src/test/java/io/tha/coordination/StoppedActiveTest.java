package io.tha.coordination;

import static io.tha.coordination.StoppedHistory.OTHER;
import static io.tha.coordination.StoppedHistory.STOPPED;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.tha.testkit.Sampled;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An active that is stopped at any point of any step, is replaced, and goes on when its successors have come further: the table is as if it had died
 * there.
 */
@Timeout(120)
@Sampled
class StoppedActiveTest {
    private static final int CAPACITY = StoppedHistory.CAPACITY;
    /** How many transactions further a successor is: none, a few, once and twice around. */
    private static final int[] FURTHER = {0, 1, 3, CAPACITY - 1, CAPACITY, CAPACITY + 1, 2 * CAPACITY + 3};
    private static final int[] FURTHER_OF_TWO = {1, CAPACITY + 1};
    private static final int IN_FLIGHT = 4;

    /** Where it is stopped, and what has happened when it goes on. */
    private record Stop(StoppedStep step, int point, int further, boolean otherActs) {}

    private enum Then {
        DIES,
        GOES_ON
    }

    @ParameterizedTest
    @EnumSource
    void theTableIsAsIfItHadDied(StoppedStep step) {
        int points = 0;
        while (compare(new Stop(step, points, 0, false))) {
            for (int further : FURTHER) {
                compare(new Stop(step, points, further, true));
                compare(new Stop(step, points, further, false));
            }
            points++;
        }
        System.out.println(step + ": " + points + " points");
        assertTrue(points > 2, "few points: " + points);
    }

    /** Who takes over is stopped as well, and a third one goes on; then both do. */
    @ParameterizedTest
    @EnumSource
    void theTableIsAsIfBothHadDied(StoppedStep step) {
        int points = 0;
        for (int further : FURTHER_OF_TWO) {
            long[] first = {};
            for (int point = 0; first != null; point++) {
                Stop stop = new Stop(step, point, further, true);
                first = run(stop, Then.DIES);
                long[] expected = first;
                for (int second = 0; expected != null; second++) {
                    expected = runTwo(stop, second, Then.DIES, false);
                    if (expected != null) {
                        assertSame(stop + ", " + second, expected, runTwo(stop, second, Then.GOES_ON, false));
                        assertSame(stop + ", " + second, first, runTwo(stop, second, Then.GOES_ON, true));
                        points++;
                    }
                }
            }
        }
        System.out.println(step + ": " + points + " pairs of points");
    }

    /**
     * The table when a third one has come further, or, if the second one survives, when that one has, which stood still while the first one went on
     * to its end; null if there are no such points.
     */
    private static long[] runTwo(Stop stop, int second, Then then, boolean survives) {
        try (StoppedHistory history = new StoppedHistory()) {
            SteppedProcess active = new SteppedProcess(history.address, StoppedHistory.BYTES);
            SteppedProcess successor = new SteppedProcess(history.address, StoppedHistory.BYTES);
            AtomicReference<Decisions> serving = new AtomicReference<>();
            if (!begin(stop, history, active)) {
                return null;
            }
            int epoch = history.seal();
            if (!successor.runTo(second, () -> serving.set(history.takeOver(epoch, successor.table())))) {
                active.die();
                return null;
            }
            if (survives) {
                end(then, active);
                assertNull(successor.resume());
            } else {
                serving.set(history.takeOver(history.seal(), new DecisionTable(history.address, StoppedHistory.BYTES)));
            }
            Decisions serves = serving.get();
            goOn(history, serves, stop.further);
            if (!survives) {
                end(then, successor);
                end(then, active);
            }
            long[] words = history.words();
            history.end(serves);
            return words;
        }
    }

    /**
     * What it has done is not published, as the engine never does it, so its successor knows nothing of it: nothing is overwritten in the chain, and
     * who is told that its entry is there has it; so has who had put it there before the late one went on.
     */
    @ParameterizedTest
    @EnumSource(names = "DONE.*", mode = EnumSource.Mode.MATCH_ALL)
    void whatIsNotPublishedOverwritesNothing(StoppedStep step) {
        int points = 0;
        boolean more = true;
        for (int point = 0; more; point++) {
            more = false;
            for (int second = 0; runUnpublished(step, point, second); second++) {
                more = true;
                points++;
            }
        }
        System.out.println(step + ": " + points + " pairs of points");
        assertTrue(points > 2, "few points: " + points);
    }

    private static boolean runUnpublished(StoppedStep step, int point, int second) {
        try (StoppedHistory history = new StoppedHistory()) {
            SteppedProcess active = new SteppedProcess(history.address, StoppedHistory.BYTES);
            SteppedProcess successor = new SteppedProcess(history.address, StoppedHistory.BYTES);
            if (!begin(new Stop(step, point, 0, true), history, active)) {
                return false;
            }
            long late = history.published.remove(history.published.size() - 1);
            Decisions serves = history.takeOver(history.seal(), successor.table());
            long id = history.publish(serves);
            history.other.done(id, OTHER);
            boolean isStopped = successor.runTo(second, () -> serves.done(id, STOPPED));
            long order = serves.order(id, STOPPED);
            boolean isThere = order != DecisionTable.NO_ENTRY && serves.table().idAcquire(STOPPED, order) == id;
            end(Then.GOES_ON, active);
            boolean isRefused = successor.resume() != null;
            assertFalse(isThere && isRefused);

            long last = serves.table().tailVolatile(STOPPED) - 1;
            assertEquals(isRefused ? late : id, serves.table().idAcquire(STOPPED, last));
            assertEquals(last, serves.order(id, STOPPED));
            history.other.abort(late);
            history.published.clear();
            Decisions third = history.takeOver(history.seal(), new DecisionTable(history.address, StoppedHistory.BYTES));
            history.settleOther();
            history.end(third);
            return isStopped;
        }
    }

    /** A process that is not the application's any more does not say of its successor's that it was rolled back. */
    @Test
    void whoWasReplacedRollsNothingBack() {
        try (StoppedHistory history = new StoppedHistory()) {
            Decisions active = new Decisions(history.address, StoppedHistory.BYTES);
            history.begin(active);
            Decisions successor = history.takeOver(history.seal(), new DecisionTable(history.address, StoppedHistory.BYTES));
            history.begin(successor, IN_FLIGHT);
            long[] before = history.words();

            IllegalStateException refusal = assertThrows(IllegalStateException.class, () -> active.rollBack(STOPPED));

            assertTrue(refusal.getMessage().contains("another process has gone on for the application"));
            assertSame("rolled back", before, history.words());
            history.end(successor);
        }
    }

    /** Each kind of word that it stores without a look at what is there is noticed. */
    @ParameterizedTest
    @ValueSource(strings = {"tail", "head", "id", "resumes", "number", "word", "passed"})
    void aStoreWithoutALookIsNoticed(String kind) {
        int noticed = 0;
        int all = 0;
        for (StoppedStep step : StoppedStep.values()) {
            for (int further : FURTHER_OF_TWO) {
                long[] expected;
                for (int point = 0; (expected = run(new Stop(step, point, further, true), Then.DIES)) != null; point++) {
                    all++;
                    noticed += isNoticed(new Stop(step, point, further, true), kind, expected) ? 1 : 0;
                }
            }
        }
        System.out.println(kind + ": noticed at " + noticed + " of " + all);
        assertTrue(noticed > 0);
    }

    private static boolean isNoticed(Stop stop, String kind, long[] expected) {
        try (StoppedHistory history = new StoppedHistory()) {
            SteppedProcess process = new SteppedProcess(
                    history.address, StoppedHistory.BYTES, address -> StoppedHistory.kind(address - history.address).equals(kind));
            try {
                return !Arrays.equals(expected, run(stop, Then.GOES_ON, history, process));
            } catch (RuntimeException | AssertionError e) {
                return true;
            }
        }
    }

    /** Returns whether there is such a point. */
    private static boolean compare(Stop stop) {
        long[] expected = run(stop, Then.DIES);
        if (expected != null) {
            assertSame(stop, expected, run(stop, Then.GOES_ON));
        }
        return expected != null;
    }

    private static void assertSame(Object where, long[] expected, long[] words) {
        for (int i = 0; i < expected.length; i++) {
            if (expected[i] != words[i]) {
                fail(where + ": " + StoppedHistory.kind((long) i * Long.BYTES) + " at " + i * Long.BYTES + " is 0x" + Long.toHexString(words[i])
                        + ", and 0x" + Long.toHexString(expected[i]) + " if it dies");
            }
        }
    }

    private static long[] run(Stop stop, Then then) {
        try (StoppedHistory history = new StoppedHistory()) {
            return run(stop, then, history, new SteppedProcess(history.address, StoppedHistory.BYTES));
        }
    }

    /** The table when its successor has come further; null if there is no such point. */
    private static long[] run(Stop stop, Then then, StoppedHistory history, SteppedProcess process) {
        if (!begin(stop, history, process)) {
            return null;
        }
        Decisions successor = history.takeOver(history.seal(), new DecisionTable(history.address, StoppedHistory.BYTES));
        goOn(history, successor, stop.further);
        end(then, process);
        long[] words = history.words();
        history.end(successor);
        return words;
    }

    private static void goOn(StoppedHistory history, Decisions successor, int further) {
        history.settleOther();
        history.goOn(successor, further);
        history.begin(successor, IN_FLIGHT);
    }

    private static boolean begin(Stop stop, StoppedHistory history, SteppedProcess process) {
        Decisions active = new Decisions(process.table());
        history.begin(active);
        long id = stop.step.prepare(history, active);
        if (!stop.otherActs) {
            history.keep(id);
        }
        return process.runTo(stop.point, () -> stop.step.go(active, id));
    }

    private static void end(Then then, SteppedProcess process) {
        if (then == Then.DIES) {
            process.die();
            return;
        }
        Throwable refusal = process.resume();
        if (refusal != null && !(refusal instanceof IllegalStateException) && !(refusal instanceof IllegalArgumentException)) {
            throw new AssertionError(refusal);
        }
    }
}
