package io.tha.follow;

import java.util.List;

/**
 * What an undecided transaction had published, and a takeover discarded.
 *
 * @param transactionId of it
 * @param changes in the order in which they were published
 * @param omitted how many changes more there were, which are not told
 */
public record DiscardedTransaction(long transactionId, List<DiscardedChange> changes, long omitted) {}
