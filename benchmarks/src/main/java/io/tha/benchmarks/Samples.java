package io.tha.benchmarks;

import java.util.Arrays;
import java.util.Locale;

/** Times of one thing, in nanoseconds; takes them without garbage. */
final class Samples {
    private final long[] nanos;
    private int count;

    Samples(int capacity) {
        nanos = new long[capacity];
    }

    void add(long sample) {
        nanos[count++] = sample;
    }

    boolean isEmpty() {
        return count == 0;
    }

    int count() {
        return count;
    }

    long least() {
        return sorted()[0];
    }

    long median() {
        return sorted()[count / 2];
    }

    /** Which so many percent of them do not exceed. */
    long percentile(double percent) {
        return sorted()[(int) Math.min(count - 1L, (long) (count * percent / 100))];
    }

    long most() {
        return sorted()[count - 1];
    }

    boolean isFull() {
        return count == nanos.length;
    }

    /** Forgets all. */
    void clear() {
        count = 0;
    }

    private long[] sorted() {
        long[] sorted = Arrays.copyOf(nanos, count);
        Arrays.sort(sorted);
        return sorted;
    }

    /** Least, median and greatest in units of so many nanoseconds; a dash where nothing was measured. */
    String in(double unitNanos) {
        if (isEmpty()) {
            return "-";
        }
        String format = unitNanos == 1 ? "%,.0f/%,.0f/%,.0f" : "%,.2f/%,.2f/%,.2f";
        return String.format(Locale.ROOT, format, least() / unitNanos, median() / unitNanos, most() / unitNanos);
    }
}
