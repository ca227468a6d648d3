package io.tha.benchmarks.compared;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What was measured of one thing: for each contender a value of each round. In a round all are measured, so its values belong together. */
final class Rounds {
    private final String id;
    private final String title;
    private final Map<Contender, List<Double>> values = new EnumMap<>(Contender.class);

    /**
     * None yet.
     *
     * @param id in names of files
     * @param title what it is, and in which unit
     */
    Rounds(String id, String title) {
        this.id = id;
        this.title = title;
    }

    String id() {
        return id;
    }

    String title() {
        return title;
    }

    void add(Contender contender, double value) {
        values.computeIfAbsent(contender, any -> new ArrayList<>()).add(value);
    }

    /** Those of whom it was measured. */
    Set<Contender> contenders() {
        return values.keySet();
    }

    /** A contender's values, in the order of the rounds. */
    List<Double> of(Contender contender) {
        return values.get(contender);
    }

    /** The median of one contender's values divided by another one's, round by round. */
    double ratio(Contender one, Contender other) {
        return median(ratios(one, other));
    }

    /** Sorted; none if one of them was not measured. */
    private double[] ratios(Contender one, Contender other) {
        if (!values.containsKey(one) || !values.containsKey(other)) {
            return new double[0];
        }
        double[] ratios = new double[values.get(one).size()];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = values.get(one).get(i) / values.get(other).get(i);
        }
        Arrays.sort(ratios);
        return ratios;
    }

    /** A contender's values, sorted. */
    double[] sorted(Contender contender) {
        return values.get(contender).stream().mapToDouble(Double::doubleValue).sorted().toArray();
    }

    /** Not a number, if there are none. */
    static double median(double[] sorted) {
        return sorted.length == 0 ? Double.NaN : sorted[sorted.length / 2];
    }

    /** A line for each contender: least, median and most, and those of this engine's values divided by its. */
    void print() {
        System.out.printf("%s%n", title);
        for (Contender contender : values.keySet()) {
            System.out.printf("  %-14s %s   tha / it %s%n", contender.label(), spread(sorted(contender)), spread(ratios(Contender.THA, contender)));
        }
    }

    private static String spread(double[] sorted) {
        return sorted.length == 0 ? "-" : String.format(Locale.ROOT, "%,12.2f %,12.2f %,12.2f", sorted[0], median(sorted), sorted[sorted.length - 1]);
    }
}
