package io.tha.coordination;

import io.tha.memory.Memory;

/** Looks at chains; docs/coordination.md 3.3 and 3.5. */
final class Chains {
    private Chains() {}

    /** Moves a head over what is decided, and rolled back where it was aborted; returns where it is then. */
    static long settledHead(DecisionTable table, int application) {
        long head = table.requirePossibleChain(application);
        while (head < table.tailVolatile(application)) {
            long next = behindSettled(table, application, head);
            if (next < 0) {
                // The entry that was looked at was this one only if the head is still here.
                long now = table.headVolatile(application);
                if (now == head) {
                    return head;
                }
                head = now;
            } else {
                head = table.casHead(application, head, next) ? next : table.headVolatile(application);
            }
        }
        return head;
    }

    /** Where a chain goes on behind an entry that is settled; negative if it is not. */
    private static long behindSettled(DecisionTable table, int application, long entry) {
        long id = table.idAcquire(application, entry);
        long record = table.record(id);
        long word = table.wordVolatile(record);
        // Resumes is read last: of a record that was given up it is final.
        boolean isKnown = table.isOf(record, id);
        long resumes = table.resumesAcquire(application, entry);
        boolean isCommitted = !isKnown || DecisionWord.state(word) == DecisionWord.COMMITTED;
        // Before the caller looks at the head again.
        Memory.loadFence();
        if (resumes > 0) {
            return resumes;
        }
        return isCommitted ? entry + 1 : -1;
    }

    /** The id in an entry; 0 if the head has passed it: what is read there may be another entry's by then. */
    static long unsettledId(DecisionTable table, int application, long entry) {
        long id = table.idAcquire(application, entry);
        Memory.loadFence();
        return table.headVolatile(application) > entry ? 0 : id;
    }

    /** The id in an entry that is aborted, and that its application has not rolled back: what is behind it aborts too; 0 if it is none. */
    static long doomedId(DecisionTable table, int application, long entry) {
        long id = table.idAcquire(application, entry);
        long record = table.record(id);
        boolean isAborted = DecisionWord.state(table.wordVolatile(record)) == DecisionWord.ABORTED && table.isOf(record, id);
        // Behind the id: is it a later entry's, this says so.
        return isAborted && table.resumesAcquire(application, entry) == 0 ? id : 0;
    }
}
