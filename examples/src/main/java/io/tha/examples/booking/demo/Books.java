package io.tha.examples.booking.demo;

import io.tha.examples.booking.Report;
import io.tha.examples.booking.ServiceKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * What the three services have at one instant, and what must be true of it at any.
 *
 * @param seats the taken ones
 * @param payments that were not paid back
 * @param ledger all entries
 */
record Books(Report seats, Report payments, Report ledger) {
    /** In the order of the services. */
    static Books of(List<Report> reports) {
        return new Books(reports.get(0), reports.get(1), reports.get(2));
    }

    Report of(ServiceKind kind) {
        return switch (kind) {
            case SEATS -> seats;
            case PAYMENTS -> payments;
            case LEDGER -> ledger;
        };
    }

    /** How many bookings are in one of the services, and not for the same amount in all of them. */
    long halfVisible() {
        Map<Long, Long> taken = amounts(seats);
        Map<Long, Long> paid = amounts(payments);
        Map<Long, Long> entered = amounts(ledger);
        Set<Long> bookings = new HashSet<>(taken.keySet());
        bookings.addAll(paid.keySet());
        bookings.addAll(entered.keySet());
        return bookings.stream()
                .filter(booking -> !Objects.equals(taken.get(booking), paid.get(booking))
                        || !Objects.equals(taken.get(booking), entered.get(booking)))
                .count();
    }

    /** Of each booking; a booking and its cancellation are nothing. */
    private static Map<Long, Long> amounts(Report report) {
        Map<Long, Long> amounts = new HashMap<>();
        report.lines().forEach(line -> amounts.merge(line.booking(), line.amount(), Long::sum));
        amounts.values().removeIf(amount -> amount == 0);
        return amounts;
    }

    /** The invariants that are broken. */
    List<String> broken() {
        List<String> broken = new ArrayList<>();
        if (payments.money() != ledger.money() || seats.money() != ledger.money()) {
            broken.add("taken from accounts: " + payments.money() + ", total of the ledger: " + ledger.money() + ", prices of the taken seats: "
                    + seats.money());
        }
        Map<Long, Long> entered = amounts(ledger);
        Map<Integer, Long> holders = new HashMap<>();
        for (Report.Line line : ledger.lines()) {
            if (line.amount() > 0 && entered.containsKey(line.booking())) {
                Long other = holders.put(line.of(), line.booking());
                if (other != null) {
                    broken.add("seat " + line.of() + " is sold twice, by bookings " + other + " and " + line.booking());
                }
            }
        }
        return broken;
    }
}
