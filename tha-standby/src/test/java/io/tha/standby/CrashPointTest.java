package io.tha.standby;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tha.memory.CrashPoint;
import io.tha.standby.LedgerDomain.Node;
import io.tha.testkit.Sampled;
import io.tha.testkit.Seeds;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Kills the active right after each store of a commit: the transaction is in the state whole, or not at all, as the store says. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
@Sampled
class CrashPointTest {
    /** The first passages belong to the registration of layouts, which is a publication of its own. */
    private static final int FIRST_PASSAGE = 20;
    private static final int LARGE_EVERY = 16;

    /** Passages per commit are few or many, so that each point strikes after some dozens of transactions. */
    @ParameterizedTest
    @CsvSource({
        "AFTER_COLLECT,              60, false", "AFTER_COLLECT,              60, true",
        "AFTER_CLAIM,                20, false", "AFTER_CLAIM,                20, true",
        "AFTER_FRAME,              1500, false", "AFTER_FRAME,              1500, true",
        "AFTER_OVERFLOW_CREATE,      20, false", "AFTER_OVERFLOW_CREATE,      20, true",
        "BEFORE_PUBLISH,             60, false", "BEFORE_PUBLISH,             60, true",
        "AFTER_PUBLISH_BEFORE_IMAGE, 60, false", "AFTER_PUBLISH_BEFORE_IMAGE, 60, true",
        "IN_IMAGE_ADVANCE,         1500, false", "IN_IMAGE_ADVANCE,         1500, true",
        "AFTER_IMAGE_BEFORE_APPLIED, 60, false", "AFTER_IMAGE_BEFORE_APPLIED, 60, true",
        "AFTER_APPLIED,              60, false", "AFTER_APPLIED,              60, true",
    })
    void aCommitThatDiesIsWholeOrNothing(CrashPoint point, int passages, boolean joinsAfterTheDeath) {
        Random random = Seeds.random();
        try (LedgerDomain domain = new LedgerDomain(LARGE_EVERY)) {
            int passage = FIRST_PASSAGE + random.nextInt(passages);

            dieAt(domain, point, passage, joinsAfterTheDeath);
        }
    }

    /** Each transaction is three times the ring, so that its frames are in overflow segments. */
    @ParameterizedTest
    @CsvSource({
        "AFTER_FRAME,               400, false", "AFTER_FRAME,               400, true",
        "AFTER_OVERFLOW_CREATE,      10, false", "AFTER_OVERFLOW_CREATE,      10, true",
        "BEFORE_PUBLISH,             10, false", "BEFORE_PUBLISH,             10, true",
        "AFTER_PUBLISH_BEFORE_IMAGE, 10, false", "AFTER_PUBLISH_BEFORE_IMAGE, 10, true",
        "IN_IMAGE_ADVANCE,          400, false", "IN_IMAGE_ADVANCE,          400, true",
        "AFTER_APPLIED,              10, false", "AFTER_APPLIED,              10, true",
    })
    void aTransactionLargerThanTheRingIsWholeOrNothing(CrashPoint point, int passages, boolean joinsAfterTheDeath) {
        Random random = Seeds.random();
        try (LedgerDomain domain = new LedgerDomain(1)) {
            int passage = FIRST_PASSAGE + random.nextInt(passages);

            dieAt(domain, point, passage, joinsAfterTheDeath);
        }
    }

    private static void dieAt(LedgerDomain domain, CrashPoint point, int passage, boolean joinsAfterTheDeath) {
        Node active = domain.start("active", true, point + ":" + passage);
        Node standby = joinsAfterTheDeath ? null : domain.start("standby");
        if (standby != null) {
            standby.process().awaitLine("READY");
        }
        active.process().send("GO");
        assertEquals(128 + 9, active.process().awaitExit(), "exit code");

        Node successor = standby != null ? standby : domain.start("standby");
        LedgerDomain.awaitActive(List.of(successor));
        long k = domain.verify(successor, active).k();

        assertEquals(expected(point, active), k, () -> point + " at passage " + passage + ", " + LedgerPlan.of(active.marks().started(), 1));
        LedgerDomain.awaitAcknowledged(successor, k + 2);
    }

    /** What the store that was the last one says of the transaction that made it. */
    private static long expected(CrashPoint point, Node active) {
        boolean commits = active.marks().committing() == active.marks().started();
        boolean published =
                switch (point) {
                    case IN_IMAGE_ADVANCE, AFTER_IMAGE_BEFORE_APPLIED, AFTER_APPLIED -> true;
                    // Before the call of commit it is a flush, which decides nothing.
                    case AFTER_PUBLISH_BEFORE_IMAGE -> commits;
                    default -> false;
                };
        return published ? active.marks().started() : active.marks().acknowledged();
    }

    /** The active stands still in the middle of a transaction of which frames were published; the standby joins, and must not see them. */
    @ParameterizedTest
    @CsvSource({"AFTER_FRAME, 200, false", "AFTER_FRAME, 200, true", "AFTER_PUBLISH_BEFORE_IMAGE, 20, false", "IN_IMAGE_ADVANCE, 200, true"})
    void aStandbyThatJoinsInTheMiddleOfALargeTransactionFollowsIt(CrashPoint point, int passages, boolean isKilled) {
        Random random = Seeds.random();
        try (LedgerDomain domain = new LedgerDomain(1)) {
            Node active = domain.start("active", false, point + ":" + (FIRST_PASSAGE + random.nextInt(passages)) + ":STOP");
            active.process().awaitStopped();
            Node standby = domain.start("standby");
            standby.process().awaitLine("READY");
            if (!isKilled) {
                active.process().resume();
                LedgerDomain.awaitAcknowledged(active, active.marks().started() + 3);
            }
            active.process().kill();

            LedgerDomain.awaitActive(List.of(standby));

            domain.verify(standby, active);
        }
    }
}
