package io.tha.coordination;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tha.Outcome;
import io.tha.memory.Memory;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a standby finds behind the state that it has. */
class ChainWatchTest {
    private static final int APPLICATIONS = 3;
    private static final int CAPACITY = DecisionDescriptor.MIN_CAPACITY;
    private static final long BYTES = Decisions.bytes(APPLICATIONS, CAPACITY);

    private final long address = Memory.allocate(BYTES);
    private Decisions decisions;
    private DependencyMap map;
    private ChainWatch watch;

    @BeforeEach
    void create() {
        Memory.zero(address, BYTES);
        Decisions.format(address, APPLICATIONS, CAPACITY);
        decisions = new Decisions(address, BYTES);
        map = new DependencyMap(decisions);
        watch = new ChainWatch(decisions, 0);
    }

    @AfterEach
    void free() {
        Memory.free(address);
    }

    private void begin(long id) {
        decisions.begin(id, Trigger.EACH, 0, 0, 1);
        decisions.join(id, 0);
        decisions.join(id, 1);
    }

    private void done(long id, int application) {
        decisions.prepare(id, application);
        decisions.done(id, application);
        decisions.evaluate(map);
    }

    private void commit(long id) {
        begin(id);
        done(id, 0);
        done(id, 1);
    }

    private void rollBack(long id) {
        decisions.abort(id);
        for (int application = 0; application < 2; application++) {
            decisions.rollBack(application);
        }
    }

    private void pass(long id) {
        decisions.pass(id, 0);
        decisions.pass(id, 1);
    }

    private Map<Integer, Long> entries() {
        Map<Integer, Long> entries = new TreeMap<>();
        watch.entries(entries::put);
        return entries;
    }

    @Test
    void whereThereIsNoEntryNothingIsDecided() {
        assertEquals(Outcome.UNDECIDED, watch.look(0));
        begin(1);
        assertEquals(Outcome.UNDECIDED, watch.look(0));
    }

    @Test
    void anEntryThatIsDoneIsUndecidedUntilAllAre() {
        begin(1);
        done(1, 0);
        assertEquals(Outcome.UNDECIDED, watch.look(0));
        done(1, 1);
        assertEquals(Outcome.COMMITTED, watch.look(0));
        assertEquals(1, watch.id());
        assertEquals(Outcome.UNDECIDED, watch.look(1));
    }

    @Test
    void theEntriesOfTheOthersAreTold() {
        begin(1);
        begin(2);
        done(2, 1);
        done(1, 1);
        done(1, 0);
        done(2, 0);

        assertEquals(Outcome.COMMITTED, watch.look(0));
        assertEquals(1, watch.id());
        assertEquals(Map.of(0, 0L, 1, 1L), entries());
        assertEquals(Outcome.COMMITTED, watch.look(1));
        assertEquals(Map.of(0, 1L, 1, 0L), entries());
    }

    @Test
    void whatIsAbortedIsForTheLogToTell() {
        begin(1);
        done(1, 0);
        decisions.abort(1);

        assertEquals(Outcome.ABORTED, watch.look(0));
    }

    @Test
    void whatWasRolledBackIsPassedOver() {
        for (long id = 1; id <= 2; id++) {
            begin(id);
            done(id, 0);
        }
        rollBack(1);
        assertEquals(Outcome.UNDECIDED, watch.look(0));
        commit(3);

        assertEquals(Outcome.COMMITTED, watch.look(0));
        assertEquals(3, watch.id());
        assertEquals(Map.of(0, 2L, 1, 0L), entries());
    }

    @Test
    void whatAllHavePassedIsForTheLogToTell() {
        commit(1);
        pass(1);

        assertEquals(Outcome.ABORTED, watch.look(0));
        commit(1 + CAPACITY); // Has the record now.
        assertEquals(Outcome.ABORTED, watch.look(0));
        assertEquals(Outcome.COMMITTED, watch.look(1));
    }

    /** The entry that it looks at is another one's by now. */
    @Test
    void whoIsFarBehindTakesNoOtherForTheNext() {
        for (long id = 1; id <= CAPACITY; id++) {
            commit(id);
            pass(id);
        }
        commit(CAPACITY + 1L);

        assertEquals(Outcome.ABORTED, watch.look(0));
        assertEquals(Outcome.COMMITTED, watch.look(CAPACITY));
    }

    @Test
    void whoIsFarBehindRollsNothingOverThatWasNotRolledBack() {
        for (long id = 1; id <= CAPACITY; id++) {
            commit(id);
            pass(id);
        }
        begin(CAPACITY + 1L);
        done(CAPACITY + 1L, 0);
        rollBack(CAPACITY + 1L);
        pass(CAPACITY + 1L);
        commit(CAPACITY + 2L);

        assertEquals(Outcome.ABORTED, watch.look(0));
        assertEquals(Outcome.COMMITTED, watch.look(CAPACITY));
    }
}
