package io.tha.standby;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tha.memory.CrashPoint;
import io.tha.region.ControlFile;
import io.tha.region.TakeoverWord;
import io.tha.standby.LedgerDomain.Node;
import io.tha.standby.LedgerDomain.State;
import io.tha.testkit.Extent;
import io.tha.testkit.Sampled;
import io.tha.testkit.Seeds;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Planned switchovers under load: nothing is lost, one process serves, and where no standby confirms the active goes on. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
@Sampled
class SwitchoverTest {
    private static final int SWITCHOVERS = Extent.of(10);
    private static final int LARGE_EVERY = 16;
    private static final int MAX_TRANSACTIONS = 100;
    private static final long LONG_MILLIS = 30_000;
    private static final long SHORT_MILLIS = 300;

    private final Random random = Seeds.random();

    @Test
    void nothingIsLostHoweverOftenTheRoleGoesToAndFro() {
        try (LedgerDomain domain = new LedgerDomain(LARGE_EVERY)) {
            Node active = startActive(domain);
            Node standby = startStandby(domain);
            long longest = 0;
            for (int i = 0; i < SWITCHOVERS; i++) {
                work(active);

                String result = switchOver(active, LONG_MILLIS);

                assertTrue(result.startsWith("SWITCHED HANDED_OVER " + (i + 2) + " "), result);
                longest = Math.max(longest, Long.parseLong(result.split(" ", -1)[3]));
                assertHandedOver(domain, active, standby, i + 2);
                active.process().awaitLine("READY");
                Node other = active;
                active = standby;
                standby = other;
            }
            work(active);
            System.out.println("SwitchoverTest: " + SWITCHOVERS + " switchovers, longest pause " + longest / 1_000 + " us");
        }
    }

    @Test
    void withoutAStandbyItIsGivenUpAtOnce() {
        try (LedgerDomain domain = new LedgerDomain(LARGE_EVERY)) {
            Node active = startActive(domain);

            assertEquals("no standby follows", assertGivenUp(switchOver(active, LONG_MILLIS)));

            work(active);
        }
    }

    @Test
    void aStandbyThatStandsStillIsNotWaitedForBeyondTheTimeout() {
        try (LedgerDomain domain = new LedgerDomain(LARGE_EVERY)) {
            Node active = startActive(domain);
            Node standby = startStandby(domain);
            work(active);
            standby.process().stop();

            assertGivenUp(switchOver(active, SHORT_MILLIS));

            work(active);
            standby.process().resume();
            work(active);
            assertTrue(!standby.hasPrinted("STATE "), "the offer was withdrawn, and the standby took it");
            String again = switchOverOnceFollowed(active);
            assertTrue(again.startsWith("SWITCHED HANDED_OVER 2 "), again);
            assertHandedOver(domain, active, standby, 2);
        }
    }

    /** It is dead when the offer is made, or dies with it: there is nobody left. */
    @Test
    void aStandbyThatWasKilledIsNotWaitedFor() {
        try (LedgerDomain domain = new LedgerDomain(LARGE_EVERY)) {
            Node active = startActive(domain);
            Node standby = startStandby(domain);
            work(active);
            standby.process().kill();

            assertGivenUp(switchOver(active, LONG_MILLIS));

            work(active);
        }
    }

    @Test
    void aStandbyThatDiesBetweenItsClaimAndTheSealLeavesTheRoleToTheActive() {
        try (LedgerDomain domain = new LedgerDomain(LARGE_EVERY)) {
            Node active = startActive(domain);
            Node claimant = domain.start("switching-standby", false, "AFTER_CLAIMED");
            claimant.process().awaitLine("READY");
            work(active);

            assertEquals("the standby is gone", assertGivenUp(switchOver(active, LONG_MILLIS)));

            work(active);
            Node standby = startStandby(domain);
            String again = switchOver(active, LONG_MILLIS);
            assertTrue(again.startsWith("SWITCHED HANDED_OVER 2 "), again);
            assertHandedOver(domain, active, standby, 2);
        }
    }

    /** It has the claim and may still seal: the active goes on until then, and loses nothing. */
    @Test
    void aStandbyThatStandsStillAfterItsClaimTakesOverLater() {
        try (LedgerDomain domain = new LedgerDomain(LARGE_EVERY)) {
            Node active = startActive(domain);
            Node standby = domain.start("switching-standby", false, "AFTER_CLAIMED:STOP");
            standby.process().awaitLine("READY");
            work(active);

            String result = switchOver(active, SHORT_MILLIS);

            assertTrue(result.startsWith("SWITCHED UNCONFIRMED 1 "), result);
            standby.process().awaitStopped();
            work(active);
            standby.process().resume();
            assertHandedOver(domain, active, standby, 2);
        }
    }

    /** From the seal on the active cannot go on; its state waits for a standby in its log and image. */
    @ParameterizedTest
    @EnumSource(from = "AFTER_SEAL_CLAIMED", to = "AFTER_INTENTS")
    void whenTheOnlyStandbyDiesAfterTheSealTheNextOneTakesOver(CrashPoint point) {
        try (LedgerDomain domain = new LedgerDomain(LARGE_EVERY)) {
            Node active = startActive(domain);
            Node claimant = domain.start("switching-standby", false, point.toString());
            claimant.process().awaitLine("READY");
            work(active);

            String result = switchOver(active, 1_000);

            assertTrue(result.startsWith("SWITCHED UNCONFIRMED 1 "), result);
            assertEquals(128 + 9, claimant.process().awaitExit(), "exit code");
            // The old active follows as a standby now, and finishes the takeover itself, with all that it has acknowledged.
            active.process().awaitLine("FENCED ");
            long acknowledged = active.marks().acknowledged();
            State state = State.of(active.process().awaitLine("STATE "));
            assertEquals(acknowledged, state.k());
            domain.verify(state);
            work(active);
        }
    }

    @ParameterizedTest
    @EnumSource(from = "AFTER_OFFERED", to = "AFTER_SERVING")
    void aSecondStandbyTakesTheRoleWhenTheFirstDies(CrashPoint point) {
        try (LedgerDomain domain = new LedgerDomain(LARGE_EVERY)) {
            Node active = startActive(domain);
            Node claimant = domain.start("switching-standby", false, point.toString());
            Node other = startStandby(domain);
            claimant.process().awaitLine("READY");
            work(active);

            String result = switchOver(active, LONG_MILLIS);

            // At AFTER_OFFERED no standby dies. Either of them claims; when it is the one that dies, the other one follows it, as after any takeover.
            assertTrue(!result.startsWith("SWITCHED UNCONFIRMED"), result);
            Node now = result.startsWith("SWITCHED GIVEN_UP") ? active : awaitServing(claimant, other);
            LedgerDomain.awaitAcknowledged(now, now.marks().acknowledged() + 5);
        }
    }

    /** The one that claims may be dead, or about to die. */
    private static Node awaitServing(Node claimant, Node other) {
        Node[] found = new Node[1];
        LedgerDomain.await("a standby that lives serves", () -> {
            found[0] = Stream.of(claimant, other)
                    .filter(node -> node.process().isAlive() && node.hasPrinted("STATE "))
                    .findFirst()
                    .orElse(null);
            return found[0] != null;
        });
        return found[0];
    }

    /** The active dies with its offer made. */
    @Test
    void anOfferOutlivesWhoMadeIt() {
        try (LedgerDomain domain = new LedgerDomain(LARGE_EVERY)) {
            Node active = domain.start("switching-active", false, "AFTER_OFFERED");
            active.process().awaitLine("STATE ");
            Node standby = startStandby(domain);
            work(active);

            active.process().send("SWITCH " + LONG_MILLIS);

            assertEquals(128 + 9, active.process().awaitExit(), "exit code");
            domain.verify(standby, active);
            work(standby);
        }
    }

    /** Kills either side at a moment that nobody chose: whoever is left serves, or the one that comes. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aKillAtAnyMomentLosesNothing(boolean killsActive) {
        for (int round = 0; round < 8; round++) {
            try (LedgerDomain domain = new LedgerDomain(LARGE_EVERY)) {
                Node active = startActive(domain);
                Node standby = startStandby(domain);
                work(active);
                active.process().send("SWITCH " + 2_000);
                int spins = random.nextInt(300_000);
                for (int i = 0; i < spins; i++) {
                    Thread.onSpinWait();
                }
                if (killsActive) {
                    active.process().kill();
                    domain.verify(standby, active);
                    work(standby);
                } else {
                    standby.process().kill();
                    LedgerDomain.awaitAcknowledged(active, Math.max(active.marks().acknowledged(), standby.marks().acknowledged()) + 5);
                }
            }
        }
    }

    @Test
    void terminationUnderLoadIsASwitchover() {
        try (LedgerDomain domain = new LedgerDomain(LARGE_EVERY)) {
            Node active = startActive(domain);
            Node standby = startStandby(domain);
            work(active);

            terminate(active);

            assertEquals(128 + 15, active.process().awaitExit(), "exit code");
            try (ControlFile control = ControlFile.open(domain.path())) {
                long word = control.takeoverWordAcquire(control.findApplication(LedgerNode.APPLICATION));
                assertEquals(2, TakeoverWord.servedEpoch(word), "epoch that was served when the old active had ended");
            }
            assertEquals(2, domain.verify(standby, active).epoch());
            work(standby);
        }
    }

    @Test
    void terminationWithoutAStandbyReleasesTheRole() {
        try (LedgerDomain domain = new LedgerDomain(LARGE_EVERY)) {
            Node active = startActive(domain);
            work(active);

            terminate(active);

            assertEquals(128 + 15, active.process().awaitExit(), "exit code");
            Node next = domain.start("switching-standby");
            assertEquals(2, domain.verify(next, active).epoch());
            work(next);
        }
    }

    /** A standby that takes over while its process is told to end. */
    @Test
    void whoAsksForASwitchoverWhileTheJvmEndsLeavesTheRoleToOthers() {
        try (LedgerDomain domain = new LedgerDomain(0)) {
            Node node = domain.start("ending");

            assertEquals(0, node.process().awaitExit(), () -> node.process().output());

            assertTrue(node.hasPrinted("ASKED"), () -> node.process().output());
        }
    }

    private static void terminate(Node node) {
        assertTrue(ProcessHandle.of(node.process().pid()).orElseThrow().destroy(), "SIGTERM");
    }

    private static Node startActive(LedgerDomain domain) {
        Node active = domain.start("switching-active");
        active.process().awaitLine("STATE ");
        return active;
    }

    private static Node startStandby(LedgerDomain domain) {
        Node standby = domain.start("switching-standby");
        standby.process().awaitLine("READY");
        return standby;
    }

    private static String switchOver(Node active, long millis) {
        active.process().send("SWITCH " + millis);
        return active.process().awaitLine("SWITCHED ");
    }

    /** A standby that stood still may have been dropped meanwhile, and joins anew first. */
    private static String switchOverOnceFollowed(Node active) {
        String result = switchOver(active, LONG_MILLIS);
        while (result.endsWith("no standby follows")) {
            result = switchOver(active, LONG_MILLIS);
        }
        return result;
    }

    private static String assertGivenUp(String result) {
        assertTrue(result.startsWith("SWITCHED GIVEN_UP 1 "), result);
        return result.split(" ", 5)[4];
    }

    /** The new active has what the old one acknowledged, and nothing else; the old one is fenced, and can still be read. */
    private static void assertHandedOver(LedgerDomain domain, Node old, Node now, long epoch) {
        State state = domain.verify(now, old);
        assertEquals(epoch, state.epoch());
        assertEquals(old.marks().acknowledged(), state.k(), "transactions that the new active has");
        assertTrue(old.process().awaitLine("FENCED ").startsWith("FENCED active=false sequence="));
        LedgerDomain.awaitAcknowledged(now, state.k() + 2);
    }

    private void work(Node active) {
        LedgerDomain.awaitAcknowledged(active, active.marks().acknowledged() + 1 + random.nextInt(MAX_TRANSACTIONS));
    }
}
