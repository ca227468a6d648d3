package io.tha.examples.flights.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeSet;

/**
 * A state beside what it must be.
 *
 * @param who has it
 * @param expected by names of objects, of the reference
 * @param found by names of objects
 */
record Check(String who, SortedMap<String, String> expected, SortedMap<String, String> found) {
    List<String> differences() {
        List<String> differences = new ArrayList<>();
        TreeSet<String> names = new TreeSet<>(expected.keySet());
        names.addAll(found.keySet());
        for (String name : names) {
            if (!Objects.equals(expected.get(name), found.get(name))) {
                differences.add(who + ", " + name + ": expected " + expected.get(name) + ", found " + found.get(name));
            }
        }
        return differences;
    }

    long lost() {
        return Math.max(0, flights(expected) - flights(found));
    }

    long duplicated() {
        return Math.max(0, flights(found) - flights(expected));
    }

    private static long flights(SortedMap<String, String> state) {
        String totals = state.getOrDefault("totals", "flights=0 ");
        String text = totals.substring(totals.indexOf("flights=") + "flights=".length());
        return Long.parseLong(text.substring(0, text.indexOf(' ')));
    }
}
