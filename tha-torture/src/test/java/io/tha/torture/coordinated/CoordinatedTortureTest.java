package io.tha.torture.coordinated;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tha.testkit.Extent;
import io.tha.testkit.Seeds;
import io.tha.torture.TortureOptions;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A short run of the rig: four applications move amounts between them, their processes are killed and stopped, and standbys read together. */
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class CoordinatedTortureTest {
    private static final int KILLS = Extent.of(50);

    @Test
    void nothingIsHalfThereWhoeverIsKilledOrStopped() {
        TortureOptions options = new TortureOptions();
        options.seed = Seeds.seed();
        options.coordinated = true;
        options.kills = KILLS;

        assertTrue(new CoordinatedRun(options, System.out::println).run(), "see above");
    }
}
