package io.tha.torture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tha.Outcome;
import io.tha.torture.Journal.Kind;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The judge is no better than its verdicts: each is provoked. */
class JudgeTest {
    private static final long ID = 77;

    private final Judge judge = new Judge(0);

    private Reign reign(long epoch, long found) {
        Reign reign = new Reign((int) epoch, epoch, found);
        judge.changed(reign, Kind.REIGN);
        return reign;
    }

    private void tell(Reign reign, Kind kind, long k, long id, long number) {
        reign.add(kind, k, id, number);
        judge.changed(reign, kind);
    }

    private Reign reported(long epoch, long found) {
        Reign reign = reign(epoch, found);
        tell(reign, Kind.REPORTED, found, epoch, 0);
        return reign;
    }

    /** An active that has called commit for transaction 1. */
    private Reign committing() {
        Reign active = reported(1, 0);
        tell(active, Kind.BEGUN, 1, ID, 0);
        tell(active, Kind.INTENDING, 1, ID, 0);
        tell(active, Kind.INTENDED, 1, ID, 0);
        tell(active, Kind.COMMITTING, 1, ID, 0);
        return active;
    }

    private void requireFound(Failure failure, Runnable verdict) {
        assertEquals(failure, assertThrows(TortureException.class, verdict::run).failure());
    }

    @Test
    void aCommittedTransactionThatIsMissingIsLost() {
        tell(committing(), Kind.COMMITTED, 1, ID, 0);

        requireFound(Failure.LOST, () -> judge.judge(reported(2, 0)));
    }

    @Test
    void aCommitThatIsToldAfterATakeoverWithoutItIsLost() {
        Reign active = committing();
        judge.changed(new Reign(2, 2, 0), Kind.REIGN);

        requireFound(Failure.LOST, () -> tell(active, Kind.COMMITTED, 1, ID, 0));
    }

    @Test
    void aTransactionThatNobodyHasDoneIsDuplicated() {
        committing();

        requireFound(Failure.DUPLICATED, () -> judge.judge(reported(2, 2)));
    }

    @Test
    void aTransactionThatWasRefusedAndCountsIsALie() {
        tell(committing(), Kind.FENCED, 0, 0, 0);

        requireFound(Failure.LIED, () -> judge.judge(reported(2, 1)));
    }

    @Test
    void twoActivesOfOneEpochAreFound() {
        reported(2, 0);

        requireFound(Failure.TWO_ACTIVES, () -> reign(2, 0));
    }

    @Test
    void anIntentThatIsNotHandedOverIsFound() {
        committing();

        requireFound(Failure.INTENTS, () -> judge.judge(reported(2, 0)));
    }

    @Test
    void anIntentOfACommittedTransactionThatIsHandedOverIsFound() {
        committing();
        Reign successor = reign(2, 1);
        tell(successor, Kind.HANDED, 1, ID, 5);
        tell(successor, Kind.REPORTED, 1, 2, 0);

        requireFound(Failure.INTENTS, () -> judge.judge(successor));
    }

    @Test
    void anAcknowledgedIntentThatIsHandedOverAgainIsFound() {
        committing();
        Reign second = reign(2, 0);
        tell(second, Kind.HANDED, 1, ID, 5);
        tell(second, Kind.REPORTED, 0, 2, 0);
        judge.judge(second);
        tell(second, Kind.BEGUN, 1, ID + 1, 0);
        tell(second, Kind.ACKNOWLEDGES, 1, ID, 5);
        tell(second, Kind.COMMITTING, 1, ID + 1, 0);
        tell(second, Kind.COMMITTED, 1, ID + 1, 0);
        Reign third = reign(3, 1);
        tell(third, Kind.HANDED, 1, ID, 5);
        tell(third, Kind.REPORTED, 1, 3, 0);

        requireFound(Failure.INTENTS, () -> judge.judge(third));
    }

    @Test
    void whatMustBeSaidOfADoubtfulTransactionFollowsFromTheState() {
        committing();
        Reign successor = reign(2, 0);
        tell(successor, Kind.HANDED, 1, ID, 5);
        tell(successor, Kind.REPORTED, 0, 2, 0);

        List<Judge.Known> known = judge.judge(successor);

        assertEquals(EnumSet.of(Outcome.ABORTED), known.get(0).outcomes());
    }
}
