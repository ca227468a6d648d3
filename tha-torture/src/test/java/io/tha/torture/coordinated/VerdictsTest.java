package io.tha.torture.coordinated;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tha.coordination.DomainCut;
import io.tha.torture.Failure;
import io.tha.torture.TortureException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The verdicts are no better than what they notice: each is provoked. */
class VerdictsTest {
    private static final long BOTH = 0b11;

    private final Verdicts verdicts = new Verdicts(2);

    /** With the right sum, where the amounts are the ids; negative in application 1. */
    private static Shown shown(int application, long... ids) {
        List<Inbox.Entry> rows = new ArrayList<>();
        long sum = 0;
        for (long id : ids) {
            long amount = application == 0 ? id : -id;
            rows.add(new Inbox.Entry(id, amount, BOTH));
            sum += amount;
        }
        return new Shown("a process", application, ids.length, sum, 0, rows);
    }

    private static void requireFound(Failure failure, Runnable verdict) {
        assertEquals(failure, assertThrows(TortureException.class, verdict::run).failure());
    }

    @Test
    void whatIsThereInAllIsRight() {
        verdicts.showTogether(List.of(shown(0, 1, 2), shown(1, 2, 1)));
        verdicts.rest(List.of(shown(0, 1, 2), shown(1, 2, 1)));

        assertEquals(2, verdicts.transactions());
    }

    @Test
    void aTransactionThatOneLacksAtOneInstantIsHalfThere() {
        requireFound(Failure.HALF_THERE, () -> verdicts.showTogether(List.of(shown(0, 1, 2), shown(1, 1))));
    }

    @Test
    void aTransactionThatOneHadAtAnotherInstantOnlyIsHalfThere() {
        verdicts.show(shown(1, 1, 2));
        requireFound(Failure.HALF_THERE, () -> verdicts.showTogether(List.of(shown(0, 1, 2), shown(1, 1))));
    }

    @Test
    void aTransactionThatOneLacksAtRestIsHalfThere() {
        requireFound(Failure.HALF_THERE, () -> verdicts.rest(List.of(shown(0, 1, 2), shown(1, 1))));
    }

    @Test
    void aRowThatAnotherProcessHadOtherwiseIsLost() {
        verdicts.show(shown(0, 1, 2));
        requireFound(Failure.LOST, () -> verdicts.show(shown(0, 1, 3)));
    }

    @Test
    void anActiveThatLacksWhatAStandbyHadHasLostIt() {
        verdicts.show(shown(0, 1, 2));
        requireFound(Failure.LOST, () -> verdicts.rest(List.of(shown(0, 1), shown(1, 1))));
    }

    @Test
    void aSumThatItsRowsDoNotHaveIsTorn() {
        Shown right = shown(0, 1, 2);
        Shown torn = new Shown(right.who(), 0, right.count(), right.sum() + 1, 0, right.rows());
        requireFound(Failure.TORN, () -> verdicts.show(torn));
    }

    @Test
    void aTransactionThatIsThereTwiceIsDuplicated() {
        requireFound(Failure.DUPLICATED, () -> verdicts.show(shown(0, 1, 1)));
    }

    private void cut(long count, long coordinated, long... chainEnds) {
        verdicts.cut("a process", 0, new CutHistory.At(count, coordinated, new DomainCut(0, chainEnds)));
    }

    @Test
    void aCutThatGrowsWithItsTransactionsIsRight() {
        cut(1, 1, 1, 1);
        cut(2, 1, 1, 1);
        cut(4, 3, 5, 2);
        cut(2, 1, 1, 1);
    }

    @Test
    void aCutThatAnotherProcessHadOtherwiseIsTorn() {
        cut(1, 1, 1, 1);
        requireFound(Failure.TORN, () -> cut(1, 1, 1, 0));
    }

    @Test
    void aCutThatNeedsLessThanThatOfAnEarlierStateIsTorn() {
        cut(1, 1, 1, 1);
        requireFound(Failure.TORN, () -> cut(2, 2, 2, 0));
    }

    @Test
    void aCutThatDoesNotCountItsOwnTransactionsIsTorn() {
        cut(3, 3, 7, 2);
        requireFound(Failure.TORN, () -> cut(1, 1, 6, 1));
    }

    @Test
    void whatWasToldToBeCommittedAndIsMissingIsLost() {
        verdicts.rest(List.of(shown(0, 1), shown(1, 1)));
        verdicts.told(0, 1, true);
        requireFound(Failure.LOST, () -> verdicts.told(0, 2, true));
    }

    @Test
    void whatWasToldToBeAbortedAndIsThereIsALie() {
        verdicts.show(shown(0, 1));
        requireFound(Failure.LIED, () -> verdicts.told(1, 1, false));
    }

    @Test
    void whatWasToldToBeAbortedAndComesLaterIsALie() {
        verdicts.told(1, 1, false);
        requireFound(Failure.LIED, () -> verdicts.show(shown(0, 1)));
    }
}
