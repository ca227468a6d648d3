package io.tha.torture;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tha.testkit.Extent;
import io.tha.testkit.Seeds;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A short run of the rig: so many processes are killed that the usual moments come up. */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class TortureTest {
    private static final int KILLS = Extent.of(300);
    /** More than so many kills take on a busy machine. */
    private static final double MOST_MINUTES = 25;

    @Test
    void nothingIsLostDoubledOrTornWhoeverIsKilledOrStopped() {
        TortureOptions options = new TortureOptions();
        options.seed = Seeds.seed();
        options.kills = KILLS;
        options.minutes = MOST_MINUTES;

        assertTrue(new TortureRun(options, System.out::println).run(), () -> "see above; repeat with " + options.command());
    }
}
