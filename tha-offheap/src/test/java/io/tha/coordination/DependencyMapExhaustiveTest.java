package io.tha.coordination;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tha.Outcome;
import io.tha.coordination.ReferenceDecisions.Declared;
import io.tha.memory.Memory;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every order in which a few transactions can be joined, done, aborted and rolled back, against the promise written down directly. */
class DependencyMapExhaustiveTest {
    private static final int APPLICATIONS = 3;
    private static final int CAPACITY = DecisionDescriptor.MIN_CAPACITY;
    private static final long BYTES = Decisions.bytes(APPLICATIONS, CAPACITY);
    private static final int[] ALL = {0, 1, 2};
    /** Of four transactions, besides those that follow from them. With 4 it is all there are: eight million states, and minutes. */
    private static final int MOST_ABORTS = Integer.getInteger("tha.aborts", 0);

    private final long table = Memory.allocate(BYTES);

    private enum Step {
        JOIN,
        DONE,
        ABORT,
        ROLL_BACK
    }

    private record Event(Step step, int transaction, int application) {}

    @AfterEach
    void free() {
        Memory.free(table);
    }

    @ParameterizedTest
    @EnumSource(Trigger.class)
    void fourTransactionsOfThreeApplications(Trigger trigger) {
        int argument = trigger == Trigger.COUNT ? 2 : 0;

        int states = explore(List.of(
                Declared.of(trigger, argument, ALL),
                Declared.of(trigger, argument, ALL),
                Declared.of(trigger, argument, 2, 1, 0),
                Declared.of(trigger, argument, 0, 1)), true);

        System.out.println(trigger + ": " + states + " states");
        assertTrue(states > 500, "few states: " + states);
    }

    @Test
    void oneTransactionOfEachTrigger() {
        int states = explore(List.of(
                Declared.of(Trigger.NOTIFIER, 1, ALL),
                Declared.of(Trigger.LAST_IN_ORDER, 0, 2, 0, 1),
                Declared.of(Trigger.COUNT, 2, ALL),
                Declared.of(Trigger.EACH, 0, ALL)), true);

        System.out.println("one of each: " + states + " states");
        assertTrue(states > 500, "few states: " + states);
    }

    /** Joins and aborts at any time, too; all combinations of triggers. */
    @Test
    void threeTransactionsThatJoinAtAnyTime() {
        int states = 0;
        for (Trigger first : Trigger.values()) {
            for (Trigger second : Trigger.values()) {
                states += explore(List.of(
                        Declared.of(first, first == Trigger.COUNT ? 1 : 0, 0, 1),
                        Declared.of(second, second == Trigger.COUNT ? 2 : 0, 1, 0),
                        Declared.of(Trigger.EACH, 0, 1, 2)), false);
            }
        }

        System.out.println("joins: " + states + " states");
        assertTrue(states > 500, "few states: " + states);
    }

    /** Returns how many different states were seen. */
    private int explore(List<Declared> transactions, boolean joinsFirst) {
        Set<String> seen = new HashSet<>();
        Deque<List<Event>> open = new ArrayDeque<>();
        List<Event> joins = new ArrayList<>();
        for (int t = 0; joinsFirst && t < transactions.size(); t++) {
            List<Integer> participants = transactions.get(t).participants();
            int most = transactions.get(t).trigger() == Trigger.COUNT ? transactions.get(t).argument() : participants.size();
            for (int k = 0; k < most; k++) {
                joins.add(new Event(Step.JOIN, t, participants.get(k)));
            }
        }
        open.add(joins);
        while (!open.isEmpty()) {
            List<Event> path = open.removeLast();
            ReferenceDecisions reference = replay(transactions, path);
            if (seen.add(reference.state())) {
                boolean mayAbort = path.stream().filter(event -> event.step == Step.ABORT).count() < (joinsFirst ? MOST_ABORTS : transactions.size());
                for (Event next : next(reference, joinsFirst, mayAbort)) {
                    List<Event> longer = new ArrayList<>(path);
                    longer.add(next);
                    open.add(longer);
                }
            }
        }
        return seen.size();
    }

    private static List<Event> next(ReferenceDecisions reference, boolean joinsFirst, boolean mayAbort) {
        List<Event> events = new ArrayList<>();
        for (int a = 0; a < APPLICATIONS; a++) {
            for (int t = 0; t < reference.transactions.size(); t++) {
                if (!joinsFirst && reference.mayJoin(t, a)) {
                    events.add(new Event(Step.JOIN, t, a));
                }
                if (reference.mayBeDone(t, a)) {
                    events.add(new Event(Step.DONE, t, a));
                }
            }
            if (reference.mustRollBack(a)) {
                events.add(new Event(Step.ROLL_BACK, 0, a));
            }
        }
        for (int t = 0; mayAbort && t < reference.transactions.size(); t++) {
            if (reference.mayBeAborted(t)) {
                events.add(new Event(Step.ABORT, t, 0));
            }
        }
        return events;
    }

    /** On both; a map that follows evaluates after each step, and a new one at the end must find nothing more. */
    private ReferenceDecisions replay(List<Declared> transactions, List<Event> path) {
        Memory.zero(table, BYTES);
        Decisions.format(table, APPLICATIONS, CAPACITY);
        Decisions decisions = new Decisions(table, BYTES);
        DependencyMap map = new DependencyMap(decisions);
        ReferenceDecisions reference = new ReferenceDecisions(APPLICATIONS);
        for (int t = 0; t < transactions.size(); t++) {
            Declared declared = transactions.get(t);
            assertTrue(declared.begin(decisions, t + 1));
            reference.begin(declared);
        }
        for (Event event : path) {
            apply(event, decisions, reference);
            map.evaluate();
        }
        assertArrayEquals(reference.outcomes(), outcomes(decisions, transactions.size()), () -> transactions + " " + path);
        assertEquals(0, new DependencyMap(decisions).evaluate());
        return reference;
    }

    private static void apply(Event event, Decisions decisions, ReferenceDecisions reference) {
        int t = event.transaction;
        long id = t + 1L;
        switch (event.step) {
            case JOIN -> {
                assertTrue(decisions.join(id, event.application));
                reference.join(t, event.application);
            }
            case DONE -> {
                assertTrue(decisions.prepare(id, event.application));
                reference.done(t, event.application);
                assertEquals(reference.outcomes()[t] != Outcome.ABORTED, decisions.done(id, event.application));
            }
            case ABORT -> {
                reference.abort(t);
                assertTrue(decisions.abort(id));
            }
            case ROLL_BACK -> {
                reference.rollBack(event.application);
                assertTrue(decisions.rollBack(event.application) > 0);
            }
        }
    }

    private static Outcome[] outcomes(Decisions decisions, int count) {
        Outcome[] outcomes = new Outcome[count];
        for (int t = 0; t < count; t++) {
            outcomes[t] = outcome(decisions, t + 1L);
        }
        return outcomes;
    }

    /** A transaction that was aborted before anybody joined is forgotten at once. */
    private static Outcome outcome(Decisions decisions, long id) {
        try {
            return decisions.outcome(id);
        } catch (IllegalArgumentException e) {
            return Outcome.ABORTED;
        }
    }
}
