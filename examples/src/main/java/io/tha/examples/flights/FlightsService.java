package io.tha.examples.flights;

import io.tha.Intent;
import io.tha.active.ThaApplication;
import io.tha.active.Transaction;
import io.tha.pool.ThaPool;
import java.nio.charset.StandardCharsets;

/**
 * The service: airports, routes between them, and running totals, all in a pool; one transaction per flight. What it knows after a takeover, it
 * finds in the pool, the position in its input included. Which fields hold it is a question of its version.
 *
 * <p>Threads: one.
 */
public final class FlightsService {
    /** Name of the application in a domain. */
    public static final String NAME = "flights";

    static final int MAX_CODE_LENGTH = 8;
    static final int MAX_DATE_LENGTH = 20;

    private static final String TOTALS_NAME = "totals";

    private final ThaApplication application;
    private final FlightsVersion version;
    private final ThaPool pool;
    private final long totals;

    /** Serves on an application's state, which may be empty; with the layouts of a version. */
    public FlightsService(ThaApplication application, FlightsVersion version) {
        this.application = application;
        this.version = version;
        pool = application.pool();
        version.layouts().forEach(application::register);
        long found = pool.find(TOTALS_NAME);
        totals = found != 0 ? found : version.addTotals(pool, TOTALS_NAME);
    }

    /** How many flights are in the state: the position of the next one in the input. */
    public long position() {
        return version.position(pool, totals);
    }

    /** Takes a flight into the state, in one transaction that it announces first. */
    public void accept(Flight flight) {
        try (Transaction transaction = application.begin()) {
            transaction.intent(flight.text().getBytes(StandardCharsets.UTF_8));
            take(flight);
            transaction.commit();
        }
    }

    /** Takes the flight into the state that the process before had announced and did not commit; returns it. */
    public Flight acceptAgain(Intent intent) {
        Flight flight = Flight.of(intent.text());
        try (Transaction transaction = application.begin()) {
            take(flight);
            transaction.acknowledge(intent);
            transaction.commit();
        }
        return flight;
    }

    private void take(Flight flight) {
        long origin = airport(flight.origin());
        long destination = airport(flight.destination());
        version.depart(pool, origin, flight);
        version.arrive(pool, destination);
        fly(flight, origin, destination);
        version.count(pool, totals, flight);
    }

    /** A transaction that changes nothing: shows that this process can commit. */
    public void commitNothing() {
        try (Transaction transaction = application.begin()) {
            transaction.commit();
        }
    }

    private void fly(Flight flight, long origin, long destination) {
        String name = "route/" + flight.origin() + "-" + flight.destination();
        long route = pool.find(name);
        if (route == 0) {
            route = version.addRoute(pool, name, origin, destination, flight);
            version.addRoutes(pool, origin, 1);
        }
        version.fly(pool, route, flight);
        if (flight.isCancelled()) {
            pool.delete(route);
            version.addRoutes(pool, origin, -1);
            version.countCancelled(pool, totals);
        }
    }

    private long airport(String code) {
        String name = "airport/" + code;
        long airport = pool.find(name);
        return airport != 0 ? airport : version.addAirport(pool, name, code);
    }
}
