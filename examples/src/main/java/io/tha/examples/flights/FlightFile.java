package io.tha.examples.flights;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/**
 * All flights of a CSV or CSV.gz file, in columns, so that millions of them fit and any of them is reached at once.
 *
 * <p>Threads: immutable after {@link #load}.
 */
public final class FlightFile {
    private static final List<String> COLUMNS = List.of("date", "origin", "destination", "delay_minutes", "distance_miles");
    private static final int FIRST_CAPACITY = 1 << 15;

    private final List<String> dates = new ArrayList<>();
    private final List<String> airports = new ArrayList<>();
    private final Map<String, Integer> airportIndexes = new HashMap<>();
    private int[] origins = new int[FIRST_CAPACITY];
    private int[] destinations = new int[FIRST_CAPACITY];
    private int[] delays = new int[FIRST_CAPACITY];
    private int[] distances = new int[FIRST_CAPACITY];
    private int size;

    private FlightFile() {}

    /**
     * Reads a file.
     *
     * @param path of a CSV file with a header line that names the columns, in any order; compressed if it ends in {@code .gz}
     * @throws IllegalArgumentException that names the file, the line and what is wrong with it
     */
    public static FlightFile load(Path path) {
        FlightFile flights = new FlightFile();
        try (InputStream raw = Files.newInputStream(path);
                InputStream plain = path.toString().endsWith(".gz") ? new GZIPInputStream(raw) : raw;
                BufferedReader lines = new BufferedReader(new InputStreamReader(plain, StandardCharsets.UTF_8))) {
            flights.read(path, lines);
        } catch (IOException e) {
            throw new IllegalArgumentException("file '" + path + "' cannot be read: " + e, e);
        }
        return flights;
    }

    private void read(Path path, BufferedReader lines) throws IOException {
        String header = lines.readLine();
        if (header == null) {
            throw new IllegalArgumentException("file '" + path + "' is empty, expected a header line with " + COLUMNS);
        }
        List<String> names = Arrays.asList(header.strip().split(","));
        int[] columns = COLUMNS.stream().mapToInt(names::indexOf).toArray();
        if (Arrays.stream(columns).anyMatch(column -> column < 0)) {
            throw new IllegalArgumentException("file '" + path + "', line 1: columns " + names + ", expected " + COLUMNS);
        }
        int number = 1;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            number++;
            String[] values = line.strip().split(",", -1);
            try {
                add(values, columns);
            } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
                throw new IllegalArgumentException("file '" + path + "', line " + number + ": '" + line + "' is no flight: " + e.getMessage(), e);
            }
        }
    }

    private void add(String[] values, int[] columns) {
        String date = text("date", values[columns[0]], FlightsService.MAX_DATE_LENGTH);
        int delay = Integer.parseInt(values[columns[3]]);
        int distance = Integer.parseInt(values[columns[4]]);
        if (size == origins.length) {
            origins = Arrays.copyOf(origins, size * 2);
            destinations = Arrays.copyOf(destinations, size * 2);
            delays = Arrays.copyOf(delays, size * 2);
            distances = Arrays.copyOf(distances, size * 2);
        }
        dates.add(date);
        origins[size] = airport(values[columns[1]]);
        destinations[size] = airport(values[columns[2]]);
        delays[size] = delay;
        distances[size] = distance;
        size++;
    }

    private int airport(String code) {
        return airportIndexes.computeIfAbsent(text("airport code", code, FlightsService.MAX_CODE_LENGTH), added -> {
            airports.add(added);
            return airports.size() - 1;
        });
    }

    /** Refuses what the service's field of this length could not hold. */
    private static String text(String what, String value, int maxBytes) {
        int bytes = value.getBytes(StandardCharsets.UTF_8).length;
        if (bytes == 0 || bytes > maxBytes || value.indexOf(0) >= 0) {
            throw new NumberFormatException(what + " '" + value + "' has " + bytes + " bytes, expected 1 to " + maxBytes + " without a NUL");
        }
        return value;
    }

    public int size() {
        return size;
    }

    /** The flight at a position from 0 on. */
    public Flight get(int position) {
        return new Flight(
                dates.get(position),
                airports.get(origins[position]),
                airports.get(destinations[position]),
                delays[position],
                distances[position]);
    }
}
