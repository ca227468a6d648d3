package io.tha.standby;

import io.tha.active.StandbyMode;
import io.tha.active.ThaConfig;
import org.junit.jupiter.api.Nested;

/** What a takeover hands over does not depend on how the state comes: the same tests with standbys without a copy. */
class MappingCasesTest {
    private static ThaConfig mapping(ThaConfig config) {
        return config.toBuilder().standbyMode(StandbyMode.MAPPING).build();
    }

    @Nested
    class Intents extends IntentTest {
        @Override
        ThaConfig standbyConfig(ThaConfig config) {
            return mapping(config);
        }
    }

    @Nested
    class Outcomes extends OutcomeTest {
        @Override
        ThaConfig standbyConfig(ThaConfig config) {
            return mapping(config);
        }
    }

    @Nested
    class Discarded extends DiscardedTest {
        @Override
        ThaConfig standbyConfig(ThaConfig config) {
            return mapping(config);
        }
    }
}
