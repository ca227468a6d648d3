package io.tha.examples.booking;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a service has, at one instant.
 *
 * @param money that was paid and not paid back, as far as this service knows
 * @param lines in order
 */
public record Report(long money, List<Line> lines) {
    private static final String LINE_SEPARATOR = " ";
    private static final String SEPARATOR = ":";

    /**
     * Something that it has of a booking.
     *
     * @param booking its number
     * @param of which seat, or which customer
     * @param amount that was paid; negative for what was paid back
     */
    public record Line(long booking, int of, long amount) implements Comparable<Line> {
        private static final Comparator<Line> ORDER =
                Comparator.comparingLong(Line::booking).thenComparingInt(Line::of).thenComparingLong(Line::amount);

        private static Line of(String text) {
            String[] values = text.split(SEPARATOR, -1);
            return new Line(Long.parseLong(values[0]), Integer.parseInt(values[1]), Long.parseLong(values[2]));
        }

        private String text() {
            return booking + SEPARATOR + of + SEPARATOR + amount;
        }

        @Override
        public int compareTo(Line other) {
            return ORDER.compare(this, other);
        }
    }

    /** In any order. */
    public Report {
        lines = lines.stream().sorted().toList();
    }

    /** What {@link #text} gave. */
    public static Report of(String text) {
        String[] values = text.split(LINE_SEPARATOR, -1);
        return new Report(Long.parseLong(values[0]), Stream.of(values).skip(1).map(Line::of).toList());
    }

    /** One line of text, for another process. */
    public String text() {
        return Stream.concat(Stream.of(Long.toString(money)), lines.stream().map(Line::text)).collect(Collectors.joining(LINE_SEPARATOR));
    }
}
