package io.tha.takeover;

import io.tha.Intent;
import io.tha.active.ThaApplication;
import io.tha.follow.DiscardedTransaction;
import java.util.List;

/**
 * The outcome of a takeover: this process is the active.
 *
 * @param application to go on with, at exactly the committed state
 * @param intents of the transactions that were neither committed nor aborted, in the order in which they were published, with those of earlier epochs
 *     that were not acknowledged; acknowledge each by {@link io.tha.active.Transaction#acknowledge}
 * @param discarded what undecided transactions had flushed, with names of objects and fields: it counts for nothing, and is gone but for this list,
 *     which has up to 10,000 changes. What they had not flushed went with their process
 * @param epoch that it serves
 * @param claimedNanos {@link System#nanoTime} when the old active was seen to be gone
 * @param sealedNanos when its log was sealed: nothing of it can show any more
 * @param servingNanos when this process began to serve
 */
public record Takeover(
        ThaApplication application,
        List<Intent> intents,
        List<DiscardedTransaction> discarded,
        long epoch,
        long claimedNanos,
        long sealedNanos,
        long servingNanos) {}
