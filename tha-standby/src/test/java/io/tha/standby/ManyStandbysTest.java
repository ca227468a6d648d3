package io.tha.standby;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tha.standby.LedgerDomain.Node;
import io.tha.standby.LedgerDomain.State;
import io.tha.testkit.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Eight standbys: of those that are left exactly one takes over each time, with all that was committed, and the others follow it. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class ManyStandbysTest {
    private static final int STANDBYS = 8;
    private static final int LARGE_EVERY = 16;
    private static final int MOST_TRANSACTIONS = 100;

    @Test
    void oneAfterTheOtherTakesOver() {
        Random random = Seeds.random();
        try (LedgerDomain domain = new LedgerDomain(LARGE_EVERY)) {
            Node active = domain.start("active");
            List<Node> standbys = new ArrayList<>();
            for (int i = 0; i < STANDBYS; i++) {
                standbys.add(domain.start("standby"));
            }
            standbys.forEach(standby -> standby.process().awaitLine("READY"));
            while (!standbys.isEmpty()) {
                LedgerDomain.awaitAcknowledged(active, active.marks().acknowledged() + 1 + random.nextInt(MOST_TRANSACTIONS));
                active.process().kill();
                Node successor = LedgerDomain.awaitActive(standbys);
                State state = domain.verify(successor, active);
                LedgerDomain.awaitAcknowledged(successor, state.k() + 2);
                assertEquals(1, standbys.stream().filter(standby -> standby.hasPrinted("STATE ")).count(), "how many took over");
                assertEquals(STANDBYS - standbys.size() + 2, state.epoch(), "each takeover was claimed once");
                standbys.remove(successor);
                active = successor;
            }
        }
    }
}
