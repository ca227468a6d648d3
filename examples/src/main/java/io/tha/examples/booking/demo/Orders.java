package io.tha.examples.booking.demo;

import io.tha.examples.booking.Answer;
import io.tha.examples.booking.Order;
import io.tha.examples.booking.ServiceKind;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * The orders in flight, by the ids of their transactions: each until all services have answered, but those that were killed.
 *
 * <p>Threads: any.
 */
final class Orders {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final Customers customers;
    private final Map<Long, InFlight> inFlight = new LinkedHashMap<>();
    private final Map<Long, Boolean> settled = new HashMap<>();
    private final Set<Long> contradicted = new HashSet<>();
    private long refused;
    private long aborted;

    /** An order that is not settled. */
    private static final class InFlight {
        final Order order;
        final Set<ServiceKind> unanswered = EnumSet.allOf(ServiceKind.class);
        /** Null before the first answer. */
        Boolean committed;

        boolean refused;

        InFlight(Order order) {
            this.order = order;
        }
    }

    /**
     * What became of some orders.
     *
     * @param committed how many
     * @param aborted how many
     */
    record Tally(long committed, long aborted) {}

    Orders(Customers customers) {
        this.customers = customers;
    }

    /** A customer's next order, which is in flight from now on. */
    synchronized Order next(long id) {
        Order order = customers.next();
        inFlight.put(id, new InFlight(order));
        return order;
    }

    /** What a service says. */
    synchronized void answer(ServiceKind kind, long id, Answer answer) {
        boolean isCommitted = answer == Answer.COMMITTED;
        InFlight order = inFlight.get(id);
        Boolean known = order == null ? settled.get(id) : order.committed;
        if (known != null && known != isCommitted) {
            contradicted.add(id);
        }
        if (order != null) {
            order.committed = isCommitted;
            order.refused |= answer == Answer.REFUSED;
            order.unanswered.remove(kind);
            settle(id, order);
        }
    }

    /** A service's active is dead, and all that it has said is heard. */
    synchronized void expectNothingOf(ServiceKind kind) {
        for (Map.Entry<Long, InFlight> entry : Map.copyOf(inFlight).entrySet()) {
            entry.getValue().unanswered.remove(kind);
            settle(entry.getKey(), entry.getValue());
        }
    }

    private void settle(long id, InFlight order) {
        if (order.unanswered.isEmpty() && order.committed != null) {
            inFlight.remove(id);
            settled.put(id, order.committed);
            customers.told(order.order, order.committed);
            refused += order.refused ? 1 : 0;
            aborted += order.committed || order.refused ? 0 : 1;
            notifyAll();
        }
    }

    synchronized int count() {
        return inFlight.size();
    }

    /** The transactions of those that are in flight. */
    synchronized Set<Long> ids() {
        return Set.copyOf(inFlight.keySet());
    }

    /** How many bookings are committed by now. */
    synchronized long bookings() {
        return customers.bookings();
    }

    /**
     * Waits until orders are settled.
     *
     * @throws IllegalStateException if one is not in time
     */
    synchronized Tally awaitSettled(Set<Long> ids) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (ids.stream().anyMatch(inFlight::containsKey)) {
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (left <= 0) {
                throw new IllegalStateException(inFlight.size() + " orders are undecided, expected all to be decided in "
                        + TimeUnit.NANOSECONDS.toSeconds(PATIENCE_NANOS) + " s; transactions " + inFlight.keySet());
            }
            wait(left);
        }
        long committed = ids.stream().filter(settled::get).count();
        return new Tally(committed, ids.size() - committed);
    }

    /** Orders of which services have said different things. */
    synchronized long contradicted() {
        return contradicted.size();
    }

    /** When nothing is in flight: what became of all orders. */
    synchronized String summary() {
        long bookings = customers.bookings();
        return "orders: " + bookings + " bookings and " + (settled.size() - refused - aborted - bookings) + " cancellations committed, " + refused
                + " refused, " + aborted + " aborted with others that they were built on, or by a kill";
    }

    /** What the services must have when nothing is in flight. */
    synchronized Books expected() {
        return customers.expected();
    }
}
