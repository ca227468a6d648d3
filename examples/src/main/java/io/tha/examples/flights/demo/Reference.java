package io.tha.examples.flights.demo;

import io.tha.examples.flights.Flight;
import io.tha.examples.flights.FlightFile;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What the state must be, computed with plain Java collections: it shares no code with the service. */
final class Reference {
    private static final class Airport {
        long departures;
        long arrivals;
        long delayMinutes;
        int routes;
        final int[] delays = new int[Flight.BUCKET_COUNT];
    }

    private static final class Route {
        final String origin;
        final String destination;
        final int distanceMiles;
        long flights;
        long delayMinutes;

        Route(Flight first) {
            origin = first.origin();
            destination = first.destination();
            distanceMiles = first.distanceMiles();
        }
    }

    private final Map<String, Airport> airports = new HashMap<>();
    private final Map<String, Route> routes = new HashMap<>();
    private long flights;
    private long delayMinutes;
    private long distanceMiles;
    private long cancelled;
    private String lastDate = "";

    /** After all flights of a file. */
    static Reference of(FlightFile file) {
        Reference reference = new Reference();
        for (int i = 0; i < file.size(); i++) {
            reference.accept(file.get(i));
        }
        return reference;
    }

    private void accept(Flight flight) {
        Airport origin = airports.computeIfAbsent(flight.origin(), code -> new Airport());
        origin.departures++;
        origin.delayMinutes += flight.delayMinutes();
        origin.delays[flight.bucket()]++;
        airports.computeIfAbsent(flight.destination(), code -> new Airport()).arrivals++;
        String key = flight.origin() + "-" + flight.destination();
        Route route = routes.computeIfAbsent(key, added -> {
            origin.routes++;
            return new Route(flight);
        });
        route.flights++;
        route.delayMinutes += flight.delayMinutes();
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

    /** From names of objects to their contents, as the pool's text. */
    SortedMap<String, String> text() {
        SortedMap<String, String> lines = new TreeMap<>();
        airports.forEach((code, airport) -> lines.put(
                "airport/" + code,
                "code=" + code + " departures=" + airport.departures + " arrivals=" + airport.arrivals + " delayMinutes=" + airport.delayMinutes
                        + " routes=" + airport.routes + " delays="
                        + Arrays.stream(airport.delays).mapToObj(Integer::toString).collect(Collectors.joining(","))));
        routes.forEach((key, route) -> lines.put(
                "route/" + key,
                "origin=" + route.origin + " destination=" + route.destination + " flights=" + route.flights + " delayMinutes="
                        + route.delayMinutes + " distanceMiles=" + route.distanceMiles));
        lines.put(
                "totals",
                "position=" + flights + " flights=" + flights + " delayMinutes=" + delayMinutes + " distanceMiles=" + distanceMiles
                        + " cancelled=" + cancelled + " lastDate=" + lastDate);
        return lines;
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
