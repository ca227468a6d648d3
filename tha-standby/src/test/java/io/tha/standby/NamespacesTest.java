package io.tha.standby;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tha.standby.LedgerDomain.Node;
import io.tha.standby.LedgerDomain.State;
import io.tha.testkit.Namespaces;
import io.tha.testkit.Sampled;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Active and standbys as in containers that share a directory: each is process 1 of a PID namespace of its own, none sees another process.
 *
 * <p>Each takeover, also one that is begun and given up, costs an epoch: the epochs tell that there were no others than those looked for.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
@Sampled
class NamespacesTest {
    private static final int LARGE_EVERY = 16;
    private static final int SOME_TRANSACTIONS = 200;
    private static final long LEASE_MILLIS = 1_000;

    @ParameterizedTest
    @EnumSource
    void aStandbyThatDiesDisturbsNobody(Namespaces namespaces) {
        try (LedgerDomain domain = domain(namespaces)) {
            Node active = domain.start("active");
            active.process().awaitLine("STATE ");
            Node dying = follower(domain);
            Node other = follower(domain);
            assertApart(List.of(active, dying, other));

            dying.process().kill();

            LedgerDomain.awaitAcknowledged(active, active.marks().acknowledged() + SOME_TRANSACTIONS);
            Node late = follower(domain);
            LedgerDomain.awaitAcknowledged(active, active.marks().acknowledged() + SOME_TRANSACTIONS);
            assertFalse(other.hasPrinted("STATE ") || late.hasPrinted("STATE "), "a standby has taken over from an active that lives");
            assertFalse(active.hasPrinted("FENCED"), () -> active.process().output());
            assertHandsOver(domain, active, List.of(other, late), 2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void oneStandbyAfterAnotherTakesOverWithAllThatWasAcknowledged(Namespaces namespaces) {
        try (LedgerDomain domain = domain(namespaces)) {
            Node active = domain.start("active");
            active.process().awaitLine("STATE ");
            Node standby = follower(domain);
            for (int epoch = 2; epoch < 5; epoch++) {
                Node joining = follower(domain);
                assertApart(List.of(active, standby, joining));
                LedgerDomain.awaitAcknowledged(active, active.marks().acknowledged() + SOME_TRANSACTIONS);

                Node next = assertHandsOver(domain, active, List.of(standby, joining), epoch);

                standby = next.equals(standby) ? joining : standby;
                active = next;
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void theRoleGoesToAndFroByRequestByLeaseAndByDeath(Namespaces namespaces) {
        try (LedgerDomain domain = domain(namespaces).withLease(LEASE_MILLIS)) {
            Node active = domain.start("switching-active");
            active.process().awaitLine("STATE ");
            Node standby = domain.start("switching-standby");
            standby.process().awaitLine("READY");
            assertApart(List.of(active, standby));

            new RoleTour(domain, active, standby).run();
        }
    }

    private static LedgerDomain domain(Namespaces namespaces) {
        String refusal = namespaces.refusal();
        assumeTrue(refusal.isEmpty(), refusal);
        return new LedgerDomain(LARGE_EVERY, namespaces.command());
    }

    private static Node follower(LedgerDomain domain) {
        Node standby = domain.start("standby");
        standby.process().awaitLine("READY");
        return standby;
    }

    /** That all have the same process id, and nothing in common by which they could tell one another apart or find one another. */
    private static void assertApart(List<Node> nodes) {
        for (Node node : nodes) {
            assertEquals(List.of(node.process().pid(), 1L), node.process().processIds());
        }
        for (String kind : List.of("pid", "ipc", "mnt")) {
            assertEquals(nodes.size(), nodes.stream().map(node -> namespace(node, kind)).distinct().count(), kind);
        }
    }

    private static String namespace(Node node, String kind) {
        try {
            return Files.readSymbolicLink(Path.of("/proc", Long.toString(node.process().pid()), "ns", kind)).toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Node assertHandsOver(LedgerDomain domain, Node active, List<Node> standbys, long epoch) {
        active.process().kill();

        Node next = LedgerDomain.awaitActive(standbys);
        State state = domain.verify(next, active);
        assertEquals(epoch, state.epoch());
        LedgerDomain.awaitAcknowledged(next, state.k() + SOME_TRANSACTIONS);
        for (Node standby : standbys) {
            assertTrue(standby.process().isAlive(), () -> standby.process().output());
            assertEquals(standby.equals(next), standby.hasPrinted("STATE "), () -> standby.process().output());
        }
        return next;
    }
}
