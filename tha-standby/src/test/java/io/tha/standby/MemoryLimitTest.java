package io.tha.standby;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tha.standby.LedgerDomain.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The private pages of a promoted standby are not reserved. Where its control group allows less memory, the kernel kills it, with SIGKILL: that is
 * all that may happen.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class MemoryLimitTest {
    private static final Path GROUPS = Path.of("/sys/fs/cgroup/memory");
    private static final long POOL_BYTES = 128 << 20;
    private static final long LIMIT_BYTES = 64 << 20;
    private static final int SOME_TRANSACTIONS = 300;

    private final Path group = GROUPS.resolve("tha-test-" + ProcessHandle.current().pid());

    @AfterEach
    void remove() throws IOException {
        Files.deleteIfExists(group);
    }

    @Test
    void aPromotedStandbyThatGetsNoMemoryDiesAndTheNextOneTakesOver() throws IOException {
        try (LedgerDomain domain = new LedgerDomain(0).with(LedgerNode.POOL_BYTES_PROPERTY, POOL_BYTES)) {
            Node active = domain.start("active");
            active.process().awaitLine("STATE ");
            Node limited = domain.start("standby");
            limited.process().awaitLine("READY");
            limit(limited);
            LedgerDomain.awaitAcknowledged(active, SOME_TRANSACTIONS);

            active.process().kill();

            domain.verify(limited, active);
            assertEquals(128 + 9, limited.process().awaitExit(), () -> limited.process().output());
            Node next = domain.start("standby");
            long k = domain.verify(next, limited).k();
            LedgerDomain.awaitAcknowledged(next, k + SOME_TRANSACTIONS);
        }
    }

    private void limit(Node node) {
        try {
            Files.createDirectory(group);
            Files.writeString(group.resolve("memory.limit_in_bytes"), Long.toString(LIMIT_BYTES));
            Files.writeString(group.resolve("cgroup.procs"), Long.toString(node.process().pid()));
        } catch (IOException e) {
            assumeTrue(false, "no control group can be made: " + e);
        }
    }
}
