package io.tha.standby;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.tha.standby.LedgerDomain.Node;
import io.tha.testkit.Seeds;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Standbys are killed while they join, one after another. The active would wait ten minutes for a living one: who is waited for in vain fails the
 * test.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class BootstrapKillTest {
    private static final int KILLS = 8;
    private static final int LARGE_EVERY = 16;
    /** The ring is overwritten more than once by so many. */
    private static final int SOME_TRANSACTIONS = 500;
    private static final int SLOTS = 150;
    private static final int JOINING_TAKES_TRANSACTIONS = 10_000;

    @Test
    void standbysThatDieWhileTheyCopyHoldNobodyUpAndLeaveNothing() {
        Random random = Seeds.random();
        try (LedgerDomain domain = domain()) {
            Node active = domain.start("active");
            LedgerDomain.awaitAcknowledged(active, SOME_TRANSACTIONS);
            for (int kill = 0; kill < KILLS; kill++) {
                Node joining = domain.start("standby", false, "IN_BOOTSTRAP:" + (1 + random.nextInt(SLOTS)));

                assertEquals(128 + 9, joining.process().awaitExit(), () -> joining.process().output());

                LedgerDomain.awaitAcknowledged(active, active.marks().acknowledged() + SOME_TRANSACTIONS);
            }
            assertJoinsAndTakesOver(domain, active);
        }
    }

    @Test
    void standbysThatAreKilledAtAnyMomentWhileTheyJoinHoldNobodyUpAndLeaveNothing() {
        Random random = Seeds.random();
        try (LedgerDomain domain = domain()) {
            Node active = domain.start("active");
            LedgerDomain.awaitAcknowledged(active, 1);
            for (int kill = 0; kill < KILLS; kill++) {
                Node joining = domain.start("standby");
                LedgerDomain.awaitAcknowledged(active, active.marks().acknowledged() + random.nextInt(JOINING_TAKES_TRANSACTIONS));

                joining.process().kill();

                LedgerDomain.awaitAcknowledged(active, active.marks().acknowledged() + SOME_TRANSACTIONS);
            }
            assertJoinsAndTakesOver(domain, active);
        }
    }

    private static LedgerDomain domain() {
        return new LedgerDomain(LARGE_EVERY).with(LedgerNode.READER_TIMEOUT_PROPERTY, TimeUnit.MINUTES.toMillis(10));
    }

    private static void assertJoinsAndTakesOver(LedgerDomain domain, Node active) {
        Node standby = domain.start("standby");
        standby.process().awaitLine("READY");
        assertEquals(1, count(domain, ".image"), () -> domain.files().toString());
        assertEquals(2, count(domain, ".pool"), () -> domain.files().toString());
        assertEquals(2, count(domain, ".outcomes"), () -> domain.files().toString());
        assertEquals(1, count(domain, ".prepared"), () -> domain.files().toString());
        active.process().kill();
        domain.verify(standby, active);
        assertFalse(active.hasPrinted("FENCED"), () -> active.process().output());
    }

    private static long count(LedgerDomain domain, String suffix) {
        return domain.files().stream().filter(name -> name.endsWith(suffix)).count();
    }
}
