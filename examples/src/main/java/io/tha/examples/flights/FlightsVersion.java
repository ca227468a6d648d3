package io.tha.examples.flights;

import io.tha.layout.Layout;
import io.tha.pool.ThaPool;
import io.tha.transform.Conversions;
import java.util.Map;

/**
 * A version of the state: its layouts, how they take over what another version has, and which of their fields hold what the service counts. What the
 * service does is the same in both; see {@link FlightsService}.
 *
 * <p>Threads: immutable; what writes is called by the service's thread, in a transaction.
 */
public sealed interface FlightsVersion permits FlightsV1, FlightsV2 {
    /**
     * The version of a number, 1 or 2.
     *
     * @throws IllegalArgumentException if it is another
     */
    static FlightsVersion of(int number) {
        return switch (number) {
            case 1 -> new FlightsV1();
            case 2 -> new FlightsV2();
            default -> throw new IllegalArgumentException("version " + number + " of the service, expected 1 or 2");
        };
    }

    /** All layouts in the order in which they are registered, with what is declared for each about other versions. */
    Map<Layout, Conversions> layouts();

    /** A new airport, with its code and nothing counted. */
    long addAirport(ThaPool pool, String name, String code);

    /** Counts a flight at the airport that it has left. */
    void depart(ThaPool pool, long airport, Flight flight);

    /** Counts a flight at the airport that it has reached. */
    void arrive(ThaPool pool, long airport);

    /** Routes that begin at an airport came, or went. */
    void addRoutes(ThaPool pool, long airport, int routes);

    /** A new route, of its first flight, which is not counted yet. */
    long addRoute(ThaPool pool, String name, long origin, long destination, Flight flight);

    /** Counts a flight on its route. */
    void fly(ThaPool pool, long route, Flight flight);

    /** The totals, with nothing counted. */
    long addTotals(ThaPool pool, String name);

    /** Counts a flight in the totals. */
    void count(ThaPool pool, long totals, Flight flight);

    /** Counts a route that was cancelled in the totals. */
    void countCancelled(ThaPool pool, long totals);

    /** How many flights were counted in the totals. */
    long position(ThaPool pool, long totals);
}
