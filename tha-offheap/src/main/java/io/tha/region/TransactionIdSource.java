package io.tha.region;

/** Where transaction ids come from. */
public interface TransactionIdSource {
    /**
     * Takes ids that nobody else gets, ever; those that are not used are lost.
     *
     * @param count at least 1
     * @return the first of them
     */
    long takeTransactionIds(int count);

    /** Whether so many ids were given out since this one that {@link OutcomeTable} may soon give up its place. */
    boolean isOldTransactionId(long id);
}
