package io.tha.examples.booking;

import io.tha.active.ThaApplication;
import io.tha.active.Transaction;
import io.tha.layout.Layout;
import io.tha.layout.LongField;
import io.tha.pool.ThaPool;
import java.util.ArrayList;
import java.util.List;

/**
 * The seats, and which booking each is taken by. It refuses a seat that is taken.
 *
 * <p>Threads: one.
 */
public final class SeatsService implements BookingService {
    public static final int SEATS = 1_000;

    static final Layout SEAT = Layout.named("Seat").int64("booking").int64("price").build();

    private static final LongField BOOKING = SEAT.int64Field("booking");
    private static final LongField PRICE = SEAT.int64Field("price");
    /** No booking has this number. */
    private static final long FREE = 0;

    private final ThaPool pool;

    /** Serves on an application's state; all seats are free if there is none yet. */
    public SeatsService(ThaApplication application) {
        pool = application.pool();
        application.register(SEAT);
        if (pool.find(name(0)) == 0) {
            try (Transaction opening = application.begin()) {
                for (int seat = 0; seat < SEATS; seat++) {
                    pool.allocate(SEAT, name(seat));
                }
                opening.commit();
            }
        }
    }

    private static String name(int seat) {
        return "seat/" + seat;
    }

    @Override
    public boolean take(Order order) {
        long seat = pool.find(name(order.seat()));
        return order.isCancellation() ? free(seat, order) : occupy(seat, order);
    }

    private boolean occupy(long seat, Order order) {
        if (BOOKING.get(pool, seat) != FREE) {
            return false;
        }
        BOOKING.set(pool, seat, order.booking());
        PRICE.set(pool, seat, order.price());
        return true;
    }

    private boolean free(long seat, Order order) {
        if (BOOKING.get(pool, seat) != order.booking()) {
            return false;
        }
        BOOKING.set(pool, seat, FREE);
        PRICE.set(pool, seat, 0);
        return true;
    }

    /** The taken seats, and the sum of their prices; of this service's pool, or of its standby's. */
    public static Report report(ThaPool pool) {
        List<Report.Line> lines = new ArrayList<>();
        long sum = 0;
        for (int i = 0; i < SEATS; i++) {
            long seat = pool.find(name(i));
            if (BOOKING.get(pool, seat) != FREE) {
                lines.add(new Report.Line(BOOKING.get(pool, seat), i, PRICE.get(pool, seat)));
                sum += PRICE.get(pool, seat);
            }
        }
        return new Report(sum, lines);
    }
}
