package io.tha.standby;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tha.memory.CrashPoint;
import io.tha.standby.LedgerDomain.Node;
import io.tha.standby.LedgerDomain.State;
import io.tha.testkit.Sampled;
import io.tha.testkit.Seeds;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The claimant of a takeover dies in each of its states: another standby finishes it, with exactly the committed state. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
@Sampled
class TakeoverStatesTest {
    private static final int LARGE_EVERY = 16;
    private static final int MAX_TRANSACTIONS = 100;

    @ParameterizedTest
    @EnumSource(from = "AFTER_CLAIMED", to = "AFTER_SERVING")
    void aStandbyThatFollowedFinishesTheTakeover(CrashPoint point) {
        try (LedgerDomain domain = new LedgerDomain(LARGE_EVERY)) {
            Node active = domain.start("active");
            Node other = domain.start("standby");
            Node claimant = domain.start("standby", false, point.toString());
            other.process().awaitLine("READY");
            claimant.process().awaitLine("READY");
            work(active);
            // Stands still, so that it is not the one that claims.
            other.process().stop();
            active.process().kill();
            assertEquals(128 + 9, claimant.process().awaitExit(), "exit code");
            other.process().resume();

            assertFinishes(domain, other, active);
        }
    }

    @ParameterizedTest
    @EnumSource(from = "AFTER_CLAIMED", to = "AFTER_SERVING")
    void aStandbyThatComesAfterAllAreDeadFinishesTheTakeover(CrashPoint point) {
        try (LedgerDomain domain = new LedgerDomain(LARGE_EVERY)) {
            Node active = domain.start("active");
            Node claimant = domain.start("standby", false, point.toString());
            claimant.process().awaitLine("READY");
            work(active);
            active.process().kill();
            assertEquals(128 + 9, claimant.process().awaitExit(), "exit code");

            Node other = domain.start("standby");

            assertFinishes(domain, other, active);
        }
    }

    /** Each claimant dies in another state: the takeover goes from one to the next. */
    @ParameterizedTest
    @EnumSource(names = {"AFTER_CLAIMED", "AFTER_OPENED"})
    void aTakeoverSurvivesClaimantAfterClaimant(CrashPoint first) {
        List<CrashPoint> points = List.of(first, CrashPoint.AFTER_SEAL_CLAIMED, CrashPoint.AFTER_CUT, CrashPoint.AFTER_RENAME_BEFORE_OPENED);
        try (LedgerDomain domain = new LedgerDomain(LARGE_EVERY)) {
            Node active = domain.start("active");
            work(active);
            active.process().kill();
            for (CrashPoint point : points) {
                assertEquals(128 + 9, domain.start("standby", false, point.toString()).process().awaitExit(), "exit code");
            }

            Node other = domain.start("standby");

            State state = assertFinishes(domain, other, active);
            assertEquals(points.size() + 2L, state.epoch());
        }
    }

    private static void work(Node active) {
        Random random = Seeds.random();
        active.process().awaitLine("STATE ");
        LedgerDomain.awaitAcknowledged(active, random.nextInt(MAX_TRANSACTIONS));
    }

    private static State assertFinishes(LedgerDomain domain, Node other, Node dead) {
        LedgerDomain.awaitActive(List.of(other));
        State state = domain.verify(other, dead);
        assertTrue(state.epoch() > 2, () -> "epoch " + state.epoch());
        LedgerDomain.awaitAcknowledged(other, state.k() + 2);
        return state;
    }
}
