package io.tha.torture.coordinated;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What one process has shown of its application's transactions.
 *
 * @param who it was
 * @param application by its number
 * @param count of all its transactions
 * @param sum of all their amounts, as the process keeps it
 * @param from the number of the first row that it has told
 * @param rows from there to the end
 */
record Shown(String who, int application, long count, long sum, long from, List<Inbox.Entry> rows) {
    private static final int COLUMNS = 3;
    private static final int BEFORE_ROWS = 3;

    /** As {@link Rows#text} writes it. */
    static Shown parse(String who, int application, String text) {
        long[] words = Arrays.stream(text.split(" ", -1)).mapToLong(Long::parseLong).toArray();
        List<Inbox.Entry> rows = new ArrayList<>();
        for (int i = BEFORE_ROWS; i < words.length; i += COLUMNS) {
            rows.add(new Inbox.Entry(words[i], words[i + 1], words[i + 2]));
        }
        return new Shown(who, application, words[0], words[1], words[2], rows);
    }

    /** A row by its number. */
    Inbox.Entry row(long number) {
        return rows.get((int) (number - from));
    }

    @Override
    public String toString() {
        return who + " of application " + application + ", with " + count + " transactions";
    }
}
