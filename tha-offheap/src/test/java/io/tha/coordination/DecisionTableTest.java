package io.tha.coordination;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tha.CorruptRegionException;
import io.tha.Outcome;
import io.tha.ThaException;
import io.tha.memory.Memory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Wrong use is told, and changes nothing. */
class DecisionTableTest {
    private static final int APPLICATIONS = 3;
    private static final int CAPACITY = DecisionDescriptor.MIN_CAPACITY;
    private static final long BYTES = Decisions.bytes(APPLICATIONS, CAPACITY);

    private final long address = Memory.allocate(BYTES);
    private Decisions decisions;

    @BeforeEach
    void create() {
        Memory.zero(address, BYTES);
        Decisions.format(address, APPLICATIONS, CAPACITY);
        decisions = new Decisions(address, BYTES);
    }

    @AfterEach
    void free() {
        Memory.free(address);
    }

    @Test
    void anUnknownTransactionIsRefused() {
        refused(IllegalArgumentException.class, "transaction 7: unknown", () -> decisions.join(7, 0));
        refused(IllegalArgumentException.class, "transaction 7: unknown", () -> decisions.prepare(7, 0));
        refused(IllegalArgumentException.class, "transaction 7: unknown", () -> decisions.done(7, 0));
        refused(IllegalArgumentException.class, "transaction 7: unknown", () -> decisions.abort(7));
        refused(IllegalArgumentException.class, "transaction 7: unknown", () -> decisions.pass(7, 0));
        refused(IllegalArgumentException.class, "transaction 7: unknown", () -> decisions.outcome(7));
    }

    @Test
    void whoIsNoParticipantIsRefused() {
        decisions.begin(1, Trigger.EACH, 0, 0, 1);

        refused(IllegalArgumentException.class, "application 2 is none of its 2 participants", () -> decisions.join(1, 2));
    }

    @Test
    void joiningTwiceIsRefused() {
        decisions.begin(1, Trigger.EACH, 0, 0, 1);
        decisions.join(1, 0);

        refused(IllegalStateException.class, "it has joined already", () -> decisions.join(1, 0));
    }

    @Test
    void whoHasNotJoinedOrIsDoneAlreadyIsRefused() {
        decisions.begin(1, Trigger.EACH, 0, 0, 1);

        refused(IllegalStateException.class, "it has not joined", () -> decisions.prepare(1, 0));
        refused(IllegalStateException.class, "it has not joined", () -> decisions.done(1, 0));
        decisions.join(1, 0);
        assertTrue(decisions.done(1, 0));
        refused(IllegalStateException.class, "it is done already", () -> decisions.prepare(1, 0));
        refused(IllegalStateException.class, "it is done already", () -> decisions.done(1, 0));
    }

    @Test
    void aNotifierCommitsNotBeforeTheOthersAreDone() {
        decisions.begin(1, Trigger.NOTIFIER, 1, 0, 1, 2);
        decisions.join(1, 0);
        decisions.join(1, 1);

        refused(IllegalStateException.class, "application 0 must be done before it", () -> decisions.prepare(1, 1));
        decisions.done(1, 0);
        assertTrue(decisions.prepare(1, 1));
        refused(IllegalStateException.class, "nobody can join any more", () -> decisions.join(1, 2));
        assertTrue(decisions.done(1, 1));
        new DependencyMap(decisions).evaluate();
        assertEquals(Outcome.COMMITTED, decisions.outcome(1));
    }

    @Test
    void theDeclaredOrderIsKept() {
        decisions.begin(1, Trigger.LAST_IN_ORDER, 0, 2, 0);
        decisions.join(1, 0);
        decisions.join(1, 2);

        refused(IllegalStateException.class, "application 2 must be done before it", () -> decisions.prepare(1, 0));
    }

    @Test
    void noMoreJoinThanAreCounted() {
        decisions.begin(1, Trigger.COUNT, 1, 0, 1);
        decisions.join(1, 1);

        refused(IllegalStateException.class, "nobody can join any more", () -> decisions.join(1, 0));
    }

    @Test
    void whatIsCompleteIsNotAborted() {
        decisions.begin(1, Trigger.EACH, 0, 0);
        decisions.join(1, 0);
        decisions.done(1, 0);

        assertFalse(decisions.abort(1));
    }

    @Test
    void whatIsAbortedIsNeitherJoinedNorDone() {
        decisions.begin(1, Trigger.EACH, 0, 0, 1);
        decisions.join(1, 0);
        assertTrue(decisions.abort(1));

        assertFalse(decisions.join(1, 1));
        assertFalse(decisions.prepare(1, 0));
        assertTrue(decisions.abort(1));
        assertEquals(Outcome.ABORTED, decisions.outcome(1));
    }

    @Test
    void anEvaluationAbortsWhatADeadAborterHasNot() {
        twoDoneAndTheFirstAbortedByADeadOne();

        assertEquals(0, new DependencyMap(decisions).evaluate());

        assertEquals(Outcome.ABORTED, decisions.outcome(2));
    }

    @Test
    void aRollBackAbortsWhatADeadAborterHasNot() {
        twoDoneAndTheFirstAbortedByADeadOne();

        assertEquals(2, decisions.rollBack(0));

        assertEquals(Outcome.ABORTED, decisions.outcome(2));
    }

    /** Of both, the second one complete. */
    private void twoDoneAndTheFirstAbortedByADeadOne() {
        decisions.begin(1, Trigger.EACH, 0, 0, 1);
        decisions.begin(2, Trigger.EACH, 0, 0);
        decisions.join(1, 0);
        decisions.join(2, 0);
        decisions.done(1, 0);
        decisions.done(2, 0);
        DecisionTable table = decisions.table();
        long record = table.record(1);
        long word = table.wordVolatile(record);
        assertTrue(table.casWord(record, word, DecisionWord.withState(word, DecisionWord.ABORTED)));
    }

    @Test
    void nobodyPassesBeforeTheDecisionOrTwice() {
        decisions.begin(1, Trigger.EACH, 0, 0, 1);
        decisions.join(1, 0);
        refused(IllegalStateException.class, "it is undecided", () -> decisions.pass(1, 0));
        refused(IllegalStateException.class, "it has no part in it", () -> decisions.pass(1, 1));
        decisions.join(1, 1);
        decisions.done(1, 0);
        decisions.abort(1);

        refused(IllegalStateException.class, "was not rolled back", () -> decisions.pass(1, 0));
        assertFalse(decisions.isRolledBack(1, 0));
        decisions.rollBack(0);
        assertTrue(decisions.isRolledBack(1, 0));
        assertFalse(decisions.isRolledBack(1, 1), "it was not done");
        decisions.pass(1, 0);
        refused(IllegalStateException.class, "has acted on the decision already", () -> decisions.pass(1, 0));
        decisions.pass(1, 1);
        refused(IllegalArgumentException.class, "transaction 1: unknown", () -> decisions.outcome(1));
    }

    @Test
    void aRecordIsTakenUntilAllHavePassed() {
        assertTrue(decisions.begin(1, Trigger.EACH, 0, 0));

        assertFalse(decisions.begin(1 + CAPACITY, Trigger.EACH, 0, 0));
        decisions.abort(1);
        assertTrue(decisions.begin(1 + CAPACITY, Trigger.EACH, 0, 0));
        refused(IllegalArgumentException.class, "transaction 1: unknown", () -> decisions.outcome(1));
    }

    @Test
    void aFullChainIsTold() {
        decisions.begin(1, Trigger.EACH, 0, 0, 1);
        decisions.join(1, 0);
        decisions.done(1, 0);
        for (int id = 2; id <= CAPACITY; id++) {
            decisions.begin(id, Trigger.EACH, 0, 0, 1);
            decisions.join(id, 0);
            decisions.done(id, 0);
            decisions.abort(id);
            decisions.rollBack(0);
            decisions.pass(id, 0);
        }
        decisions.begin(2, Trigger.EACH, 0, 0, 1);
        decisions.join(2, 0);

        refused(ThaException.class, "all 64 entries of its chain wait for transaction 1", () -> decisions.prepare(2, 0));
    }

    @Test
    void impossibleTransactionsAreRefused() {
        refused(IllegalArgumentException.class, "participant 3", () -> decisions.begin(1, Trigger.EACH, 0, 3));
        refused(IllegalArgumentException.class, "participant 0: expected each application once", () -> decisions.begin(1, Trigger.EACH, 0, 0, 0));
        refused(IllegalArgumentException.class, "0 participants", () -> decisions.begin(1, Trigger.EACH, 0));
        refused(IllegalArgumentException.class, "COUNT(0)", () -> decisions.begin(1, Trigger.COUNT, 0, 0));
        refused(IllegalArgumentException.class, "COUNT(3)", () -> decisions.begin(1, Trigger.COUNT, 3, 0, 1));
        refused(IllegalArgumentException.class, "NOTIFIER(2)", () -> decisions.begin(1, Trigger.NOTIFIER, 2, 0, 1));
        refused(IllegalArgumentException.class, "EACH(1)", () -> decisions.begin(1, Trigger.EACH, 1, 0));
    }

    @Test
    void whatIsNoTableIsRefused() {
        refused(CorruptRegionException.class, "expected at least 4096", () -> new Decisions(address, 10));
        refused(CorruptRegionException.class, "the bytes for that", () -> new Decisions(address, BYTES - 1));
        refused(IllegalArgumentException.class, "capacity 100", () -> Decisions.format(address, 1, 100));
        Memory.putInt(address + DecisionDescriptor.CAPACITY_OFFSET, -64);
        refused(CorruptRegionException.class, "capacity -64", () -> new Decisions(address, BYTES));
        Memory.putLong(address, 0);
        refused(CorruptRegionException.class, "begin with 0x0", () -> new Decisions(address, BYTES));
    }

    /** Nothing is read outside of the table, and nothing walked for ever. */
    @Test
    void damageIsTold() {
        decisions.begin(1, Trigger.EACH, 0, 0, 1);
        long record = decisions.table().record(1);
        damaged("participants 1000", record + DecisionDescriptor.COUNT_OFFSET, 1_000, () -> decisions.join(1, 0));
        damaged("participants -1", record + DecisionDescriptor.COUNT_OFFSET, -1, () -> decisions.join(1, 0));
        long application = record + DecisionDescriptor.PARTICIPANTS_OFFSET + DecisionDescriptor.PARTICIPANT_APPLICATION_OFFSET;
        damaged("application 3", application, APPLICATIONS, () -> decisions.join(1, 0));
        damaged("trigger 9", record + DecisionDescriptor.TRIGGER_OFFSET, 9, () -> decisions.abort(1));
        long tail = address + DecisionDescriptor.HEADER_LENGTH + DecisionDescriptor.TAIL_OFFSET;
        damaged("length of chain 0 1000", tail, 1_000, () -> new DependencyMap(decisions).evaluate());
        damaged("length of chain 0 -1", tail, -1, () -> decisions.rollBack(0));
        assertTrue(decisions.join(1, 0));
    }

    /** With an int that is not what was written there. */
    private static void damaged(String message, long at, int value, Executable use) {
        long before = Memory.getLong(at);
        Memory.putLong(at, before & ~0xFFFF_FFFFL | value & (value < 0 ? -1L : 0xFFFF_FFFFL));
        refused(CorruptRegionException.class, message, use);
        Memory.putLong(at, before);
    }

    private static void refused(Class<? extends RuntimeException> type, String message, Executable use) {
        RuntimeException refusal = assertThrows(type, use);
        assertTrue(refusal.getMessage().contains(message), refusal::getMessage);
    }
}
