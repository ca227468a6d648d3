package io.tha.examples.booking;

import io.tha.active.ThaApplication;
import io.tha.active.Transaction;
import io.tha.layout.IntField;
import io.tha.layout.Layout;
import io.tha.layout.LongField;
import io.tha.pool.ThaPool;
import java.util.ArrayList;
import java.util.List;

/**
 * An entry for each order, and the total. It refuses nothing.
 *
 * <p>Threads: one.
 */
public final class LedgerService implements BookingService {
    static final Layout TOTAL = Layout.named("Total").int64("amount").build();
    static final Layout ENTRY = Layout.named("Entry").int64("booking").int32("seat").int64("amount").build();

    private static final String TOTAL_NAME = "total";
    private static final LongField TOTAL_AMOUNT = TOTAL.int64Field("amount");
    private static final LongField BOOKING = ENTRY.int64Field("booking");
    private static final IntField SEAT = ENTRY.int32Field("seat");
    private static final LongField AMOUNT = ENTRY.int64Field("amount");

    private final ThaPool pool;

    /** Serves on an application's state; the ledger is empty if there is none yet. */
    public LedgerService(ThaApplication application) {
        pool = application.pool();
        application.register(TOTAL, ENTRY);
        if (pool.find(TOTAL_NAME) == 0) {
            try (Transaction opening = application.begin()) {
                pool.allocate(TOTAL, TOTAL_NAME);
                opening.commit();
            }
        }
    }

    @Override
    public boolean take(Order order) {
        long entry = pool.allocateDynamic(ENTRY);
        BOOKING.set(pool, entry, order.booking());
        SEAT.set(pool, entry, order.seat());
        AMOUNT.set(pool, entry, order.amount());
        TOTAL_AMOUNT.add(pool, pool.find(TOTAL_NAME), order.amount());
        return true;
    }

    /** All entries, and the total; of this service's pool, or of its standby's. */
    public static Report report(ThaPool pool) {
        List<Report.Line> lines = new ArrayList<>();
        pool.forEach(object -> {
            if (pool.layoutOf(object).name().equals(ENTRY.name())) {
                lines.add(new Report.Line(BOOKING.get(pool, object), SEAT.get(pool, object), AMOUNT.get(pool, object)));
            }
        });
        return new Report(TOTAL_AMOUNT.get(pool, pool.find(TOTAL_NAME)), lines);
    }
}
