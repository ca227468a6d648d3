package io.tha.examples.booking;

/** What one of the services does for an order, in its own pool. */
@FunctionalInterface
public interface BookingService {
    /**
     * Does its part of an order; called in a transaction.
     *
     * @return false if it refuses: nobody has anything of the order then, and what this has written is undone
     */
    boolean take(Order order);
}
