package io.tha.coordination;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tha.Outcome;
import io.tha.memory.Memory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** One application that is served by one process after the other, and another one with which it has transactions; each step always the same. */
final class StoppedHistory implements AutoCloseable {
    static final int STOPPED = 0;
    static final int OTHER = 1;
    static final int CAPACITY = DecisionDescriptor.MIN_CAPACITY;
    static final long BYTES = Decisions.bytes(2, CAPACITY);

    private static final int BEFORE = CAPACITY + 6;

    final long address = Memory.allocate(BYTES);
    final Decisions other;
    /** Published by the process that is stopped, and not decided in its log, in the order of the log. */
    final List<Long> published = new ArrayList<>();

    private final DependencyMap map;
    private final AtomicInteger epoch = new AtomicInteger();
    private final List<Long> othersOpen = new ArrayList<>();
    private final List<Long> inFlight = new ArrayList<>();
    private long nextId = 1;
    /** That the other application does not act upon, so that its record stays. */
    private long kept;

    StoppedHistory() {
        Memory.zero(address, BYTES);
        Decisions.format(address, 2, CAPACITY);
        other = new Decisions(address, BYTES);
        map = new DependencyMap(other);
    }

    /** All records and entries had something else before. */
    void begin(Decisions active) {
        active.recover(STOPPED);
        for (int i = 0; i < BEFORE; i++) {
            commit(active);
        }
    }

    long join(Decisions active) {
        while (!other.begin(nextId, Trigger.EACH, 0, OTHER, STOPPED)) {
            nextId++;
        }
        long id = nextId++;
        other.join(id, OTHER);
        othersOpen.add(id);
        assertTrue(active.join(id, STOPPED));
        return id;
    }

    /** Joined by both, done by the stopped one. */
    long done(Decisions active) {
        long id = join(active);
        active.prepare(id, STOPPED);
        active.done(id, STOPPED);
        return id;
    }

    void commit(Decisions active) {
        long id = done(active);
        other.done(id, OTHER);
        map.evaluate();
        assertEquals(Outcome.COMMITTED, other.outcome(id));
        active.pass(id, STOPPED);
        settleOther();
    }

    void abort(Decisions active) {
        long id = done(active);
        other.abort(id);
        active.rollBack(STOPPED);
        active.pass(id, STOPPED);
        settleOther();
    }

    /** It is published as done. */
    long publish(Decisions active) {
        long id = join(active);
        assertTrue(active.prepare(id, STOPPED));
        published.add(id);
        return id;
    }

    void keep(long id) {
        kept = id;
    }

    /** The other application acts upon what is decided. */
    void settleOther() {
        other.rollBack(OTHER);
        for (Long id : List.copyOf(othersOpen)) {
            if (id != kept && other.outcome(id) != Outcome.UNDECIDED) {
                other.pass(id, OTHER);
                othersOpen.remove(id);
            }
        }
    }

    /** Who takes over seals the log before anything else; returns the number of its own. */
    int seal() {
        return epoch.incrementAndGet();
    }

    /** As who takes over does, and serves. */
    Decisions takeOver(int number, DecisionTable table) {
        Decisions decisions = new Decisions(table);
        published.forEach(id -> decisions.completeDone(id, STOPPED));
        DependencyMap deciding = new DependencyMap(decisions);
        deciding.evaluate();
        for (long id : published) {
            while (decisions.outcome(id) == Outcome.UNDECIDED) {
                long blocker = deciding.blocker(STOPPED);
                decisions.abort(blocker == 0 ? id : blocker);
                deciding.evaluate();
            }
        }
        Decisions active = new Decisions(table);
        active.recover(STOPPED, () -> epoch.get() == number);
        return active;
    }

    void goOn(Decisions active, int transactions) {
        for (int i = 0; i < transactions; i++) {
            if (i % 4 == 2) {
                abort(active);
            } else {
                commit(active);
            }
        }
    }

    /** An undecided one, an aborted one that is not rolled back, one behind it, and one that is joined. */
    void begin(Decisions active, int count) {
        for (int i = 0; i < count; i++) {
            inFlight.add(i == 3 ? join(active) : done(active));
            if (i == 1) {
                other.abort(inFlight.get(1));
            }
        }
    }

    /** What is in flight is decided, and a few more are. */
    void end(Decisions active) {
        inFlight.stream().filter(id -> other.outcome(id) == Outcome.UNDECIDED).forEach(other::abort);
        active.rollBack(STOPPED);
        inFlight.forEach(id -> {
            assertEquals(Outcome.ABORTED, active.outcome(id));
            active.pass(id, STOPPED);
        });
        inFlight.clear();
        settleOther();
        goOn(active, 5);
        for (int application = 0; application < 2; application++) {
            assertEquals(other.table().tailVolatile(application), Chains.settledHead(other.table(), application));
        }
    }

    /** When everybody has looked. */
    long[] words() {
        new DependencyMap(other).evaluate();
        for (int application = 0; application < 2; application++) {
            Chains.settledHead(other.table(), application);
        }
        long[] words = new long[(int) (BYTES / Long.BYTES)];
        for (int i = 0; i < words.length; i++) {
            words[i] = Memory.getLong(address + (long) i * Long.BYTES);
        }
        return words;
    }

    /** What a word of the table is. */
    static String kind(long offset) {
        long chains = DecisionDescriptor.HEADER_LENGTH;
        long entries = chains + 2L * DecisionDescriptor.APPLICATION_LENGTH;
        long records = entries + 2L * CAPACITY * DecisionDescriptor.ENTRY_LENGTH;
        if (offset < entries) {
            return (offset - chains) % DecisionDescriptor.APPLICATION_LENGTH == DecisionDescriptor.TAIL_OFFSET ? "tail" : "head";
        }
        if (offset < records) {
            return (offset - entries) % DecisionDescriptor.ENTRY_LENGTH == DecisionDescriptor.ENTRY_ID_OFFSET ? "id" : "resumes";
        }
        long inRecord = (offset - records) % DecisionDescriptor.RECORD_LENGTH;
        if (inRecord >= DecisionDescriptor.PARTICIPANTS_OFFSET) {
            return "number";
        }
        return inRecord == DecisionDescriptor.WORD_OFFSET ? "word" : inRecord == DecisionDescriptor.PASSED_OFFSET ? "passed" : "record";
    }

    @Override
    public void close() {
        Memory.free(address);
    }
}
