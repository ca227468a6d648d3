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
 * The customers' accounts, and what each booking was paid with. It refuses to take what an account does not have.
 *
 * <p>Threads: one.
 */
public final class PaymentsService implements BookingService {
    public static final int CUSTOMERS = 50;

    static final Layout ACCOUNT = Layout.named("Account").int64("balance").build();
    static final Layout PAYMENT = Layout.named("Payment").int64("booking").int32("customer").int64("amount").build();

    private static final long OPENING_BALANCE = 1_000;
    private static final LongField BALANCE = ACCOUNT.int64Field("balance");
    private static final LongField BOOKING = PAYMENT.int64Field("booking");
    private static final IntField CUSTOMER = PAYMENT.int32Field("customer");
    private static final LongField AMOUNT = PAYMENT.int64Field("amount");

    private final ThaPool pool;

    /** Serves on an application's state; the accounts are opened if there is none yet. */
    public PaymentsService(ThaApplication application) {
        pool = application.pool();
        application.register(ACCOUNT, PAYMENT);
        if (pool.find(account(0)) == 0) {
            try (Transaction opening = application.begin()) {
                for (int customer = 0; customer < CUSTOMERS; customer++) {
                    BALANCE.set(pool, pool.allocate(ACCOUNT, account(customer)), OPENING_BALANCE);
                }
                opening.commit();
            }
        }
    }

    private static String account(int customer) {
        return "account/" + customer;
    }

    private static String payment(Order order) {
        return "payment/" + order.booking();
    }

    @Override
    public boolean take(Order order) {
        long account = pool.find(account(order.customer()));
        return order.isCancellation() ? payBack(account, order) : pay(account, order);
    }

    private boolean pay(long account, Order order) {
        if (BALANCE.get(pool, account) < order.price()) {
            return false;
        }
        BALANCE.add(pool, account, -order.price());
        long payment = pool.allocate(PAYMENT, payment(order));
        BOOKING.set(pool, payment, order.booking());
        CUSTOMER.set(pool, payment, order.customer());
        AMOUNT.set(pool, payment, order.price());
        return true;
    }

    private boolean payBack(long account, Order order) {
        long payment = pool.find(payment(order));
        if (payment == 0) {
            return false;
        }
        BALANCE.add(pool, account, AMOUNT.get(pool, payment));
        pool.delete(payment);
        return true;
    }

    /** The payments, and what is missing in the accounts; of this service's pool, or of its standby's. */
    public static Report report(ThaPool pool) {
        List<Report.Line> lines = new ArrayList<>();
        pool.forEach(object -> {
            if (pool.layoutOf(object).name().equals(PAYMENT.name())) {
                lines.add(new Report.Line(BOOKING.get(pool, object), CUSTOMER.get(pool, object), AMOUNT.get(pool, object)));
            }
        });
        long taken = 0;
        for (int customer = 0; customer < CUSTOMERS; customer++) {
            taken += OPENING_BALANCE - BALANCE.get(pool, pool.find(account(customer)));
        }
        return new Report(taken, lines);
    }
}
