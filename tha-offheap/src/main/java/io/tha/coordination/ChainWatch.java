package io.tha.coordination;

import io.tha.Outcome;
import io.tha.memory.Memory;

/**
 * Looks, for a standby, at what is next in its application's chain: what the table says of it, before the application's active has acted upon that;
 * docs/coordination.md 5.6. Makes no garbage.
 *
 * <p>Threads: one at a time; any number of these, in any processes.
 */
public final class ChainWatch {
    private final DecisionTable table;
    private final Sleepers followers;
    private final int application;
    /** Of the transaction that was found committed. */
    private final int[] participants = new int[DecisionWord.MAX_PARTICIPANTS];

    private final long[] numbers = new long[DecisionWord.MAX_PARTICIPANTS];
    private int count;
    private long id;

    /** Of one application. */
    public ChainWatch(Decisions decisions, int application) {
        table = decisions.table();
        followers = Sleepers.ofFollowers(table);
        this.application = application;
    }

    /** Whose chain it is, by its index in the domain. */
    public int application() {
        return application;
    }

    /**
     * What becomes of the entry that a state needs next.
     *
     * @param chainEnd how many entries of the chain the state has: those that were rolled back are passed over
     * @return UNDECIDED, also where there is no entry yet; COMMITTED, of {@link #id}; ABORTED, also of one of which nothing is known here any more:
     *     the application's log says, or will say, what became of it
     */
    public Outcome look(long chainEnd) {
        long entry = chainEnd;
        while (entry < table.tailVolatile(application)) {
            // The id first: whose entry it was, the other word says.
            id = table.idAcquire(application, entry);
            long resumes = table.resumesAcquire(application, entry);
            if (resumes == ResumesWord.OVERWRITTEN) {
                return Outcome.ABORTED;
            }
            if (resumes == 0) {
                return lookAtEntry();
            }
            entry = resumes;
        }
        return Outcome.UNDECIDED;
    }

    private Outcome lookAtEntry() {
        long record = table.record(id);
        long word = table.wordVolatile(record);
        if (DecisionWord.state(word) == DecisionWord.OPEN && table.isOf(record, id)) {
            return Outcome.UNDECIDED;
        }
        return DecisionWord.state(word) == DecisionWord.COMMITTED && hasParticipants(record, word) ? Outcome.COMMITTED : Outcome.ABORTED;
    }

    /** Reads the participants; false if the record was another one's meanwhile. */
    private boolean hasParticipants(long record, long word) {
        count = 0;
        for (int done = DecisionWord.done(word); done != 0; done &= done - 1) {
            int participant = Integer.numberOfTrailingZeros(done);
            participants[count] = table.application(record, participant);
            numbers[count] = table.entryAcquire(record, participant, id);
            count++;
        }
        Memory.loadFence();
        return table.isOf(record, id);
    }

    /** The transaction that the last {@link #look} has found committed. */
    public long id() {
        return id;
    }

    /** The entries of the transaction that the last {@link #look} has found committed. */
    public void entries(Decisions.Entries entries) {
        for (int i = 0; i < count; i++) {
            entries.entry(participants[i], numbers[i]);
        }
    }

    /** Before a last look, behind which there is {@link #sleep}. */
    public void prepareToSleep() {
        followers.prepare(application);
    }

    /** Sleeps until something was decided since {@link #prepareToSleep}, or the time is over. */
    public void sleep(long nanos) {
        followers.sleep(application, nanos);
    }
}
