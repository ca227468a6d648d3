package io.tha.examples.flights;

import io.tha.Intent;
import io.tha.active.ThaApplication;
import io.tha.active.Transaction;
import io.tha.layout.IntField;
import io.tha.layout.Layout;
import io.tha.layout.LongField;
import io.tha.layout.PointerField;
import io.tha.layout.Utf8Field;
import io.tha.pool.ThaPool;
import java.nio.charset.StandardCharsets;

/**
 * The service: airports, routes between them, and running totals, all in a pool; one transaction per flight. What it knows after a takeover, it
 * finds in the pool, the position in its input included.
 *
 * <p>Threads: one.
 */
public final class FlightsService {
    /** Name of the application in a domain. */
    public static final String NAME = "flights";

    static final int MAX_CODE_LENGTH = 8;
    static final int MAX_DATE_LENGTH = 20;

    static final Layout AIRPORT = Layout.named("Airport")
            .utf8("code", MAX_CODE_LENGTH)
            .int64("departures")
            .int64("arrivals")
            .int64("delayMinutes")
            .int32("routes")
            .int32Array("delays", Flight.BUCKET_COUNT)
            .build();

    static final Layout ROUTE = Layout.named("Route")
            .pointer("origin", "Airport")
            .pointer("destination", "Airport")
            .int64("flights")
            .int64("delayMinutes")
            .int32("distanceMiles")
            .build();

    static final Layout TOTALS = Layout.named("Totals")
            .int64("position")
            .int64("flights")
            .int64("delayMinutes")
            .int64("distanceMiles")
            .int64("cancelled")
            .utf8("lastDate", MAX_DATE_LENGTH)
            .build();

    private static final String TOTALS_NAME = "totals";

    static final Utf8Field CODE = AIRPORT.utf8Field("code");
    static final LongField DEPARTURES = AIRPORT.int64Field("departures");
    static final LongField ARRIVALS = AIRPORT.int64Field("arrivals");
    static final LongField AIRPORT_DELAY = AIRPORT.int64Field("delayMinutes");
    static final IntField ROUTES = AIRPORT.int32Field("routes");
    static final IntField DELAYS = AIRPORT.int32Field("delays");
    static final PointerField ORIGIN = ROUTE.pointerField("origin");
    static final PointerField DESTINATION = ROUTE.pointerField("destination");
    static final LongField ROUTE_FLIGHTS = ROUTE.int64Field("flights");
    static final LongField ROUTE_DELAY = ROUTE.int64Field("delayMinutes");
    static final IntField ROUTE_DISTANCE = ROUTE.int32Field("distanceMiles");
    static final LongField POSITION = TOTALS.int64Field("position");
    static final LongField FLIGHTS = TOTALS.int64Field("flights");
    static final LongField DELAY = TOTALS.int64Field("delayMinutes");
    static final LongField DISTANCE = TOTALS.int64Field("distanceMiles");
    static final LongField CANCELLED = TOTALS.int64Field("cancelled");
    static final Utf8Field LAST_DATE = TOTALS.utf8Field("lastDate");

    private final ThaApplication application;
    private final ThaPool pool;
    private final long totals;

    /** Serves on an application's state, which may be empty. */
    public FlightsService(ThaApplication application) {
        this.application = application;
        pool = application.pool();
        application.register(layouts());
        long found = pool.find(TOTALS_NAME);
        totals = found != 0 ? found : pool.allocate(TOTALS, TOTALS_NAME);
    }

    /** The layouts of this version. */
    public static Layout[] layouts() {
        return new Layout[] {AIRPORT, ROUTE, TOTALS};
    }

    /** How many flights are in the state: the position of the next one in the input. */
    public long position() {
        return POSITION.get(pool, totals);
    }

    /** The same, in a pool that may have no state yet. */
    public static long position(ThaPool pool) {
        long found = pool.find(TOTALS_NAME);
        return found == 0 ? 0 : POSITION.get(pool, found);
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
            DEPARTURES.add(pool, origin, 1);
            AIRPORT_DELAY.add(pool, origin, flight.delayMinutes());
            DELAYS.add(pool, origin, flight.bucket(), 1);
            ARRIVALS.add(pool, destination, 1);
            fly(flight, origin, destination);
            POSITION.add(pool, totals, 1);
            FLIGHTS.add(pool, totals, 1);
            DELAY.add(pool, totals, flight.delayMinutes());
            DISTANCE.add(pool, totals, flight.distanceMiles());
            LAST_DATE.set(pool, totals, flight.date());
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
            route = pool.allocate(ROUTE, name);
            ORIGIN.set(pool, route, origin);
            DESTINATION.set(pool, route, destination);
            ROUTE_DISTANCE.set(pool, route, flight.distanceMiles());
            ROUTES.add(pool, origin, 1);
        }
        ROUTE_FLIGHTS.add(pool, route, 1);
        ROUTE_DELAY.add(pool, route, flight.delayMinutes());
        if (flight.isCancelled()) {
            pool.delete(route);
            ROUTES.add(pool, origin, -1);
            CANCELLED.add(pool, totals, 1);
        }
    }

    private long airport(String code) {
        String name = "airport/" + code;
        long airport = pool.find(name);
        if (airport == 0) {
            airport = pool.allocate(AIRPORT, name);
            CODE.set(pool, airport, code);
        }
        return airport;
    }
}
