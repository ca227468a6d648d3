package io.tha.active;

import io.tha.Outcome;

/** Is told what becomes of this application's parts of coordinated transactions; see {@link ThaApplication#onDecision}. */
@FunctionalInterface
public interface DecisionListener {
    /**
     * A transaction is decided, and the pool and its committed image are as the decision says.
     *
     * @param transactionId that was joined
     * @param outcome {@link Outcome#COMMITTED} or {@link Outcome#ABORTED}
     */
    void decided(long transactionId, Outcome outcome);
}
