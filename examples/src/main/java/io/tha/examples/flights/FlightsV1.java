package io.tha.examples.flights;

import io.tha.layout.IntField;
import io.tha.layout.Layout;
import io.tha.layout.LongField;
import io.tha.layout.PointerField;
import io.tha.layout.Utf8Field;
import io.tha.pool.ThaPool;
import io.tha.transform.Conversions;
import io.tha.transform.Narrowing;
import java.util.LinkedHashMap;
import java.util.Map;

/** The version that began: it knows nothing of a later one, but that lists of the longest delays may become longer. */
public final class FlightsV1 implements FlightsVersion {
    private static final int LONGEST_COUNT = 3;

    static final Layout AIRPORT = Layout.named("Airport")
            .utf8("code", FlightsService.MAX_CODE_LENGTH)
            .int64("departures")
            .int64("arrivals")
            .int64("delayMinutes")
            .int32("routes")
            .int32Array("delays", Flight.BUCKET_COUNT)
            .int32Array("longestDelays", LONGEST_COUNT)
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
            .utf8("lastDate", FlightsService.MAX_DATE_LENGTH)
            .build();

    private static final Utf8Field CODE = AIRPORT.utf8Field("code");
    private static final LongField DEPARTURES = AIRPORT.int64Field("departures");
    private static final LongField ARRIVALS = AIRPORT.int64Field("arrivals");
    private static final LongField AIRPORT_DELAY = AIRPORT.int64Field("delayMinutes");
    private static final IntField ROUTES = AIRPORT.int32Field("routes");
    private static final IntField DELAYS = AIRPORT.int32Field("delays");
    private static final IntField LONGEST_DELAYS = AIRPORT.int32Field("longestDelays");
    private static final PointerField ORIGIN = ROUTE.pointerField("origin");
    private static final PointerField DESTINATION = ROUTE.pointerField("destination");
    private static final LongField ROUTE_FLIGHTS = ROUTE.int64Field("flights");
    private static final LongField ROUTE_DELAY = ROUTE.int64Field("delayMinutes");
    private static final IntField ROUTE_DISTANCE = ROUTE.int32Field("distanceMiles");
    private static final LongField POSITION = TOTALS.int64Field("position");
    private static final LongField FLIGHTS = TOTALS.int64Field("flights");
    private static final LongField DELAY = TOTALS.int64Field("delayMinutes");
    private static final LongField DISTANCE = TOTALS.int64Field("distanceMiles");
    private static final LongField CANCELLED = TOTALS.int64Field("cancelled");
    private static final Utf8Field LAST_DATE = TOTALS.utf8Field("lastDate");

    FlightsV1() {}

    @Override
    public Map<Layout, Conversions> layouts() {
        Map<Layout, Conversions> layouts = new LinkedHashMap<>();
        // The list's beginning is right however long it is elsewhere. The older version has to cut, so this is declared before there is a newer one.
        layouts.put(AIRPORT, Conversions.NONE.narrowing("longestDelays", Narrowing.CLAMP));
        layouts.put(ROUTE, Conversions.NONE);
        layouts.put(TOTALS, Conversions.NONE);
        return layouts;
    }

    @Override
    public long addAirport(ThaPool pool, String name, String code) {
        long airport = pool.allocate(AIRPORT, name);
        CODE.set(pool, airport, code);
        return airport;
    }

    @Override
    public void depart(ThaPool pool, long airport, Flight flight) {
        DEPARTURES.add(pool, airport, 1);
        AIRPORT_DELAY.add(pool, airport, flight.delayMinutes());
        DELAYS.add(pool, airport, flight.bucket(), 1);
        int delay = flight.delayMinutes();
        for (int i = 0; i < LONGEST_COUNT; i++) {
            int there = LONGEST_DELAYS.get(pool, airport, i);
            if (delay > there) {
                LONGEST_DELAYS.set(pool, airport, i, delay);
                delay = there;
            }
        }
    }

    @Override
    public void arrive(ThaPool pool, long airport) {
        ARRIVALS.add(pool, airport, 1);
    }

    @Override
    public void addRoutes(ThaPool pool, long airport, int routes) {
        ROUTES.add(pool, airport, routes);
    }

    @Override
    public long addRoute(ThaPool pool, String name, long origin, long destination, Flight flight) {
        long route = pool.allocate(ROUTE, name);
        ORIGIN.set(pool, route, origin);
        DESTINATION.set(pool, route, destination);
        ROUTE_DISTANCE.set(pool, route, flight.distanceMiles());
        return route;
    }

    @Override
    public void fly(ThaPool pool, long route, Flight flight) {
        ROUTE_FLIGHTS.add(pool, route, 1);
        ROUTE_DELAY.add(pool, route, flight.delayMinutes());
    }

    @Override
    public long addTotals(ThaPool pool, String name) {
        return pool.allocate(TOTALS, name);
    }

    @Override
    public void count(ThaPool pool, long totals, Flight flight) {
        POSITION.add(pool, totals, 1);
        FLIGHTS.add(pool, totals, 1);
        DELAY.add(pool, totals, flight.delayMinutes());
        DISTANCE.add(pool, totals, flight.distanceMiles());
        LAST_DATE.set(pool, totals, flight.date());
    }

    @Override
    public void countCancelled(ThaPool pool, long totals) {
        CANCELLED.add(pool, totals, 1);
    }

    @Override
    public long position(ThaPool pool, long totals) {
        return POSITION.get(pool, totals);
    }
}
