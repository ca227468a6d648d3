package io.tha.coordination;

import io.tha.memory.Memory;
import org.agrona.collections.LongArrayList;
import org.agrona.collections.LongHashSet;

/**
 * Aborts what depends on an aborted transaction; docs/coordination.md 2.5.
 *
 * <p>Threads: any.
 */
final class AbortSpread {
    private final DecisionTable table;

    AbortSpread(DecisionTable table) {
        this.table = table;
    }

    /** Aborts a transaction, complete or not, since something that it depends on is aborted; and all that depends on it. */
    void abort(long id) {
        if (mark(id)) {
            from(id);
        }
    }

    /** Whether it is known, and aborted now. */
    private boolean mark(long id) {
        long record = table.record(id);
        while (true) {
            long word = table.wordVolatile(record);
            if (!table.isOf(record, id) || DecisionWord.state(word) == DecisionWord.COMMITTED) {
                return false;
            }
            if (DecisionWord.state(word) == DecisionWord.ABORTED
                    || table.casWord(record, word, DecisionWord.withState(word, DecisionWord.ABORTED))) {
                return true;
            }
        }
    }

    /** Aborts all that depends on an aborted transaction, also by others that are aborted already: who aborted them may have died before this. */
    void from(long id) {
        LongHashSet seen = new LongHashSet();
        LongArrayList open = new LongArrayList();
        seen.add(id);
        open.addLong(id);
        while (!open.isEmpty()) {
            long next = open.removeAt(open.size() - 1);
            long record = table.record(next);
            for (int k = 0; k < table.participants(record); k++) {
                int application = table.application(record, k);
                long entry = table.entryAcquire(record, k, next);
                Memory.loadFence();
                if (!table.isOf(record, next)) {
                    break; // Whoever is stopped here for long must not take another one's participants for these.
                }
                if (entry != DecisionTable.NO_ENTRY) {
                    behind(application, entry, next, seen, open);
                }
            }
        }
    }

    private void behind(int application, long entry, long id, LongHashSet seen, LongArrayList open) {
        long at = entry + 1;
        long end;
        do {
            // The tail before the roll-back: what is in a chain behind a roll-back depends on nothing before it.
            end = table.tailVolatile(application);
            long resumes = table.resumesAcquire(application, entry);
            end = resumes > 0 ? Math.min(end, resumes) : end;
            if (Chains.unsettledId(table, application, entry) != id) {
                return; // It was rolled back; or it is not there yet, and who enters something behind it will see that it is aborted.
            }
            for (; at < end; at++) {
                long later = Chains.unsettledId(table, application, at);
                if (later != 0 && mark(later) && seen.add(later)) {
                    open.addLong(later);
                }
            }
            // What was appended meanwhile, before its application could see that the entry in front of it is aborted.
        } while (at < table.tailVolatile(application) && table.resumesAcquire(application, entry) == 0);
    }
}
