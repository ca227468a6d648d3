package io.tha.coordination;

import java.util.Arrays;

/**
 * Enters into a chain, and rolls back what is in it. Each store is a CAS in which whoever was stopped, and replaced, fails, or that its successor
 * wants as well; docs/coordination.md 2.6.
 *
 * <p>Threads: for each application, under its commit lock; an application's active, who was that, and who goes on for it may be here at one time.
 *
 * <p>Publication: the tail of a chain.
 */
final class ChainWriter {
    private static final long UNKNOWN = -1;

    private final DecisionTable table;
    private final AbortSpread spread;
    /** For each application, the tail of its chain when this process wrote there last. */
    private final long[] ends;

    ChainWriter(DecisionTable table, AbortSpread spread) {
        this.table = table;
        this.spread = spread;
        ends = new long[table.applications()];
        Arrays.fill(ends, UNKNOWN);
    }

    /** This process goes on for an application. */
    void begin(int application) {
        ends[application] = table.tailVolatile(application);
    }

    /**
     * Makes a participant's entry, or what is missing of it.
     *
     * @return its number, or {@link DecisionTable#NO_ENTRY} if another process has gone on for the application without it
     */
    long enter(long record, int participant, long id) {
        int application = table.application(record, participant);
        // Before the number: behind the entry, the number is there.
        long tail = table.tailVolatile(application);
        table.casEntry(record, participant, id, tail);
        long number = table.entryAcquire(record, participant, id);
        if (number == tail && put(application, number, id)) {
            table.casTail(application, number, number + 1);
        }
        if (number == DecisionTable.NO_ENTRY || !isEntered(application, number, id)) {
            return DecisionTable.NO_ENTRY;
        }
        ends[application] = Math.max(ends[application], number + 1);
        return number;
    }

    /** Whether the id is in the entry, whoever has put it there. */
    private boolean put(int application, long number, long id) {
        long found = table.idAcquire(application, number);
        // Behind the look: then what was found is not this entry's, and the CAS fails when anything has been put there.
        boolean isEarlier = table.claimEntry(application, number);
        while (found != id) {
            if (!isEarlier && (!mayReplace(application, number, found, id) || table.tailVolatile(application) != number)) {
                return false;
            }
            if (table.casId(application, number, found, id)) {
                return true;
            }
            isEarlier = false;
            found = table.idAcquire(application, number);
        }
        return true;
    }

    /**
     * Who has claimed the entry may not have put its id there, or may have been replaced by one who goes on without it. Of these two, the one whose
     * transaction was aborted by the other is late.
     */
    private boolean mayReplace(int application, long number, long found, long id) {
        long record = table.record(found);
        int participant = table.isOf(record, found) ? table.find(record, application) : -1;
        boolean isPut = participant >= 0 && table.entryAcquire(record, participant, found) == number;
        return !isPut || isOpen(id);
    }

    private boolean isOpen(long id) {
        long record = table.record(id);
        return DecisionWord.state(table.wordVolatile(record)) == DecisionWord.OPEN && table.isOf(record, id);
    }

    private boolean isEntered(int application, long number, long id) {
        // The id before the head: if it was overwritten, the head has passed it.
        return number < table.tailVolatile(application)
                && (table.idAcquire(application, number) == id || table.headVolatile(application) > number);
    }

    /** Whether what is before an entry, and was not rolled back, is aborted. */
    boolean isBehindDoomed(int application, long entry) {
        long before = entry - 1;
        while (before >= table.headVolatile(application) && table.resumesAcquire(application, before) > 0) {
            before--;
        }
        return before >= table.headVolatile(application) && Chains.doomedId(table, application, before) != 0;
    }

    /**
     * Aborts what is behind the first aborted one, and says that the chain goes on at the tail, the last one first: who dies in between leaves the
     * first one to be found.
     *
     * @return how many entries were rolled back
     * @throws IllegalStateException if another process has gone on for the application: what is aborted then may not be undone there
     */
    long rollBack(int application) {
        long tail = table.tailVolatile(application);
        if (ends[application] != UNKNOWN && ends[application] != tail) {
            throw new IllegalStateException("application " + application + ": its chain has " + tail + " entries, and had " + ends[application]
                    + " when this process wrote there last; another process has gone on for the application");
        }
        long first = firstDoomed(application, tail);
        long id = first < tail ? Chains.doomedId(table, application, first) : 0;
        if (id == 0) {
            return 0;
        }
        spread.from(id);
        for (long entry = tail - 1; entry >= first; entry--) {
            table.casResumes(application, entry, tail);
        }
        return tail - first;
    }

    private long firstDoomed(int application, long tail) {
        long first = Chains.settledHead(table, application);
        while (first < tail && Chains.doomedId(table, application, first) == 0) {
            first = Math.max(first + 1, table.resumesAcquire(application, first));
        }
        return first;
    }
}
