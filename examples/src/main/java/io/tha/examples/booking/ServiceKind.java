package io.tha.examples.booking;

import io.tha.active.ThaApplication;
import io.tha.layout.Layout;
import io.tha.pool.ThaPool;
import java.util.Locale;

/** The three services. */
public enum ServiceKind {
    SEATS,
    PAYMENTS,
    LEDGER;

    /** Of its application in the domain. */
    public String applicationName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What its standbys register. */
    public Layout[] layouts() {
        return switch (this) {
            case SEATS -> new Layout[] {SeatsService.SEAT};
            case PAYMENTS -> new Layout[] {PaymentsService.ACCOUNT, PaymentsService.PAYMENT};
            case LEDGER -> new Layout[] {LedgerService.TOTAL, LedgerService.ENTRY};
        };
    }

    /** The service on the state of its application. */
    public BookingService open(ThaApplication application) {
        return switch (this) {
            case SEATS -> new SeatsService(application);
            case PAYMENTS -> new PaymentsService(application);
            case LEDGER -> new LedgerService(application);
        };
    }

    /** What is in a pool of its, an active's or a standby's. */
    public Report report(ThaPool pool) {
        return switch (this) {
            case SEATS -> SeatsService.report(pool);
            case PAYMENTS -> PaymentsService.report(pool);
            case LEDGER -> LedgerService.report(pool);
        };
    }
}
