package io.tha.examples.booking.demo;

import io.tha.examples.booking.Order;
import io.tha.examples.booking.PaymentsService;
import io.tha.examples.booking.Report;
import io.tha.examples.booking.SeatsService;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.ToIntFunction;

/**
 * What is ordered, and what the customers were told became of it: so what the services must have.
 *
 * <p>Threads: one at a time.
 */
final class Customers {
    private static final int LEAST_PRICE = 50;
    private static final int PRICES = 200;
    /** The more seats are taken, the more is cancelled: so the house is never full, and most orders are not refused. */
    private static final int CANCELLING = 8;

    private final Random random;
    private final List<Order> held = new ArrayList<>();
    private final List<Order> committed = new ArrayList<>();
    private long lastBooking;

    Customers(long seed) {
        random = new Random(seed);
    }

    /** The next order: of a seat that may be taken, from an account that may have too little, or a cancellation. */
    Order next() {
        if (random.nextInt(SeatsService.SEATS) < held.size() * CANCELLING) {
            return held.remove(random.nextInt(held.size())).reverse();
        }
        lastBooking++;
        return new Order(
                lastBooking,
                random.nextInt(SeatsService.SEATS),
                random.nextInt(PaymentsService.CUSTOMERS),
                LEAST_PRICE + random.nextInt(PRICES),
                false);
    }

    /** What became of an order. */
    void told(Order order, boolean isCommitted) {
        if (isCommitted) {
            committed.add(order);
        }
        if (isCommitted != order.isCancellation()) {
            held.add(order.isCancellation() ? order.reverse() : order);
        }
    }

    /** How many bookings are committed, cancelled or not. */
    long bookings() {
        return committed.stream().filter(order -> !order.isCancellation()).count();
    }

    /** What the services must have when no order is in flight. */
    Books expected() {
        return new Books(expected(held, Order::seat), expected(held, Order::customer), expected(committed, Order::seat));
    }

    private static Report expected(List<Order> orders, ToIntFunction<Order> of) {
        return new Report(
                orders.stream().mapToLong(Order::amount).sum(),
                orders.stream().map(order -> new Report.Line(order.booking(), of.applyAsInt(order), order.amount())).toList());
    }
}
