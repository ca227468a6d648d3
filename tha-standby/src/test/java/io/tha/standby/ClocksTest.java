package io.tha.standby;

import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tha.standby.LedgerDomain.Node;
import io.tha.testkit.Clocks;
import io.tha.testkit.DomainDirectory;
import io.tha.testkit.ForkedJvm;
import io.tha.testkit.Sampled;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Active and standby do not agree on the time of day, nor on the time since the system was started: nothing is decided by either. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
@Sampled
class ClocksTest {
    private static final int LARGE_EVERY = 16;
    private static final long LEASE_MILLIS = 1_000;
    private static final Duration YEAR = Duration.ofDays(365);

    @ParameterizedTest
    @CsvSource({"true, false", "false, false", "true, true"})
    void theMonotonicClocksOfActiveAndStandbyAreAYearApart(boolean theActiveIsAhead, boolean inUserNamespace) {
        List<String> ahead = Clocks.monotonicAhead(YEAR, inUserNamespace);
        String refusal = Clocks.refusal(ahead);
        assumeTrue(refusal.isEmpty(), refusal);
        try (LedgerDomain domain = new LedgerDomain(LARGE_EVERY).withLease(LEASE_MILLIS)) {
            Node active = domain.through(theActiveIsAhead ? ahead : List.of()).start("switching-active");
            active.process().awaitLine("STATE ");
            Node standby = domain.through(theActiveIsAhead ? List.of() : ahead).start("switching-standby");
            standby.process().awaitLine("READY");
            assertNotEquals(timeNamespace(active), timeNamespace(standby));

            new RoleTour(domain, active, standby).run();
        }
    }

    private static String timeNamespace(Node node) {
        try {
            return Files.readSymbolicLink(Path.of("/proc", Long.toString(node.process().pid()), "ns", "time")).toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void theWallClocksJump() {
        try (DomainDirectory libraries = DomainDirectory.create()) {
            List<String> jumping = Clocks.jumpingWallClock(libraries.path());
            String refusal = Clocks.refusal(jumping);
            assumeTrue(refusal.isEmpty(), refusal);
            assertJumps(jumping);
            try (LedgerDomain domain = new LedgerDomain(LARGE_EVERY).withLease(LEASE_MILLIS).through(jumping)) {
                Node active = domain.start("switching-active");
                active.process().awaitLine("STATE ");
                Node standby = domain.start("switching-standby");
                standby.process().awaitLine("READY");

                new RoleTour(domain, active, standby).run();
            }
        }
    }

    private static void assertJumps(List<String> jumping) {
        try (ForkedJvm child = ForkedJvm.of(WallClock.class).through(jumping).start()) {
            long one = Long.parseLong(child.awaitLine("CLOCK ").split(" ", -1)[1]);
            long other = Long.parseLong(child.awaitLine("CLOCK ").split(" ", -1)[1]);
            assertTrue(Math.abs(other - one) > YEAR.toMillis() / 2, () -> "the wall clock went from " + one + " to " + other);
        }
    }
}
