package io.tha.coordination;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tha.Outcome;
import io.tha.memory.Memory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a successor makes of what a dead process has left in the table. */
class DecisionRecoveryTest {
    private static final int DEAD = 0;
    private static final int LIVING = 1;
    private static final int CAPACITY = DecisionDescriptor.MIN_CAPACITY;
    private static final long BYTES = Decisions.bytes(2, CAPACITY);

    private final long address = Memory.allocate(BYTES);
    private Decisions decisions;
    private DependencyMap map;

    @BeforeEach
    void create() {
        Memory.zero(address, BYTES);
        Decisions.format(address, 2, CAPACITY);
        decisions = new Decisions(address, BYTES);
        map = new DependencyMap(decisions);
    }

    @AfterEach
    void free() {
        Memory.free(address);
    }

    private void begin(long id, int... joined) {
        assertTrue(decisions.begin(id, Trigger.EACH, 0, DEAD, LIVING));
        for (int application : joined) {
            decisions.join(id, application);
        }
    }

    private void assertForgotten(long id) {
        assertThrows(IllegalArgumentException.class, () -> decisions.outcome(id));
        assertTrue(decisions.begin(id + CAPACITY, Trigger.EACH, 0, DEAD), "its record is free");
    }

    @Test
    void whatItHadJoinedAndWasNotDoneWithIsAborted() {
        begin(1, DEAD, LIVING);
        decisions.done(1, LIVING);

        decisions.recover(DEAD);

        assertEquals(Outcome.ABORTED, decisions.outcome(1));
        decisions.rollBack(LIVING);
        decisions.pass(1, LIVING);
        assertForgotten(1);
    }

    @Test
    void whatIsCommittedIsPassed() {
        begin(1, DEAD, LIVING);
        decisions.done(1, LIVING);
        decisions.done(1, DEAD);
        map.evaluate();
        decisions.pass(1, LIVING);
        assertEquals(Outcome.COMMITTED, decisions.outcome(1));

        decisions.recover(DEAD);

        assertForgotten(1);
    }

    @Test
    void whatIsAbortedIsRolledBackAndPassed() {
        begin(1, DEAD);
        begin(2, DEAD);
        decisions.done(1, DEAD);
        decisions.done(2, DEAD);
        decisions.abort(1);
        assertEquals(Outcome.ABORTED, decisions.outcome(2));

        decisions.recover(DEAD);

        assertForgotten(1);
        assertForgotten(2);
        begin(3, DEAD, LIVING);
        decisions.done(3, LIVING);
        assertTrue(decisions.done(3, DEAD), "it is built on nothing that was aborted");
        assertEquals(1, map.evaluate());
    }

    @Test
    void whatItHasPassedIsPassedOnce() {
        begin(1, DEAD, LIVING);
        decisions.done(1, DEAD);
        decisions.done(1, LIVING);
        map.evaluate();
        decisions.pass(1, DEAD);

        decisions.recover(DEAD);

        assertEquals(Outcome.COMMITTED, decisions.outcome(1));
        decisions.pass(1, LIVING);
        assertForgotten(1);
    }

    @Test
    void whatItsLogSaysThatItWasDoneWithIsDone() {
        begin(1, DEAD, LIVING);
        decisions.done(1, LIVING);

        decisions.completeDone(1, DEAD);
        decisions.completeDone(1, DEAD);

        assertEquals(1, map.evaluate());
        assertEquals(0, decisions.order(1, DEAD));
    }

    @Test
    void whatIsDoneBehindWhatIsAbortedIsAborted() {
        begin(1, DEAD);
        begin(2, DEAD, LIVING);
        decisions.done(1, DEAD);
        decisions.done(2, LIVING);
        decisions.abort(1);

        decisions.completeDone(2, DEAD);

        assertEquals(0, map.evaluate());
        assertEquals(Outcome.ABORTED, decisions.outcome(2));
    }

    @Test
    void oneThatNobodyHasJoinedIsTold() {
        begin(1);
        begin(2, DEAD);

        assertEquals(1, decisions.unjoined(1 + CAPACITY));
        assertEquals(0, decisions.unjoined(2 + CAPACITY));
        assertEquals(0, decisions.unjoined(3));
        assertFalse(decisions.begin(1 + CAPACITY, Trigger.EACH, 0, DEAD));
        decisions.abort(1);
        assertForgotten(1);
    }
}
