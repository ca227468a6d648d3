package io.tha.torture.coordinated;

import io.tha.layout.Layout;
import io.tha.layout.LongField;
import io.tha.pool.ThaPool;

/**
 * What an application has of its transactions: a row for each, in the order in which it was done with them, and how many there were with the sum of
 * all their amounts. The last ones are kept, in chunks.
 *
 * <p>Threads: the pool's.
 */
final class Rows {
    /** More than are added between two looks. */
    static final int KEPT = 1 << 14;

    private static final int COLUMNS = 256;
    private static final Layout CHUNK = Layout.named("Chunk")
            .int64Array("ids", COLUMNS)
            .int64Array("amounts", COLUMNS)
            .int64Array("participants", COLUMNS)
            .build();
    private static final Layout TOTAL = Layout.named("Total").int64("count").int64("coordinated").int64("sum").build();
    private static final LongField IDS = CHUNK.int64Field("ids");
    private static final LongField AMOUNTS = CHUNK.int64Field("amounts");
    private static final LongField PARTICIPANTS = CHUNK.int64Field("participants");
    private static final LongField COUNT = TOTAL.int64Field("count");
    private static final LongField COORDINATED = TOTAL.int64Field("coordinated");
    private static final LongField SUM = TOTAL.int64Field("sum");

    private Rows() {}

    static Layout[] layouts() {
        return new Layout[] {CHUNK, TOTAL};
    }

    /** None. */
    static void create(ThaPool pool) {
        pool.allocate(TOTAL, "total");
    }

    static void add(ThaPool pool, Inbox.Entry entry) {
        long total = pool.find("total");
        long count = COUNT.get(pool, total);
        String name = chunk(count);
        long chunk = pool.find(name);
        if (chunk == 0) {
            chunk = pool.allocate(CHUNK, name);
        }
        int column = column(count);
        IDS.set(pool, chunk, column, entry.id());
        AMOUNTS.set(pool, chunk, column, entry.amount());
        PARTICIPANTS.set(pool, chunk, column, entry.participants());
        COUNT.set(pool, total, count + 1);
        COORDINATED.add(pool, total, Long.bitCount(entry.participants()) > 1 ? 1 : 0);
        SUM.add(pool, total, entry.amount());
    }

    private static String chunk(long row) {
        return "chunk-" + row % KEPT / COLUMNS;
    }

    private static int column(long row) {
        return (int) (row % COLUMNS);
    }

    /** How many there are, and how many of them are of coordinated transactions. */
    static String counts(ThaPool pool) {
        long total = pool.find("total");
        return COUNT.get(pool, total) + " " + COORDINATED.get(pool, total);
    }

    /** The rows from a number on, or from the first that is kept, as {@link Shown#parse} reads it. */
    static String text(ThaPool pool, long from) {
        long total = pool.find("total");
        long count = COUNT.get(pool, total);
        long first = Math.max(Math.min(from, count), count - KEPT);
        StringBuilder text = new StringBuilder();
        text.append(count).append(' ').append(SUM.get(pool, total)).append(' ').append(first);
        for (long row = first; row < count; row++) {
            long chunk = pool.find(chunk(row));
            int column = column(row);
            text.append(' ').append(IDS.get(pool, chunk, column));
            text.append(' ').append(AMOUNTS.get(pool, chunk, column));
            text.append(' ').append(PARTICIPANTS.get(pool, chunk, column));
        }
        return text.toString();
    }
}
