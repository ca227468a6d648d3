package io.tha.coordination;

import io.tha.Outcome;
import io.tha.ThaException;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;

/**
 * The steps of coordinated transactions, each one CAS; docs/coordination.md 2.4. Wrong use changes nothing.
 *
 * <p>Threads: {@link #begin}, {@link #abort} and {@link #outcome} any; all that names an application by its commit lock.
 *
 * <p>Publication: the word of a record, the tail of a chain.
 */
public final class Decisions {
    private final DecisionTable table;
    private final AbortSpread spread;
    private final ChainWriter chains;
    private final Sleepers actives;
    private final Sleepers followers;

    /**
     * Uses a table that was {@link #format}ted.
     *
     * @param address where it begins
     * @param lengthBytes that are mapped there
     * @throws io.tha.CorruptRegionException if it is none
     */
    public Decisions(long address, long lengthBytes) {
        this(new DecisionTable(address, lengthBytes));
    }

    Decisions(DecisionTable table) {
        this.table = table;
        spread = new AbortSpread(table);
        chains = new ChainWriter(table, spread);
        actives = Sleepers.ofActives(table);
        followers = Sleepers.ofFollowers(table);
    }

    /**
     * Makes an empty table.
     *
     * @param address of as many zeroed {@link #bytes}
     * @param applications that may take part, 1 to 64
     * @param capacity how many transactions it can have that are undecided or not acted upon, a power of two from 64 to 1,048,576
     */
    public static void format(long address, int applications, int capacity) {
        DecisionTable.create(address, applications, capacity);
    }

    /** The length of a table. */
    public static long bytes(int applications, int capacity) {
        return DecisionTable.bytes(applications, capacity);
    }

    DecisionTable table() {
        return table;
    }

    /**
     * Begins a transaction.
     *
     * @param id unique in the domain
     * @param argument the notifier's index among the participants, or the count; 0 for other triggers
     * @param participants the applications' indexes, 1 to 20, each once; for {@link Trigger#LAST_IN_ORDER} in the order
     * @return false if the record that the id would have is taken: draw another one, or wait until one is decided
     */
    public boolean begin(long id, Trigger trigger, int argument, int... participants) {
        requirePossible(trigger, argument, participants);
        long record = table.record(id);
        long word = table.wordVolatile(record);
        if (DecisionWord.state(word) != DecisionWord.FREE || !table.casWord(record, word, DecisionWord.word(DecisionWord.CLAIMED, table.tag(id)))) {
            return false;
        }
        table.putRecord(record, id, trigger, argument, participants);
        return table.casWord(
                record, DecisionWord.word(DecisionWord.CLAIMED, table.tag(id)), DecisionWord.word(DecisionWord.OPEN, table.tag(id)));
    }

    private void requirePossible(Trigger trigger, int argument, int... participants) {
        long seen = 0;
        for (int application : participants) {
            if (application < 0 || application >= table.applications() || (seen >>> application & 1) != 0) {
                throw new IllegalArgumentException("participant " + application + ": expected each application once, by its index, 0 to "
                        + (table.applications() - 1));
            }
            seen |= 1L << application;
        }
        int least = trigger == Trigger.COUNT ? 1 : 0;
        int most = switch (trigger) {
            case NOTIFIER -> participants.length - 1;
            case COUNT -> participants.length;
            default -> 0;
        };
        if (participants.length == 0 || participants.length > DecisionWord.MAX_PARTICIPANTS || argument < least || argument > most) {
            throw new IllegalArgumentException("trigger " + trigger + "(" + argument + ") with " + participants.length
                    + " participants: expected 1 to " + DecisionWord.MAX_PARTICIPANTS + " participants and " + least + " to " + most);
        }
    }

    /** Decides what can be decided, and wakes those who wait for that. */
    public void evaluate(DependencyMap map) {
        if (evaluateFirst(map)) {
            wakeActives();
        }
    }

    /**
     * As {@link #evaluate}, but the actives are not waked yet: for who has something to do before they take its processor.
     *
     * @return whether something was decided: {@link #wakeActives} has to follow
     */
    public boolean evaluateFirst(DependencyMap map) {
        boolean decided = map.evaluate() > 0;
        if (decided) {
            // What readers see waits for them alone.
            followers.wakeAll();
        }
        return decided;
    }

    /** Wakes those who wait to act upon decisions. */
    public void wakeActives() {
        actives.wakeAll();
    }

    private void wakeAll() {
        followers.wakeAll();
        actives.wakeAll();
    }

    /** The undecided transaction, joined by nobody, that has the record which an id would have; 0 if there is none. */
    public long unjoined(long id) {
        long record = table.record(id);
        long word = table.wordVolatile(record);
        long found = table.idOf(id & table.capacity() - 1);
        boolean unjoined = DecisionWord.state(word) == DecisionWord.OPEN && DecisionWord.joined(word) == 0;
        return unjoined && table.isOf(record, found) ? found : 0;
    }

    /**
     * Makes an application take part.
     *
     * @return false if the transaction is aborted
     * @throws IllegalArgumentException if the transaction is unknown, or the application none of its participants
     * @throws IllegalStateException if it has joined already, or none can join any more
     */
    public boolean join(long id, int application) {
        long record = record(id);
        int participant = participant(record, id, application);
        while (true) {
            long word = word(record, id);
            if (DecisionWord.state(word) == DecisionWord.ABORTED) {
                return false;
            }
            if (DecisionWord.hasJoined(word, participant)) {
                throw wrong(id, application, "it has joined already");
            }
            boolean full = table.trigger(record) == Trigger.COUNT && Integer.bitCount(DecisionWord.joined(word)) == table.argument(record);
            if (full || DecisionWord.isClosed(word) || table.isComplete(record, word)) {
                throw wrong(id, application, "nobody can join any more: " + describe(record, word));
            }
            if (table.casWord(record, word, DecisionWord.withJoined(word, participant))) {
                return true;
            }
        }
    }

    /**
     * Makes sure that {@link #done} will not be refused: called before what the application has done is published.
     *
     * @return false if the transaction is aborted
     * @throws IllegalArgumentException as {@link #join}
     * @throws IllegalStateException if it has not joined, is done already, or its trigger does not let it be done yet
     * @throws ThaException if the application's chain is full
     */
    public boolean prepare(long id, int application) {
        long record = record(id);
        int participant = participant(record, id, application);
        while (true) {
            long word = word(record, id);
            if (DecisionWord.state(word) == DecisionWord.ABORTED) {
                return false;
            }
            requireMayBeDone(record, word, participant, id);
            boolean closes = table.trigger(record) == Trigger.NOTIFIER && table.argument(record) == participant;
            if (!closes || table.casWord(record, word, word | DecisionWord.CLOSED)) {
                requireRoom(application);
                return true;
            }
        }
    }

    private void requireMayBeDone(long record, long word, int participant, long id) {
        int application = table.application(record, participant);
        if (!DecisionWord.hasJoined(word, participant)) {
            throw wrong(id, application, "it has not joined");
        }
        if (DecisionWord.isDone(word, participant)) {
            throw wrong(id, application, "it is done already");
        }
        if (table.hasPassed(record, participant)) {
            throw wrong(id, application, "another process has gone on for the application, and has given its part up");
        }
        int mine = 1 << participant;
        int open = switch (table.trigger(record)) {
            case NOTIFIER -> table.argument(record) == participant ? DecisionWord.joined(word) & ~DecisionWord.done(word) & ~mine : 0;
            case LAST_IN_ORDER -> mine - 1 & ~DecisionWord.done(word);
            default -> 0;
        };
        if (open != 0) {
            int first = table.application(record, Integer.numberOfTrailingZeros(open));
            throw wrong(id, application, "application " + first + " must be done before it: " + describe(record, word));
        }
    }

    private void requireRoom(int application) {
        long tail = table.tailVolatile(application);
        if (tail - Chains.settledHead(table, application) >= table.capacity()) {
            throw new ThaException("application " + application + ": all " + table.capacity() + " entries of its chain wait for transaction "
                    + table.idAcquire(application, table.headVolatile(application)) + ", which is undecided; decide it, or make the table larger");
        }
    }

    /**
     * Says that an application is done with a transaction. What it has written is published in its log, and {@link #prepare} was called before.
     *
     * @return false if the transaction is aborted; the application has to roll back then
     */
    public boolean done(long id, int application) {
        long record = record(id);
        int participant = participant(record, id, application);
        requireMayBeDone(record, word(record, id), participant, id);
        enter(record, participant, id);
        return DecisionWord.state(word(record, id)) != DecisionWord.ABORTED;
    }

    private void enter(long record, int participant, long id) {
        int application = table.application(record, participant);
        long entry = chains.enter(record, participant, id);
        if (entry == DecisionTable.NO_ENTRY) {
            throw wrong(id, application, "another process has gone on for the application");
        }
        casDone(record, participant, id);
        // Whoever aborts the one before may have looked at the chain before this entry was there.
        if (chains.isBehindDoomed(application, entry)) {
            spread.abort(id);
            wakeAll();
        }
    }

    private void casDone(long record, int participant, long id) {
        long word = word(record, id);
        while (DecisionWord.state(word) == DecisionWord.OPEN && !table.casWord(record, word, DecisionWord.withDone(word, participant))) {
            word = word(record, id);
        }
    }

    /**
     * For a takeover: an application's log, which is sealed, says that it was done with a transaction; makes what its process may have left out.
     *
     * @throws IllegalArgumentException as {@link #join}
     * @throws IllegalStateException if another process has gone on for the application without it, which the log does not say
     */
    public void completeDone(long id, int application) {
        long record = record(id);
        int participant = participant(record, id, application);
        if (!DecisionWord.isDone(word(record, id), participant)) {
            // Its process may do so now, which was only stopped: both make one entry.
            enter(record, participant, id);
        }
    }

    /** The order in which an application was done with transactions: the number of its entry. */
    public long order(long id, int application) {
        long record = record(id);
        return table.entryAcquire(record, participant(record, id, application), id);
    }

    /** Is told of entries of a transaction. */
    public interface Entries {
        /** An application was done with it, and has an entry of this number in its chain. */
        void entry(int application, long number);
    }

    /**
     * The applications that were done with a transaction; all of them, if it is complete and the caller has not passed.
     *
     * @throws IllegalArgumentException if it is unknown
     */
    public void entries(long id, Entries entries) {
        long record = record(id);
        for (int done = DecisionWord.done(word(record, id)); done != 0; done &= done - 1) {
            int participant = Integer.numberOfTrailingZeros(done);
            entries.entry(table.application(record, participant), table.entryAcquire(record, participant, id));
        }
    }

    /**
     * An application begins to serve, and everything that it was done with before is decided, and is in its state if it is committed: acts upon
     * what its last process has left.
     */
    public void recover(int application) {
        recover(application, () -> true);
    }

    /**
     * As {@link #recover(int)}, in a process that may have been stopped since it began to serve.
     *
     * @param isActive whether no other process can have gone on for the application yet: its log is not sealed
     * @throws IllegalStateException if one can; nothing was changed then
     */
    public void recover(int application, BooleanSupplier isActive) {
        // All looks before the question, all stores behind it: what a successor joins and enters is none of this.
        long[] left = LongStream.range(0, table.capacity()).map(table::idOf).filter(id -> hasPart(id, application)).toArray();
        chains.begin(application);
        if (!isActive.getAsBoolean()) {
            throw new IllegalStateException("application " + application + ": another process has gone on for it; what was left is that one's");
        }
        rollBack(application);
        for (long id : left) {
            recover(id, application);
        }
    }

    private boolean hasPart(long id, int application) {
        long record = table.record(id);
        long word = table.wordVolatile(record);
        int participant = table.isOf(record, id) ? table.find(record, application) : -1;
        return participant >= 0 && DecisionWord.hasJoined(word, participant) && table.isOf(record, id);
    }

    private void recover(long id, int application) {
        long record = table.record(id);
        long word = table.wordVolatile(record);
        int participant = table.isOf(record, id) ? table.find(record, application) : -1;
        if (participant < 0) {
            return; // All have passed meanwhile.
        }
        if (DecisionWord.state(word) == DecisionWord.OPEN && !DecisionWord.isDone(word, participant)) {
            abort(id);
        }
        if (DecisionWord.state(table.wordVolatile(record)) != DecisionWord.OPEN) {
            // Also if it has passed: who was the last one may have died before the record was free.
            pass(record, participant, id);
        }
    }

    /**
     * Aborts a transaction that is not complete, and what depends on it.
     *
     * @return whether it is aborted now
     * @throws IllegalArgumentException if it is unknown
     */
    public boolean abort(long id) {
        long record = record(id);
        long word = word(record, id);
        while (DecisionWord.state(word) == DecisionWord.OPEN && !table.isComplete(record, word)) {
            if (table.casWord(record, word, DecisionWord.withState(word, DecisionWord.ABORTED))) {
                spread.from(id);
                wakeAll();
                if (DecisionWord.joined(word) == 0) {
                    free(record, id);
                }
                return true;
            }
            word = word(record, id);
        }
        return DecisionWord.state(word) == DecisionWord.ABORTED;
    }

    /**
     * The application has restored what is before the first aborted transaction of its chain: what it does from now on depends on none of them.
     *
     * @return how many entries were rolled back
     * @throws IllegalStateException if another process has gone on for the application
     */
    public long rollBack(int application) {
        long rolledBack = chains.rollBack(application);
        if (rolledBack > 0) {
            wakeAll();
        }
        return rolledBack;
    }

    /**
     * Whether an application has rolled back what it was done with.
     *
     * @throws IllegalArgumentException if the transaction is unknown, or the application has no part in it
     */
    public boolean isRolledBack(long id, int application) {
        long entry = order(id, application);
        long resumes = entry == DecisionTable.NO_ENTRY ? 0 : table.resumesAcquire(application, entry);
        // What was overwritten was rolled back if it is aborted.
        return resumes > 0 || resumes == ResumesWord.OVERWRITTEN && outcome(id) == Outcome.ABORTED;
    }

    /**
     * The application has acted on the decision: it has made permanent what it did, or rolled back. When all have, the id is forgotten here.
     *
     * @throws IllegalArgumentException if the transaction is unknown, or the application has no part in it
     * @throws IllegalStateException if it is undecided, or the application has passed already
     */
    public void pass(long id, int application) {
        long record = record(id);
        int participant = participant(record, id, application);
        long word = word(record, id);
        if (!DecisionWord.hasJoined(word, participant) || table.hasPassed(record, participant)) {
            throw wrong(id, application, "it has no part in it, or has acted on the decision already");
        }
        if (DecisionWord.state(word) == DecisionWord.OPEN) {
            throw wrong(id, application, "it is undecided: " + describe(record, word));
        }
        boolean isEntered = table.entryAcquire(record, participant, id) != DecisionTable.NO_ENTRY;
        if (DecisionWord.state(word) == DecisionWord.ABORTED && isEntered && !isRolledBack(id, application)) {
            throw wrong(id, application, "it is aborted, and was not rolled back");
        }
        pass(record, participant, id);
    }

    private void pass(long record, int participant, long id) {
        if (table.addPassed(record, participant, id) == DecisionWord.joined(table.wordVolatile(record))) {
            free(record, id);
        }
    }

    /** Unless another one, who found that all have passed, has done so. */
    private void free(long record, long id) {
        long word = table.wordVolatile(record);
        if (table.isOf(record, id)) {
            table.casWord(record, word, DecisionWord.word(DecisionWord.FREE, table.tag(id)));
        }
    }

    /**
     * What became of a transaction.
     *
     * @throws IllegalArgumentException if it is unknown: never begun, or all its participants have acted on its decision
     */
    public Outcome outcome(long id) {
        return switch (DecisionWord.state(word(record(id), id))) {
            case DecisionWord.COMMITTED -> Outcome.COMMITTED;
            case DecisionWord.ABORTED -> Outcome.ABORTED;
            default -> Outcome.UNDECIDED;
        };
    }

    private long record(long id) {
        long record = table.record(id);
        if (!table.isOf(record, id)) {
            throw unknown(id);
        }
        return record;
    }

    private long word(long record, long id) {
        long word = table.wordVolatile(record);
        if (!table.isOf(record, id)) {
            throw unknown(id);
        }
        return word;
    }

    private static IllegalArgumentException unknown(long id) {
        return new IllegalArgumentException("coordinated transaction " + id
                + ": unknown; it was never begun, or it is decided and all its participants have acted on that: ask an application for its outcome");
    }

    private int participant(long record, long id, int application) {
        int participant = table.find(record, application);
        if (participant < 0) {
            throw new IllegalArgumentException("coordinated transaction " + id + ": application " + application + " is none of its "
                    + table.participants(record) + " participants");
        }
        return participant;
    }

    private static IllegalStateException wrong(long id, int application, String problem) {
        return new IllegalStateException("coordinated transaction " + id + ", application " + application + ": " + problem);
    }

    private String describe(long record, long word) {
        return "trigger " + table.trigger(record) + "(" + table.argument(record) + "), " + table.participants(record) + " participants, "
                + Integer.bitCount(DecisionWord.joined(word)) + " joined, " + Integer.bitCount(DecisionWord.done(word)) + " done";
    }
}
