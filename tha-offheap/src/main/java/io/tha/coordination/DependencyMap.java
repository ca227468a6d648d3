package io.tha.coordination;

import io.tha.memory.Memory;
import java.util.Arrays;

/**
 * Commits what can be committed: a pure function of a decision table, which any number of these may evaluate, late or early; docs/coordination.md 3.
 * Makes no garbage but for aborts.
 *
 * <p>Threads: one at a time.
 */
public final class DependencyMap {
    private final DecisionTable table;
    private final AbortSpread spread;
    private final Attempt[] attempts;

    /** Of all applications of a table. */
    public DependencyMap(Decisions decisions) {
        table = decisions.table();
        spread = new AbortSpread(table);
        attempts = new Attempt[table.applications()];
        Arrays.setAll(attempts, Attempt::new);
    }

    /** Decides what can be decided; returns how many transactions were committed by this call. */
    public int evaluate() {
        int committed = 0;
        int before;
        do {
            before = committed;
            for (int application = 0; application < table.usedVolatile(); application++) {
                committed += attempts[application].advance();
            }
        } while (committed > before);
        return committed;
    }

    /**
     * The transaction, not complete when it was looked at, for which the first undecided one of an application waits; 0 if none was found. After
     * {@link #evaluate}.
     */
    public long blocker(int application) {
        return attempts[application].waitsFor;
    }

    /** Looks for the least closed cut that has the head of one chain in it. */
    private final class Attempt {
        private final int application;
        /** For each chain, where the cut must end, and up to where everything was found complete; 0 if it is not in the cut. */
        private final long[] needed = new long[table.applications()];

        private final long[] scanned = new long[table.applications()];
        private long head = -1;
        /** That was incomplete when it was looked at; 0 for none. */
        private long waitsFor;
        /** That was aborted when it was looked at; 0 for none. */
        private long doomedBy;

        Attempt(int application) {
            this.application = application;
        }

        int advance() {
            long first = Chains.settledHead(table, application);
            if (first == table.tailVolatile(application)) {
                return 0;
            }
            if (first != head) {
                restart(first);
            }
            return isWaiting() || !walk() ? 0 : commit();
        }

        private void restart(long first) {
            head = first;
            waitsFor = 0;
            doomedBy = 0;
            Arrays.fill(needed, 0);
            Arrays.fill(scanned, 0);
            needed[application] = first + 1;
        }

        private boolean isWaiting() {
            if (waitsFor == 0) {
                return false;
            }
            long record = table.record(waitsFor);
            long word = table.wordVolatile(record);
            return DecisionWord.state(word) == DecisionWord.OPEN && table.isOf(record, waitsFor) && !table.isComplete(record, word);
        }

        /** Whether everything that the cut needs is in it, and complete. */
        private boolean walk() {
            boolean more = true;
            while (more) {
                more = false;
                for (int chain = 0; chain < table.usedVolatile(); chain++) {
                    while (scanned[chain] < needed[chain]) {
                        if (!look(chain)) {
                            return false;
                        }
                        more = true;
                    }
                }
            }
            return true;
        }

        /** Looks at the next entry of a chain; false if the attempt has to wait. */
        private boolean look(int chain) {
            long entry = Math.max(scanned[chain], table.headVolatile(chain));
            scanned[chain] = entry;
            if (entry >= needed[chain]) {
                return true;
            }
            long id = table.idAcquire(chain, entry);
            long record = table.record(id);
            long word = table.wordVolatile(record);
            boolean isKnown = table.isOf(record, id);
            long resumes = table.resumesAcquire(chain, entry);
            Memory.loadFence();
            if (table.headVolatile(chain) > entry) {
                return true; // What was read may be another entry's by now.
            }
            int state = isKnown ? DecisionWord.state(word) : DecisionWord.COMMITTED;
            if (resumes > 0 || state == DecisionWord.COMMITTED) {
                scanned[chain] = Math.max(entry + 1, resumes);
                return true;
            }
            if (state == DecisionWord.ABORTED) {
                if (doomedBy != id) {
                    spread.from(id);
                    doomedBy = id;
                }
                return false;
            }
            if (!table.isComplete(record, word)) {
                waitsFor = id;
                return false;
            }
            if (need(id, record, word)) {
                scanned[chain] = entry + 1;
            }
            return true;
        }

        /** False if the record was given up meanwhile: it is committed then, and is looked at once more. */
        private boolean need(long id, long record, long word) {
            for (int done = DecisionWord.done(word); done != 0; done &= done - 1) {
                int participant = Integer.numberOfTrailingZeros(done);
                int chain = table.application(record, participant);
                long entry = table.entryAcquire(record, participant, id);
                Memory.loadFence();
                if (!table.isOf(record, id)) {
                    return false;
                }
                needed[chain] = Math.max(needed[chain], entry + 1);
            }
            return true;
        }

        /** What is open of the cut: what depends on one that was aborted and passed over is aborted since before that was rolled back. */
        private int commit() {
            head = -1;
            int committed = 0;
            for (int chain = 0; chain < table.usedVolatile(); chain++) {
                for (long entry = table.headVolatile(chain); entry < needed[chain]; entry++) {
                    committed += commit(Chains.unsettledId(table, chain, entry)) ? 1 : 0;
                }
            }
            return committed;
        }

        private boolean commit(long id) {
            long record = table.record(id);
            long word = table.wordVolatile(record);
            return DecisionWord.state(word) == DecisionWord.OPEN && table.isOf(record, id)
                    && table.casWord(record, word, DecisionWord.withState(word, DecisionWord.COMMITTED));
        }
    }
}
