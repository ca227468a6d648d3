package io.tha.examples.flights.demo;

import io.tha.examples.flights.Flight;
import io.tha.examples.flights.FlightFile;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What the state must be, computed with plain Java collections: it shares no code with the service. It knows in which version the service has taken
 * in which flight, and what each version counts.
 */
final class Reference {
    private static final int NEWER = 2;
    private static final int[] LONGEST_COUNT = {0, 3, 5};
    private static final float UNMEASURED = 1440;

    private static final class Airport {
        long departures;
        long arrivals;
        long delayMinutes;
        int routes;
        final int[] delays = new int[Flight.BUCKET_COUNT];
        final List<Integer> longest = new ArrayList<>();
    }

    private static final class Route {
        final String origin;
        final String destination;
        final int miles;
        long flights;
        long delayMinutes;
        float leastDelay = UNMEASURED;

        Route(Flight first) {
            origin = first.origin();
            destination = first.destination();
            miles = first.distanceMiles();
        }
    }

    private final Map<String, Airport> airports = new HashMap<>();
    private final Map<String, Route> routes = new HashMap<>();
    private int version;
    private long flights;
    private long delayMinutes;
    private long distanceMiles;
    private long cancelled;
    private String lastDate = "";

    /**
     * After the first flights of a file.
     *
     * @param count of flights
     * @param changes of the service's version up to there, in order; the first at 0, the last one may be at the end
     */
    static Reference of(FlightFile file, long count, VersionChange... changes) {
        Reference reference = new Reference();
        for (int i = 0, next = 0; i <= count; i++) {
            for (; next < changes.length && changes[next].event() == i; next++) {
                reference.become(changes[next].version());
            }
            if (i < count) {
                reference.accept(file.get(i));
            }
        }
        return reference;
    }

    /** What only one version has begins anew. */
    private void become(int newVersion) {
        version = newVersion;
        airports.values().forEach(this::shorten);
        routes.values().forEach(route -> route.leastDelay = UNMEASURED);
        distanceMiles = 0;
    }

    private void shorten(Airport airport) {
        while (airport.longest.size() > LONGEST_COUNT[version]) {
            airport.longest.remove(airport.longest.size() - 1);
        }
    }

    private void accept(Flight flight) {
        Airport origin = airports.computeIfAbsent(flight.origin(), code -> new Airport());
        origin.departures++;
        origin.delayMinutes += flight.delayMinutes();
        origin.delays[flight.bucket()]++;
        if (flight.delayMinutes() > 0) {
            origin.longest.add(flight.delayMinutes());
            origin.longest.sort(Comparator.reverseOrder());
            shorten(origin);
        }
        airports.computeIfAbsent(flight.destination(), code -> new Airport()).arrivals++;
        String key = flight.origin() + "-" + flight.destination();
        Route route = routes.computeIfAbsent(key, added -> {
            origin.routes++;
            return new Route(flight);
        });
        route.flights++;
        route.delayMinutes += flight.delayMinutes();
        route.leastDelay = Math.min(route.leastDelay, flight.delayMinutes());
        if (flight.isCancelled()) {
            routes.remove(key);
            origin.routes--;
            cancelled++;
        }
        flights++;
        delayMinutes += flight.delayMinutes();
        distanceMiles += flight.distanceMiles();
        lastDate = flight.date();
    }

    /** From names of objects to their contents, as the pool's text in the last version. */
    SortedMap<String, String> text() {
        SortedMap<String, String> lines = new TreeMap<>();
        boolean newer = version == NEWER;
        airports.forEach((code, airport) -> lines.put("airport/" + code, newer ? newer(code, airport) : older(code, airport)));
        routes.forEach((key, route) -> lines.put("route/" + key, newer ? newer(route) : older(route)));
        lines.put(
                "totals",
                newer
                        ? "position=" + flights + " flights=" + flights + " cancelled=" + cancelled + " delayMinutes=" + (double) delayMinutes
                                + " lastDate=" + lastDate
                        : "position=" + flights + " flights=" + flights + " delayMinutes=" + delayMinutes + " distanceMiles=" + distanceMiles
                                + " cancelled=" + cancelled + " lastDate=" + lastDate);
        return lines;
    }

    private String older(String code, Airport airport) {
        return "code=" + code + " departures=" + airport.departures + " arrivals=" + airport.arrivals + " delayMinutes=" + airport.delayMinutes
                + " routes=" + airport.routes + " delays=" + list(airport.delays.length, i -> airport.delays[i]) + " longestDelays="
                + list(LONGEST_COUNT[version], i -> longest(airport, i));
    }

    private String newer(String code, Airport airport) {
        return "departures=" + airport.departures + " arrivals=" + airport.arrivals + " routes=" + airport.routes + " delayMinutes="
                + (double) airport.delayMinutes + " delays=" + list(airport.delays.length, i -> airport.delays[i]) + " longestDelays="
                + list(LONGEST_COUNT[version], i -> (float) longest(airport, i)) + " iata=" + code;
    }

    private static int longest(Airport airport, int index) {
        return index < airport.longest.size() ? airport.longest.get(index) : 0;
    }

    private static String list(int count, IntFunction<Object> values) {
        return IntStream.range(0, count).mapToObj(values).map(Object::toString).collect(Collectors.joining(","));
    }

    private static String older(Route route) {
        return "origin=airport/" + route.origin + " destination=airport/" + route.destination + " flights=" + route.flights + " delayMinutes="
                + route.delayMinutes + " distanceMiles=" + route.miles;
    }

    private static String newer(Route route) {
        return "flights=" + route.flights + " origin=airport/" + route.origin + " destination=airport/" + route.destination + " delayMinutes="
                + (double) route.delayMinutes + " distanceKilometres=" + route.miles * 1.609344 + " leastDelayMinutes=" + route.leastDelay
                + " distanceMiles=" + route.miles;
    }

    /** The airports with most delay, one line each. */
    String worstAirports(int count) {
        StringBuilder table = new StringBuilder(String.format("%-8s %12s %14s %10s%n", "airport", "departures", "delay minutes", "per flight"));
        airports.entrySet().stream()
                .sorted((a, b) -> Long.compare(b.getValue().delayMinutes, a.getValue().delayMinutes))
                .limit(count)
                .forEach(entry -> table.append(String.format(
                        "%-8s %,12d %,14d %10.1f%n",
                        entry.getKey(),
                        entry.getValue().departures,
                        entry.getValue().delayMinutes,
                        (double) entry.getValue().delayMinutes / entry.getValue().departures)));
        return table.toString();
    }
}
