package io.tha.active;

import io.tha.Outcome;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongFunction;

/**
 * Futures of decisions that somebody waits for.
 *
 * <p>Threads: any.
 */
final class DecisionFutures {
    private final Map<Long, CompletableFuture<Outcome>> futures = new ConcurrentHashMap<>();
    /** Why nothing will be decided here any more; null while that is not so. */
    private volatile RuntimeException end;

    /**
     * Of a transaction.
     *
     * @param outcomes tells what is known by now
     */
    CompletableFuture<Outcome> of(long id, LongFunction<Outcome> outcomes) {
        CompletableFuture<Outcome> future = futures.computeIfAbsent(id, unasked -> new CompletableFuture<>());
        // Behind the entry: a decision, or the end, is seen here, or finds it.
        Outcome outcome = outcomes.apply(id);
        if (outcome != Outcome.UNDECIDED) {
            decided(id, outcome);
        }
        if (end != null) {
            end(end);
        }
        return future.copy();
    }

    /** Whether somebody waits for one; who begins to wait behind this look finds what is known by then. */
    boolean areAwaited() {
        return !futures.isEmpty();
    }

    void decided(long id, Outcome outcome) {
        CompletableFuture<Outcome> future = futures.remove(id);
        if (future != null) {
            future.complete(outcome);
        }
    }

    /** Nothing will be decided here any more. */
    void end(RuntimeException reason) {
        end = reason;
        futures.values().forEach(future -> future.completeExceptionally(reason));
        futures.clear();
    }
}
