package io.tha.torture.coordinated;

import java.util.Arrays;

/**
 * What one process has shown of its application's transactions.
 *
 * @param who it was
 * @param application by its number
 * @param count of all its transactions
 * @param sum of all their amounts, as the process keeps it
 * @param from the number of the first row that it has told
 * @param rows from there to the end: id, amount and participants of each
 */
record Shown(String who, int application, long count, long sum, long from, long[] rows) {
    private static final int COLUMNS = 3;
    private static final int BEFORE_ROWS = 3;

    /** As {@link Rows#text} writes it. */
    static Shown parse(String who, int application, String text) {
        long[] words = Arrays.stream(text.split(" ", -1)).mapToLong(Long::parseLong).toArray();
        return new Shown(who, application, words[0], words[1], words[2], Arrays.copyOfRange(words, BEFORE_ROWS, words.length));
    }

    /** A row by its number. */
    Inbox.Entry row(long number) {
        int index = (int) (number - from) * COLUMNS;
        return new Inbox.Entry(rows[index], rows[index + 1], rows[index + 2]);
    }

    @Override
    public String toString() {
        return who + " of application " + application + ", with " + count + " transactions";
    }
}
