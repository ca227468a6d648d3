package io.tha.examples.booking.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tha.examples.booking.Answer;
import io.tha.examples.booking.Order;
import io.tha.examples.booking.Report;
import io.tha.examples.booking.ServiceKind;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Everything that may go wrong is found. */
class VerdictTest {
    private static final Report.Line SEAT = new Report.Line(1, 10, 100);
    private static final Report.Line PAYMENT = new Report.Line(1, 7, 100);
    private static final Report.Line OTHER_SEAT = new Report.Line(2, 20, 50);
    private static final Report.Line OTHER_PAYMENT = new Report.Line(2, 7, 50);
    private static final Report NONE = report(0);
    private static final Books ONE = new Books(report(100, SEAT), report(100, PAYMENT), report(100, SEAT));
    private static final Books TWO =
            new Books(report(150, SEAT, OTHER_SEAT), report(150, PAYMENT, OTHER_PAYMENT), report(150, SEAT, OTHER_SEAT));

    private static Report report(long money, Report.Line... lines) {
        return new Report(money, List.of(lines));
    }

    private static Verdict reads(Books... read) {
        Verdict verdict = new Verdict(0);
        for (Books books : read) {
            verdict.jointRead(books);
        }
        return verdict;
    }

    private static Verdict ends(Books expected, Books found) {
        Verdict verdict = reads(ONE);
        verdict.end("actives", expected, found);
        return verdict;
    }

    private static void assertBad(String end, Verdict verdict) {
        assertFalse(verdict.isGood());
        assertFalse(verdict.problems().isEmpty());
        assertEquals("bookings=1 kills=0 " + end, verdict.line(1));
    }

    @Test
    void whatIsRightIsGood() {
        Verdict verdict = new Verdict(1);
        verdict.killed();
        verdict.jointRead(ONE);
        verdict.end("actives", TWO, TWO);

        assertTrue(verdict.isGood(), () -> String.join("\n", verdict.problems()));
        assertEquals("bookings=2 kills=1 half_visible=0 lost=0 invariants=hold", verdict.line(2));
    }

    @Test
    void aBookingThatIsInSomeServicesOnlyIsHalfVisible() {
        assertBad("half_visible=1 lost=0 invariants=broken", reads(ONE, new Books(report(100, SEAT), NONE, NONE)));
        assertBad("half_visible=1 lost=0 invariants=broken", reads(new Books(ONE.seats(), TWO.payments(), ONE.ledger())));
        assertBad("half_visible=2 lost=0 invariants=broken", reads(new Books(NONE, TWO.payments(), TWO.ledger())));
    }

    @Test
    void aCancellationThatIsInSomeServicesOnlyIsHalfVisible() {
        Report cancelled = report(0, SEAT, new Report.Line(1, 10, -100));

        assertTrue(reads(new Books(NONE, NONE, cancelled)).isGood());
        assertBad("half_visible=1 lost=0 invariants=broken", reads(new Books(ONE.seats(), NONE, cancelled)));
    }

    @Test
    void anotherAmountIsHalfVisible() {
        Report payments = report(100, new Report.Line(1, 7, 99));

        assertBad("half_visible=1 lost=0 invariants=hold", reads(new Books(ONE.seats(), payments, ONE.ledger())));
    }

    @Test
    void servicesThatSayDifferentThingsAreNoticed() {
        Orders orders = new Orders(new Customers(1));
        orders.next(5);
        orders.answer(ServiceKind.SEATS, 5, Answer.COMMITTED);
        orders.answer(ServiceKind.PAYMENTS, 5, Answer.ABORTED);
        Verdict verdict = reads(ONE);
        verdict.contradicted(orders.contradicted());

        assertBad("half_visible=1 lost=0 invariants=hold", verdict);
    }

    @Test
    void brokenSumsAreFound() {
        assertBad("half_visible=0 lost=0 invariants=broken", reads(new Books(report(99, SEAT), ONE.payments(), ONE.ledger())));
        assertBad("half_visible=0 lost=0 invariants=broken", reads(new Books(ONE.seats(), report(99, PAYMENT), ONE.ledger())));
        assertBad("half_visible=0 lost=0 invariants=broken", reads(new Books(ONE.seats(), ONE.payments(), report(99, SEAT))));
    }

    @Test
    void aSeatThatIsSoldTwiceIsFound() {
        Report.Line again = new Report.Line(2, 10, 50);

        assertBad(
                "half_visible=0 lost=0 invariants=broken",
                reads(new Books(report(150, SEAT, again), report(150, PAYMENT, OTHER_PAYMENT), report(150, SEAT, again))));
    }

    @Test
    void aSeatMayBeSoldAgainWhenItWasGivenBack() {
        Report.Line back = new Report.Line(1, 10, -100);
        Report.Line again = new Report.Line(2, 10, 50);

        assertTrue(reads(new Books(report(50, again), report(50, OTHER_PAYMENT), report(50, SEAT, back, again))).isGood());
    }

    @Test
    void whatIsMissingAtTheEndIsLost() {
        assertBad("half_visible=0 lost=1 invariants=broken", ends(TWO, ONE));
        assertBad("half_visible=1 lost=1 invariants=broken", ends(ONE, new Books(ONE.seats(), ONE.payments(), NONE)));
    }

    @Test
    void whatNobodyWasToldOfIsFound() {
        assertBad("half_visible=0 lost=0 invariants=broken", ends(ONE, TWO));
        assertBad("half_visible=1 lost=0 invariants=broken", ends(ONE, new Books(ONE.seats(), ONE.payments(), report(200, SEAT, SEAT))));
    }

    @Test
    void aMissingKillOrNoJointReadIsNotGood() {
        Verdict verdict = new Verdict(1);
        verdict.jointRead(ONE);

        assertFalse(verdict.isGood());
        assertFalse(new Verdict(0).isGood());
    }

    @Test
    void ordersAreSettledWhenAllHaveAnsweredButThoseThatWereKilled() throws InterruptedException {
        Orders orders = new Orders(new Customers(1));
        Order order = orders.next(5);
        orders.answer(ServiceKind.LEDGER, 5, Answer.COMMITTED);
        orders.answer(ServiceKind.SEATS, 5, Answer.COMMITTED);
        assertEquals(Set.of(5L), orders.ids());
        orders.expectNothingOf(ServiceKind.PAYMENTS);

        assertEquals(new Orders.Tally(1, 0), orders.awaitSettled(Set.of(5L)));
        assertEquals(1, orders.bookings());
        assertEquals(List.of(new Report.Line(1, order.seat(), order.price())), orders.expected().seats().lines());
    }

    @Test
    void ordersAndReportsAreWhatTheirTextsSay() {
        Order order = new Order(3, 4, 5, 60, false);

        assertEquals(order, Order.of(order.text()));
        assertEquals(order.reverse(), Order.of(order.reverse().text()));
        assertEquals(TWO.ledger(), Report.of(TWO.ledger().text()));
        assertEquals(NONE, Report.of(NONE.text()));
    }
}
