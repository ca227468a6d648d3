package io.tha.torture;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tha.memory.Protection;
import io.tha.testkit.Extent;
import io.tha.testkit.Seeds;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The rig finds an engine that does without a protection; these are found soonest, docs/torture.md has all. */
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class BreakTest {
    private static final double MOST_MINUTES = 15;

    @ParameterizedTest
    @EnumSource(
            names = {
                "SEAL_OF_CLAIMED", "SEAL_OF_TAIL", "TAIL_BEFORE_IMAGE", "UNDECIDED_DISCARDED", "INTENTS_INHERITED", "INTENTS_DROPPED",
                "REDO_FROM_UNDECIDED", "UNDECIDED_ABORTED"
            })
    void anEngineWithoutAProtectionIsFoundOut(Protection broken) {
        assumeTrue(Extent.isWhole(), "a part of a search finds nothing");
        TortureOptions options = new TortureOptions();
        options.seed = Seeds.seed();
        options.minutes = MOST_MINUTES;
        options.broken = broken;

        assertFalse(new TortureRun(options, System.out::println).run(), () -> "not found in " + MOST_MINUTES + " minutes: " + options.command());
    }
}
