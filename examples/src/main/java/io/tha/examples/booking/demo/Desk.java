package io.tha.examples.booking.demo;

import io.tha.active.ThaCoordinator;
import io.tha.examples.booking.Order;
import io.tha.examples.booking.ServiceKind;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * Begins a transaction for each order, and tells all services of it.
 *
 * <p>Threads: any.
 */
final class Desk {
    private static final int MOST_IN_FLIGHT = 8;
    private static final String[] PARTICIPANTS =
            Arrays.stream(ServiceKind.values()).map(ServiceKind::applicationName).toArray(String[]::new);

    private final ThaCoordinator coordinator;
    private final List<ServiceNodes> services;
    private final Orders orders;
    private boolean suspended;

    Desk(ThaCoordinator coordinator, List<ServiceNodes> services, Orders orders) {
        this.coordinator = coordinator;
        this.services = services;
        this.orders = orders;
    }

    /** Of which it tells. */
    List<ServiceNodes> services() {
        return services;
    }

    /** A group of customers comes, and orders, one behind the other, without waiting for what becomes of it. */
    synchronized void serveGroup() {
        while (!suspended && orders.count() < MOST_IN_FLIGHT) {
            long id = coordinator.begin(PARTICIPANTS);
            Order order = orders.next(id);
            services.forEach(service -> service.order(id, order));
        }
    }

    /** Begins no more: a service has no active. Returns the transactions in flight. */
    synchronized Set<Long> suspend() {
        suspended = true;
        return orders.ids();
    }

    synchronized void resume() {
        suspended = false;
    }

    /** Gives transactions up: those that are complete by now are committed all the same. */
    void giveUp(Set<Long> ids) {
        for (long id : ids) {
            try {
                coordinator.abort(id);
            } catch (IllegalArgumentException e) {
                // It is decided, and all services have acted on that.
            }
        }
    }
}
