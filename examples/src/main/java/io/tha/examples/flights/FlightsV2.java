package io.tha.examples.flights;

import io.tha.layout.DoubleField;
import io.tha.layout.FloatField;
import io.tha.layout.IntField;
import io.tha.layout.Layout;
import io.tha.layout.LongField;
import io.tha.layout.PointerField;
import io.tha.layout.Utf8Field;
import io.tha.memory.ObjectMemory;
import io.tha.pool.ThaPool;
import io.tha.transform.Conversions;
import io.tha.transform.Rule;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The version after: counts of 64 bits, delays as floats, distances in kilometres, five longest delays instead of three, the least delay of each
 * route; no total of distances. Fields have moved, and one has another name. docs/upgrading.md tells why each change is safe, or not.
 */
public final class FlightsV2 implements FlightsVersion {
    /** Least delay of a route of which no flight was measured: longer than any. */
    static final float UNMEASURED_DELAY = 1_440;

    private static final int LONGEST_COUNT = 5;
    private static final double KILOMETRES_PER_MILE = 1.609344;

    static final Layout AIRPORT = Layout.named("Airport")
            .int64("departures")
            .int64("arrivals")
            .int64("routes")
            .float64("delayMinutes")
            .int64Array("delays", Flight.BUCKET_COUNT)
            .float32Array("longestDelays", LONGEST_COUNT)
            .utf8("iata", FlightsService.MAX_CODE_LENGTH).was("code")
            .build();

    /** It keeps the miles for as long as version 1 may run. */
    static final Layout ROUTE = Layout.named("Route")
            .int64("flights")
            .pointer("origin", "Airport")
            .pointer("destination", "Airport")
            .float64("delayMinutes")
            .float64("distanceKilometres")
            .float32("leastDelayMinutes")
            .int32("distanceMiles")
            .build();

    static final Layout TOTALS = Layout.named("Totals")
            .int64("position")
            .int64("flights")
            .int64("cancelled")
            .float64("delayMinutes")
            .utf8("lastDate", FlightsService.MAX_DATE_LENGTH)
            .build();

    private static final LongField DEPARTURES = AIRPORT.int64Field("departures");
    private static final LongField ARRIVALS = AIRPORT.int64Field("arrivals");
    private static final LongField ROUTES = AIRPORT.int64Field("routes");
    private static final DoubleField AIRPORT_DELAY = AIRPORT.float64Field("delayMinutes");
    private static final LongField DELAYS = AIRPORT.int64Field("delays");
    private static final FloatField LONGEST_DELAYS = AIRPORT.float32Field("longestDelays");
    private static final Utf8Field IATA = AIRPORT.utf8Field("iata");
    private static final LongField ROUTE_FLIGHTS = ROUTE.int64Field("flights");
    private static final PointerField ORIGIN = ROUTE.pointerField("origin");
    private static final PointerField DESTINATION = ROUTE.pointerField("destination");
    private static final DoubleField ROUTE_DELAY = ROUTE.float64Field("delayMinutes");
    private static final DoubleField KILOMETRES = ROUTE.float64Field("distanceKilometres");
    private static final FloatField LEAST_DELAY = ROUTE.float32Field("leastDelayMinutes");
    private static final IntField MILES = ROUTE.int32Field("distanceMiles");
    private static final LongField POSITION = TOTALS.int64Field("position");
    private static final LongField FLIGHTS = TOTALS.int64Field("flights");
    private static final LongField CANCELLED = TOTALS.int64Field("cancelled");
    private static final DoubleField DELAY = TOTALS.float64Field("delayMinutes");
    private static final Utf8Field LAST_DATE = TOTALS.utf8Field("lastDate");

    FlightsV2() {}

    @Override
    public Map<Layout, Conversions> layouts() {
        Map<Layout, Conversions> layouts = new LinkedHashMap<>();
        layouts.put(AIRPORT, Conversions.NONE);
        layouts.put(
                ROUTE,
                Conversions.NONE
                        .defaultTo("leastDelayMinutes", UNMEASURED_DELAY)
                        .rule(new Rule(List.of("distanceMiles"), List.of("distanceKilometres"), FlightsV2::toKilometres, FlightsV2::toMiles)));
        layouts.put(TOTALS, Conversions.NONE);
        return layouts;
    }

    private static void toKilometres(ObjectMemory memory, long route) {
        KILOMETRES.set(memory, route, MILES.get(memory, route) * KILOMETRES_PER_MILE);
    }

    private static void toMiles(ObjectMemory memory, long route) {
        MILES.set(memory, route, (int) Math.round(KILOMETRES.get(memory, route) / KILOMETRES_PER_MILE));
    }

    @Override
    public long addAirport(ThaPool pool, String name, String code) {
        long airport = pool.allocate(AIRPORT, name);
        IATA.set(pool, airport, code);
        return airport;
    }

    @Override
    public void depart(ThaPool pool, long airport, Flight flight) {
        DEPARTURES.add(pool, airport, 1);
        AIRPORT_DELAY.add(pool, airport, flight.delayMinutes());
        DELAYS.add(pool, airport, flight.bucket(), 1);
        float delay = flight.delayMinutes();
        for (int i = 0; i < LONGEST_COUNT; i++) {
            float there = LONGEST_DELAYS.get(pool, airport, i);
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
        KILOMETRES.set(pool, route, flight.distanceMiles() * KILOMETRES_PER_MILE);
        LEAST_DELAY.set(pool, route, UNMEASURED_DELAY);
        return route;
    }

    @Override
    public void fly(ThaPool pool, long route, Flight flight) {
        ROUTE_FLIGHTS.add(pool, route, 1);
        ROUTE_DELAY.add(pool, route, flight.delayMinutes());
        LEAST_DELAY.set(pool, route, Math.min(LEAST_DELAY.get(pool, route), flight.delayMinutes()));
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
