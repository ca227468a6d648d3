package io.tha.follow;

import io.tha.Intent;
import io.tha.region.Backoff;
import io.tha.region.LogFile;
import java.util.List;

/**
 * Follows the log of one epoch, from the join to the seal.
 *
 * <p>Threads: one; {@link #position} by any.
 */
public interface EpochFollower extends AutoCloseable {
    /**
     * Applies what is there.
     *
     * @param most how many transactions
     * @return as {@link io.tha.region.LogReader#poll}
     */
    int poll(int most);

    /** {@link #poll(int)} of as many as there are. */
    default int poll() {
        return poll(Integer.MAX_VALUE);
    }

    /** Whether a look at the log found nothing to apply, and no end; cheap. */
    boolean isIdle();

    /** How it waits for more, while that may come soon. */
    Backoff backoff();

    /** Naps, or sleeps until there may be more, or some milliseconds are over. */
    void rest();

    /** Waits for more: spins, and then {@link #rest}s. */
    default void idle() {
        if (!backoff().spin()) {
            rest();
        }
    }

    /** Whether this one, of all that follow the log, should take over. */
    boolean isFirst();

    /** Whether everybody who follows the log, which was sealed, has read it to its end. */
    boolean isReadByAll();

    /** Whether what it keeps is at a transaction boundary of the committed state. */
    boolean isConsistent();

    /** The intents that are undecided at {@link #position}, in order. */
    List<Intent> intents();

    /**
     * What transactions had published that are undecided at {@link #position}, in the order of their ids; the state must be at rest.
     *
     * @param mostChanges that are told; of the others only the number
     */
    List<DiscardedTransaction> undecidedChanges(int mostChanges);

    /** Whether there are {@link #undecidedParts}; cheap. */
    boolean hasUndecidedParts();

    /** Parts of coordinated transactions that are published whole, and undecided at {@link #position}. */
    long[] undecidedParts();

    /**
     * The log was sealed, and is read to its end: a part that it has whole is committed, by the decision table.
     *
     * @param id one of {@link #undecidedParts}; after those that the application was done with before
     */
    void commitPart(long id);

    /** Whether parts were committed by the decision table that are not committed by the log at {@link #position}. */
    boolean isAhead();

    /** The state needs the chain of an application so far, by what was committed with {@link #commitPart}. */
    void needs(int application, long chainEnd);

    /** The log was sealed, and is read to its end: what is not decided by then will never be committed. */
    void abortUndecided();

    /** The log that is followed. */
    LogFile log();

    /** Everything below was applied. */
    long position();

    /** How many transactions were applied. */
    long transactions();

    /** How many bytes of updates came that the active had not compared with what it had sent before. */
    long uncomparedBytes();

    /** How many of the {@link #uncomparedBytes} differed from the copy, and were written. */
    long changedBytes();

    @Override
    void close();
}
