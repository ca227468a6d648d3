package io.tha.region;

import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tha.interleaving.Explorer;
import io.tha.interleaving.Scenario;
import io.tha.interleaving.Steps;
import io.tha.interleaving.Steps.Fault.Effect;
import io.tha.testkit.Seeds;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every interleaving of a takeover: an active, two claimants, deaths and stops at every step; docs/memory-ordering.md says what this covers. More of
 * them in orders that are drawn.
 */
@Timeout(600)
class TakeoverInterleavingsTest {
    /** How many orders are drawn for each plan. */
    private static final int DRAWN = Integer.getInteger("tha.interleavings", 1_000);

    private static final int MOST_STEPS = 60;
    private static final int NEVER = -1;

    /** Who was stopped at a step for long enough that others claim is who waits there for its turn. */
    @ParameterizedTest
    @ValueSource(strings = {"1 1 hangs announces", "2 1 hangs", "1 1 hangs offers", "2 1 offers", "2 1 leaves", "1 1 hangs beats"})
    void whoeverIsStoppedWhereverNothingIsLost(String plan) {
        try (Scenario scenario = Explorer.load(TakeoverInterleavings.class, plan)) {
            Explorer explorer = new Explorer(scenario);
            explorer.exploreAll();
            System.out.println(plan + ": " + explorer);
        }
    }

    /** At once, or some steps after its death word was marked. */
    @ParameterizedTest
    @CsvSource({"2 1 announces, 0", "2 1 leaves, 0", "1 2 offers, 0", "1 2 offers, 2", "1 1 hangs offers, 1"})
    void whoeverDiesWhereverNothingIsLost(String plan, int stepsAfterDeath) {
        try (Scenario scenario = Explorer.load(TakeoverInterleavings.class, plan)) {
            Explorer explorer = new Explorer(scenario);
            explorer.linger(stepsAfterDeath);
            for (int actor = 0; actor < scenario.actors(); actor++) {
                int[] deaths = new int[scenario.actors()];
                Arrays.fill(deaths, NEVER);
                do {
                    deaths[actor]++;
                } while (explorer.exploreAll(deaths));
            }
            System.out.println(plan + ": " + explorer);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"3 3 hangs announces offers", "3 5 announces offers leaves", "4 3 hangs leaves beats"})
    void manyClaimantsThatDieAnywhereLoseNothing(String plan) {
        Random random = Seeds.random();
        try (Scenario scenario = Explorer.load(TakeoverInterleavings.class, plan)) {
            Explorer explorer = new Explorer(scenario);
            int[] deaths = new int[scenario.actors()];
            for (int i = 0; i < DRAWN; i++) {
                for (int actor = 0; actor < deaths.length; actor++) {
                    deaths[actor] = random.nextInt(3) == 0 ? NEVER : random.nextInt(MOST_STEPS);
                }
                explorer.runOne(random, deaths);
            }
            System.out.println(plan + ": " + explorer);
        }
    }

    /** Protections that are taken away: a compare-and-set that is something else. */
    enum Break {
        CLAIM_IS_A_STORE("2 1 hangs", TakeoverInterleavings.TAKEOVER, TakeoverState.CLAIMED, Effect.STORE),
        SEALED_IS_A_STORE("2 1 hangs", TakeoverInterleavings.TAKEOVER, TakeoverState.SEALED, Effect.STORE),
        CUT_IS_A_STORE("2 1 hangs", TakeoverInterleavings.TAKEOVER, TakeoverState.CUT, Effect.STORE),
        OPENED_IS_A_STORE("2 1 hangs", TakeoverInterleavings.TAKEOVER, TakeoverState.OPENED, Effect.STORE),
        SERVING_IS_A_STORE("2 1 hangs", TakeoverInterleavings.TAKEOVER, TakeoverState.SERVING, Effect.STORE),
        SERVING_IS_NOT_MADE("2 1 hangs", TakeoverInterleavings.TAKEOVER, TakeoverState.SERVING, Effect.PRETENCE),
        OFFER_IS_A_STORE("1 1 hangs offers", TakeoverInterleavings.TAKEOVER, TakeoverState.OFFERED, Effect.STORE),
        WITHDRAWAL_IS_A_STORE("1 1 hangs offers", TakeoverInterleavings.TAKEOVER, TakeoverState.SERVING, Effect.STORE),
        RELEASE_IS_A_STORE("1 1 hangs leaves", TakeoverInterleavings.TAKEOVER, TakeoverState.RELEASED, Effect.STORE),
        PUBLICATION_IS_A_STORE("1 1 hangs", "tail of the log of 0", null, Effect.STORE),
        THE_TAIL_IS_NOT_SEALED("1 1 hangs", "tail of the log of 0", TakeoverState.CLAIMED, Effect.PRETENCE);

        private final String plan;
        private final String word;
        private final TakeoverState state;
        private final Effect effect;

        Break(String plan, String word, TakeoverState state, Effect effect) {
            this.plan = plan;
            this.word = word;
            this.state = state;
            this.effect = effect;
        }

        Effect of(String name, long next) {
            boolean isTakeover = name.equals(TakeoverInterleavings.TAKEOVER);
            boolean isNext = isTakeover ? TakeoverWord.state(next) == state : state == null || LogFile.isSealed(next);
            return name.equals(word) && isNext ? effect : Effect.NONE;
        }
    }

    @ParameterizedTest
    @EnumSource
    void aProtectionThatIsTakenAwayIsMissed(Break broken) {
        try (Scenario scenario = Explorer.load(TakeoverInterleavings.class, broken.plan)) {
            Steps.inject((actor, address, expected, next) -> broken.of(scenario.nameOf(address), next));

            assertThrows(AssertionError.class, new Explorer(scenario)::exploreAll);
        }
    }
}
