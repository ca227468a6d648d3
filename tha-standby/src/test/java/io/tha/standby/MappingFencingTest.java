package io.tha.standby;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tha.active.StandbyMode;
import io.tha.memory.CrashPoint;
import io.tha.standby.LedgerDomain.Node;
import io.tha.standby.LedgerDomain.State;
import io.tha.testkit.Sampled;
import io.tha.testkit.Seeds;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * An active is stopped, and a standby without a copy wants the image that both have mapped: it takes it when the stopped one can write it no more,
 * and
 * waits when it may be in the middle of that.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
@Sampled
class MappingFencingTest {
    private static final int LARGE_EVERY = 16;
    private static final int FIRST_PASSAGE = 20;
    private static final long LEASE_MILLIS = 400;
    private static final String WAITS = "cannot take over";

    @ParameterizedTest
    @CsvSource({
        "AFTER_COLLECT, 60", "AFTER_CLAIM, 20", "AFTER_FRAME, 1500", "AFTER_OVERFLOW_CREATE, 20", "BEFORE_PUBLISH, 60",
        "AFTER_PUBLISH_BEFORE_IMAGE, 60", "IN_IMAGE_ADVANCE, 1500", "AFTER_IMAGE_BEFORE_APPLIED, 60", "AFTER_APPLIED, 60",
    })
    void anActiveThatWasStoppedInItsCommitChangesNothingThatCounts(CrashPoint point, int passages) {
        Random random = Seeds.random();
        try (LedgerDomain domain = new LedgerDomain(LARGE_EVERY).withLease(LEASE_MILLIS)) {
            Node active = domain.start("active", true, point + ":" + (FIRST_PASSAGE + random.nextInt(passages)) + ":STOP");
            Node standby = domain.with(StandbyMode.MAPPING).startWaiting("standby");
            standby.process().awaitLine("READY");
            active.process().send("GO");
            active.process().awaitStopped();
            boolean isAdvancing = isAdvancing(point, active);

            if (isAdvancing) {
                awaitWaiting(standby);
                assertFalse(standby.hasPrinted("STATE "), "the image is the stopped one's");
                active.process().resume();
                LedgerDomain.awaitActive(List.of(standby));
                awaitFenced(active, domain.verify(standby, active));
            } else {
                LedgerDomain.awaitActive(List.of(standby));
                State state = domain.verify(standby, active);
                Map<String, byte[]> files = FencingTest.contents(domain, state.epoch());
                active.process().resume();
                awaitFenced(active, state);
                FencingTest.assertSame(files, FencingTest.contents(domain, state.epoch()));
            }

            long k = State.of(standby.process().lines().stream().filter(line -> line.startsWith("STATE ")).findFirst().orElseThrow()).k();
            standby.process().send("GO");
            LedgerDomain.awaitAcknowledged(standby, k + 20);
        }
    }

    /** Whether the store was the last one before something is put into the image, or in the middle of that. */
    private static boolean isAdvancing(CrashPoint point, Node active) {
        return switch (point) {
            case IN_IMAGE_ADVANCE, AFTER_IMAGE_BEFORE_APPLIED -> true;
            // A flush puts nothing into the image.
            case AFTER_PUBLISH_BEFORE_IMAGE -> active.marks().committing() == active.marks().started();
            default -> false;
        };
    }

    private static void awaitWaiting(Node standby) {
        LedgerDomain.await("the standby waits", () -> {
            assertTrue(standby.process().isAlive(), () -> standby.process().output());
            return standby.process().output().contains(WAITS);
        });
    }

    private static void awaitFenced(Node active, State state) {
        String fenced = active.process().awaitLine("FENCED");
        assertTrue(fenced.startsWith("FENCED active=false "), fenced);
        assertTrue(active.marks().acknowledged() <= state.k(), () -> "acknowledged " + active.marks().acknowledged() + " of " + state.k());
    }

    @ParameterizedTest
    @EnumSource(StandbyMode.class)
    void whoIsStoppedInTheMiddleMayBeKilledOrAnotherStandbyServes(StandbyMode other) {
        Random random = Seeds.random();
        try (LedgerDomain domain = new LedgerDomain(LARGE_EVERY).withLease(LEASE_MILLIS)) {
            Node active = domain.start("active", true, "IN_IMAGE_ADVANCE:" + (FIRST_PASSAGE + random.nextInt(1500)) + ":STOP");
            Node first = domain.with(StandbyMode.MAPPING).start("standby");
            Node second = domain.with(other).start("standby");
            first.process().awaitLine("READY");
            second.process().awaitLine("READY");
            active.process().send("GO");
            active.process().awaitStopped();

            if (other == StandbyMode.MAPPING) {
                awaitWaiting(first);
                awaitWaiting(second);
                active.process().kill();
            }
            Node successor = LedgerDomain.awaitActive(List.of(first, second));

            assertEquals(other == StandbyMode.COPY ? second : successor, successor);
            State state = domain.verify(successor, active);
            LedgerDomain.awaitAcknowledged(successor, state.k() + 20);
        }
    }

    /** A claimant is stopped with the image in its hands. */
    @ParameterizedTest
    @EnumSource(names = {"AFTER_IMAGE_TAKEN", "IN_IMAGE_REDO", "AFTER_IMAGE_REDO", "AFTER_CUT", "AFTER_OPENED"})
    void aClaimantThatWasStoppedChangesNothingThatCounts(CrashPoint point) {
        Random random = Seeds.random();
        try (LedgerDomain domain = new LedgerDomain(LARGE_EVERY).withLease(LEASE_MILLIS).with(StandbyMode.MAPPING)) {
            Node active = domain.start("active", true, "IN_IMAGE_ADVANCE:" + (FIRST_PASSAGE + random.nextInt(1500)) + ":STOP");
            Node other = domain.start("standby");
            Node claimant = domain.start("standby", false, point + ":STOP");
            other.process().awaitLine("READY");
            claimant.process().awaitLine("READY");
            active.process().send("GO");
            active.process().awaitStopped();
            other.process().stop();
            active.process().kill();
            claimant.process().awaitStopped();
            other.process().resume();
            boolean isRedoing = point == CrashPoint.AFTER_IMAGE_TAKEN || point == CrashPoint.IN_IMAGE_REDO;

            if (isRedoing) {
                awaitWaiting(other);
                claimant.process().resume();
            }
            Node successor = LedgerDomain.awaitActive(List.of(other, claimant));
            State state = domain.verify(successor, active);
            if (!isRedoing) {
                assertEquals(other, successor);
                claimant.process().resume();
            }

            LedgerDomain.awaitAcknowledged(successor, state.k() + 20);
            successor.process().kill();
            Node last = successor.equals(other) ? claimant : other;
            LedgerDomain.awaitActive(List.of(last));
            domain.verify(last, successor);
        }
    }
}
