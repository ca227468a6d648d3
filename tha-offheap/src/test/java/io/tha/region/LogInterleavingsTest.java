package io.tha.region;

import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tha.interleaving.Explorer;
import io.tha.interleaving.Scenario;
import io.tha.interleaving.Steps;
import io.tha.interleaving.Steps.Fault.Effect;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every interleaving of publication, seal and reading, at each access to the log's memory; docs/memory-ordering.md says what this covers. */
@Timeout(300)
class LogInterleavingsTest {
    @ParameterizedTest
    @ValueSource(strings = {
        "1 2 1", "1 2 1 checksums", "2 2 1", "1 1 2", "1 2 1 announces", "1 1 0 wraps", "1 1 0 wraps checksums", "1 1 1 wraps", "2 1 0 wraps",
    })
    void whatIsCommittedIsReadAndNothingElse(String plan) {
        try (Scenario scenario = Explorer.load(LogInterleavings.class, plan)) {
            Explorer explorer = new Explorer(scenario);
            explorer.exploreAll();
            System.out.println(plan + ": " + explorer);
        }
    }

    /** A writer that dies after each of its steps. */
    @ParameterizedTest
    @ValueSource(strings = {"1 2 1", "1 2 1 checksums", "1 1 1 announces", "1 1 0 wraps", "1 1 1 wraps", "2 1 0 wraps checksums"})
    void aWriterThatDiesLeavesWhatItHasPublished(String plan) {
        try (Scenario scenario = Explorer.load(LogInterleavings.class, plan)) {
            Explorer explorer = new Explorer(scenario);
            int steps = 0;
            while (explorer.exploreAll(steps)) {
                steps++;
            }
            System.out.println(plan + ": " + explorer + ", " + steps + " deaths");
        }
    }

    /** Protections that are taken away. */
    enum Break {
        PUBLICATION_IS_A_STORE(LogInterleavings.WRITER, "tail", Effect.STORE),
        CLAIM_IS_A_STORE(LogInterleavings.WRITER, "claimed", Effect.STORE),
        CLAIM_IS_NOT_MADE(LogInterleavings.WRITER, "claimed", Effect.PRETENCE),
        SEAL_OF_THE_TAIL_IS_A_STORE(LogInterleavings.READER + 1, "tail", Effect.STORE),
        SEAL_OF_THE_TAIL_IS_NOT_MADE(LogInterleavings.READER + 1, "tail", Effect.PRETENCE),
        CLAIMED_IS_NOT_SEALED(LogInterleavings.READER + 1, "claimed", Effect.PRETENCE);

        private final int actor;
        private final String word;
        private final Effect effect;

        Break(int actor, String word, Effect effect) {
            this.actor = actor;
            this.word = word;
            this.effect = effect;
        }
    }

    @ParameterizedTest
    @EnumSource
    void aProtectionThatIsTakenAwayIsMissed(Break broken) {
        String plan = "1 2 1 wraps";
        try (Scenario scenario = Explorer.load(LogInterleavings.class, plan)) {
            Steps.inject((actor, address, expected, next) ->
                    actor == broken.actor && scenario.nameOf(address).equals(broken.word) ? broken.effect : Effect.NONE);

            assertThrows(AssertionError.class, new Explorer(scenario)::exploreAll);
        }
    }
}
