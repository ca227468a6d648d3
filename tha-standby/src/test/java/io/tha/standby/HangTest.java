package io.tha.standby;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tha.active.ThaApplication;
import io.tha.active.ThaConfig;
import io.tha.memory.CrashPoint;
import io.tha.region.ControlFile;
import io.tha.region.TakeoverWord;
import io.tha.standby.LedgerDomain.Node;
import io.tha.standby.LedgerDomain.State;
import io.tha.testkit.DomainDirectory;
import io.tha.testkit.Sampled;
import io.tha.testkit.Seeds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An active that hangs for longer than the lease is replaced and fenced; one that hangs for less, or only seems to hang, is not. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
@Sampled
class HangTest {
    private static final int LARGE_EVERY = 16;
    private static final long LEASE_MILLIS = 400;
    private static final int MOST_TRANSACTIONS = 200;

    private static void await(Node node, String prefix) {
        LedgerDomain.await(node.process() + " prints " + prefix, () -> {
            assertTrue(node.process().isAlive(), () -> node.process().output());
            return node.hasPrinted(prefix);
        });
    }

    private static long statesOf(Node node) {
        return node.process().lines().stream().filter(line -> line.startsWith("STATE ")).count();
    }

    /** Here time itself is what is tested. */
    private static void pause(long millis) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (System.nanoTime() - end < 0) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
    }

    @Test
    void anActiveThatHangsIsReplacedAndToldInThreeWays() {
        Random random = Seeds.random();
        try (LedgerDomain domain = new LedgerDomain(LARGE_EVERY).withLease(LEASE_MILLIS)) {
            Node active = domain.startWaiting("active");
            Node standby = domain.startWaiting("standby");
            standby.process().awaitLine("READY");
            active.process().send("GO");
            LedgerDomain.awaitAcknowledged(active, 1 + random.nextInt(MOST_TRANSACTIONS));

            active.process().stop();
            LedgerDomain.awaitActive(List.of(standby));
            State state = domain.verify(standby, active);
            assertEquals(2, state.epoch());
            active.process().resume();

            await(active, "FENCED active=false");
            await(active, "TOLD active=false");
            assertEquals(1, active.process().lines().stream().filter(line -> line.startsWith("TOLD")).count(), "told once");
            assertTrue(active.marks().acknowledged() <= state.k(), "nothing was acknowledged behind the cut");
            // Its pool is a stale copy that can be read.
            long states = statesOf(active);
            active.process().send("STATE");
            LedgerDomain.await(active.process() + " prints its state", () -> {
                assertTrue(active.process().isAlive(), () -> active.process().output());
                return statesOf(active) > states;
            });
            standby.process().send("GO");
            LedgerDomain.awaitAcknowledged(standby, state.k() + 2);
        }
    }

    @Test
    void pausesShorterThanTheLeaseChangeNothing() {
        Random random = Seeds.random();
        try (LedgerDomain domain = new LedgerDomain(LARGE_EVERY).withLease(4 * LEASE_MILLIS)) {
            Node active = domain.start("active");
            Node standby = domain.startWaiting("standby");
            standby.process().awaitLine("READY");
            for (int i = 0; i < 10; i++) {
                LedgerDomain.awaitAcknowledged(active, active.marks().acknowledged() + 1);
                active.process().stop();
                pause(random.nextInt((int) LEASE_MILLIS));
                active.process().resume();
            }
            LedgerDomain.awaitAcknowledged(active, active.marks().acknowledged() + 10);
            assertTrue(!standby.hasPrinted("STATE ") && !active.hasPrinted("FENCED"), "there was a takeover");
        }
    }

    /** For longer than the lease no beat was seen, since nobody looked. */
    @Test
    void aStandbyThatWasStoppedDoesNotMistakeTheOldBeat() {
        try (LedgerDomain domain = new LedgerDomain(LARGE_EVERY).withLease(2 * LEASE_MILLIS)) {
            Node active = domain.start("active");
            Node standby = domain.startWaiting("standby");
            standby.process().awaitLine("READY");
            for (int i = 0; i < 3; i++) {
                LedgerDomain.awaitAcknowledged(active, active.marks().acknowledged() + 1);
                active.process().stop();
                standby.process().stop();
                pause(4 * LEASE_MILLIS);
                standby.process().resume();
                active.process().resume();
                LedgerDomain.awaitAcknowledged(active, active.marks().acknowledged() + 10);
            }
            assertTrue(!standby.hasPrinted("STATE ") && !active.hasPrinted("FENCED"), "there was a takeover");
        }
    }

    @ParameterizedTest
    @EnumSource(from = "AFTER_CLAIMED", to = "AFTER_SERVING")
    void aClaimantThatHangsIsReplaced(CrashPoint point) {
        try (LedgerDomain domain = new LedgerDomain(LARGE_EVERY).withLease(LEASE_MILLIS)) {
            Node active = domain.start("active");
            Node other = domain.start("standby");
            Node claimant = domain.start("standby", false, point + ":STOP");
            other.process().awaitLine("READY");
            claimant.process().awaitLine("READY");
            LedgerDomain.awaitAcknowledged(active, 20);
            other.process().stop();
            active.process().kill();
            claimant.process().awaitStopped();
            other.process().resume();
            LedgerDomain.awaitActive(List.of(other));
            State state = domain.verify(other, active);
            assertEquals(3, state.epoch());

            claimant.process().resume();

            LedgerDomain.awaitAcknowledged(other, state.k() + 20);
            if (point == CrashPoint.AFTER_SERVING) {
                await(claimant, "FENCED active=false");
            } else {
                other.process().kill();
                // It was a standby all the time, and knows that it has lost.
                LedgerDomain.awaitActive(List.of(claimant));
                assertTrue(domain.verify(claimant, other).epoch() > 3);
            }
        }
    }

    /** From the seal on it beats, although the thread that takes over stands still for several leases. */
    @ParameterizedTest
    @EnumSource(from = "AFTER_SEAL_CLAIMED", to = "AFTER_INTENTS")
    void aClaimantThatIsSlowIsWaitedFor(CrashPoint point) {
        try (LedgerDomain domain = new LedgerDomain(LARGE_EVERY).withLease(LEASE_MILLIS)) {
            Node active = domain.start("active");
            Node other = domain.start("standby");
            Node claimant = domain.start("standby", false, point + ":PAUSE");
            other.process().awaitLine("READY");
            claimant.process().awaitLine("READY");
            LedgerDomain.awaitAcknowledged(active, 20);
            other.process().stop();
            active.process().kill();
            awaitClaim(domain, 2);
            other.process().resume();

            LedgerDomain.awaitActive(List.of(claimant));

            assertEquals(2, domain.verify(claimant, active).epoch());
            LedgerDomain.awaitAcknowledged(claimant, claimant.marks().acknowledged() + 20);
        }
    }

    /** Its successor had a copy before it served, so that the file is older than its epoch. The successor is dead, and that file all there is. */
    @Test
    void anActiveThatCleansUpLateLeavesTheFilesOfTheEpochThatIsServed() throws IOException {
        try (LedgerDomain domain = new LedgerDomain(LARGE_EVERY).withLease(LEASE_MILLIS)) {
            Node active = domain.start("active");
            active.process().awaitLine("STATE ");
            Path useless = domain.path().resolve(domain.files().stream().filter(name -> name.endsWith(".pool")).findFirst().orElseThrow());
            Node other = domain.start("standby");
            Node claimant = domain.start("standby", false, "AFTER_SERVING:STOP");
            other.process().awaitLine("READY");
            claimant.process().awaitLine("READY");
            LedgerDomain.awaitAcknowledged(active, 20);
            other.process().stop();
            active.process().kill();
            claimant.process().awaitStopped();
            other.process().resume();
            LedgerDomain.awaitActive(List.of(other));
            State state = domain.verify(other, active);
            assertEquals(3, state.epoch());
            LedgerDomain.awaitAcknowledged(other, state.k() + 20);
            assertTrue(other.hasPrinted("JOINED 2 1 1 "), () -> other.process().output());
            other.process().kill();
            Files.deleteIfExists(useless);
            Files.createFile(useless);

            claimant.process().resume();
            LedgerDomain.await("it has cleaned up", () -> !Files.exists(useless));

            Node last = domain.start("standby");
            LedgerDomain.awaitActive(List.of(last));
            domain.verify(last, other);
        }
    }

    private static void awaitClaim(LedgerDomain domain, int epoch) {
        try (ControlFile control = ControlFile.open(domain.path())) {
            int application = control.findApplication(LedgerNode.APPLICATION);
            LedgerDomain.await("a claim of epoch " + epoch, () -> TakeoverWord.epoch(control.takeoverWordAcquire(application)) == epoch);
        }
    }

    @Test
    void aServiceThatIsStuckIsReplacedIfItAsksForThat() throws InterruptedException {
        ThaConfig config = ThaConfig.builder().poolBytes(1 << 20).ringBytes(64 << 10).lease(Duration.ofMillis(LEASE_MILLIS)).build();
        AtomicInteger told = new AtomicInteger();
        CountDownLatch fenced = new CountDownLatch(2);
        try (DomainDirectory directory = DomainDirectory.create();
                ThaApplication active = ThaApplication.open(directory.path(), "app", config);
                ThaStandby standby = ThaStandby.open(directory.path(), "app", config)) {
            standby.awaitReady();
            active.onFenced(() -> {
                told.incrementAndGet();
                fenced.countDown();
                throw new IllegalStateException("a listener that fails");
            });
            active.watchProgress(Duration.ofMillis(LEASE_MILLIS));
            for (int i = 0; i < 4; i++) {
                pause(LEASE_MILLIS / 2);
                active.progress();
                pause(LEASE_MILLIS / 2);
                active.begin().commit();
            }
            assertTrue(active.isActive(), "it made progress");
            // From now on it makes none.
            try (ThaApplication successor = standby.awaitTakeover().application()) {
                assertEquals(2, successor.epoch());
                active.onFenced(fenced::countDown);
                fenced.await();
                assertTrue(!active.isActive() && successor.isActive());
                assertEquals(1, told.get());
            }
        }
    }

    @Test
    void withoutALeaseAHungActiveStays() {
        try (LedgerDomain domain = new LedgerDomain(LARGE_EVERY).withLease(0)) {
            Node active = domain.start("active");
            Node standby = domain.startWaiting("standby");
            standby.process().awaitLine("READY");
            LedgerDomain.awaitAcknowledged(active, 1);
            active.process().stop();
            pause(3 * LEASE_MILLIS);
            active.process().resume();
            LedgerDomain.awaitAcknowledged(active, active.marks().acknowledged() + 10);
            assertTrue(!standby.hasPrinted("STATE "), "there was a takeover");
        }
    }
}
