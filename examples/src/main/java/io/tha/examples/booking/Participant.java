package io.tha.examples.booking;

import io.tha.Outcome;
import io.tha.TransactionAbortedException;
import io.tha.active.ThaApplication;
import io.tha.active.Transaction;
import java.util.function.BiConsumer;

/**
 * A service as one of those that an order's transaction has: it takes part in it, and answers what became of it.
 *
 * <p>Threads: one gives orders; the answers come from it, and from one of the engine.
 */
public final class Participant {
    private final ThaApplication application;
    private final BookingService service;
    private final BiConsumer<Long, Answer> answers;

    /**
     * Answers for what it takes part in from now on.
     *
     * @param answers is given the transaction's id and what became of it; more than once at times
     */
    public Participant(ThaApplication application, BookingService service, BiConsumer<Long, Answer> answers) {
        this.application = application;
        this.service = service;
        this.answers = answers;
        application.onDecision((id, outcome) -> answers.accept(id, outcome == Outcome.COMMITTED ? Answer.COMMITTED : Answer.ABORTED));
    }

    /** Does the service's part of an order. The next order can be given at once; it is built on this one, and undone with it. */
    public void take(long id, Order order) {
        Answer answer = doPart(id, order);
        if (answer != Answer.UNDECIDED) {
            answers.accept(id, answer);
        }
    }

    private Answer doPart(long id, Order order) {
        try (Transaction part = join(id)) {
            if (part == null) {
                return Answer.ABORTED;
            }
            if (!service.take(order)) {
                // Closed without being done: the transaction is aborted, for all.
                return Answer.REFUSED;
            }
            return part.done() == Outcome.ABORTED ? Answer.ABORTED : Answer.UNDECIDED;
        }
    }

    /** Null if another service has refused the order before this one came to it. */
    private Transaction join(long id) {
        try {
            return application.join(id);
        } catch (TransactionAbortedException | IllegalArgumentException e) {
            // The latter when all that had joined have acted on it: it is forgotten.
            return null;
        }
    }
}
