package io.tha.standby;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tha.standby.LedgerDomain.Node;
import io.tha.testkit.Extent;
import io.tha.testkit.Seeds;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** All processes of an application are killed at once; one that is started afterwards goes on from image and log. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class AllKilledTest {
    private static final int KILLS = Extent.of(10);
    private static final int LARGE_EVERY = 16;
    private static final int MAX_TRANSACTIONS = 300;

    @Test
    void whatWasAcknowledgedIsThereWhenActiveAndStandbysWereKilledAtOnce() throws IOException, InterruptedException {
        Random random = Seeds.random();
        try (LedgerDomain domain = new LedgerDomain(LARGE_EVERY)) {
            Node active = domain.start("active");
            active.process().awaitLine("STATE ");
            Node standby = domain.start("standby");
            long transactions = 0;
            for (int kill = 0; kill < KILLS; kill++) {
                if (random.nextInt(4) > 0) {
                    standby.process().awaitLine("READY");
                }
                LedgerDomain.awaitAcknowledged(active, transactions + random.nextInt(MAX_TRANSACTIONS));
                killAtOnce(active, standby);

                List<Node> started = List.of(domain.start("standby"), domain.start("standby"));

                Node next = LedgerDomain.awaitActive(started);
                transactions = verify(domain, next, List.of(active, standby));
                standby = started.get(next.equals(started.get(0)) ? 1 : 0);
                active = next;
            }
            LedgerDomain.awaitAcknowledged(active, transactions + MAX_TRANSACTIONS);
        }
    }

    /** The standby may have taken over when the active was dead and it was not. */
    private static long verify(LedgerDomain domain, Node next, List<Node> killed) {
        Node last = killed.get(0).marks().started() >= killed.get(1).marks().started() ? killed.get(0) : killed.get(1);
        return domain.verify(next, last).k();
    }

    private static void killAtOnce(Node... nodes) throws IOException, InterruptedException {
        StringBuilder command = new StringBuilder("kill -KILL");
        for (Node node : nodes) {
            command.append(' ').append(node.process().pid());
        }
        assertEquals(0, new ProcessBuilder("/bin/sh", "-c", command.toString()).inheritIO().start().waitFor(), command.toString());
        for (Node node : nodes) {
            node.process().awaitExit();
        }
    }
}
