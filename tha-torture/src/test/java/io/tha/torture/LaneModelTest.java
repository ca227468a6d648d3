package io.tha.torture;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tha.active.ThaApplication;
import io.tha.testkit.DomainDirectory;
import io.tha.testkit.Seeds;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** The service and the model agree where nobody is killed: what the rig finds is then not the rig's own. */
class LaneModelTest {
    private static final int TRANSACTIONS = 3 * Plan.LARGE_EVERY;

    @AutoClose
    private final DomainDirectory directory = DomainDirectory.create();

    @Test
    void theStateAfterEachTransactionIsThatOfTheModel() {
        long seed = Seeds.seed();
        NodeOptions options = new NodeOptions(1_000, 0, false, false);

        try (ThaApplication application =
                ThaApplication.open(directory.resolve("domain"), TortureNode.APPLICATION, options.config())) {
            application.register(LaneText.layouts());
            for (int lane = 0; lane < Plan.LANES; lane++) {
                Lane service = new Lane(application, new Journal(directory.resolve("journal-" + lane)), seed, lane);
                LaneModel model = new LaneModel(seed, lane);
                for (long k = 1; k <= TRANSACTIONS; k++) {
                    assertEquals(k, service.next(List.of()));
                    assertEquals(model.lines(k), LaneText.lines(application.pool()).get(lane), "lane " + lane + " after transaction " + k);
                }
            }
        }
    }
}
