package io.tha.coordination;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tha.Outcome;
import io.tha.coordination.ReferenceDecisions.Declared;
import io.tha.memory.Memory;
import io.tha.testkit.Extent;
import io.tha.testkit.Seeds;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Histories at random, of up to 60 transactions and 8 applications, with several maps over one table, some of them late. */
class DependencyMapModelTest {
    private static final int HISTORIES = Extent.of(2_000);
    private static final int STEPS = 400;
    private static final int MOST = 60;
    private static final int MAPS = 3;
    private static final List<Trigger> TRIGGERS = List.of(Trigger.values());

    @Test
    void everyMapDecidesAsThePromiseSays() {
        Random random = Seeds.random();
        for (int i = 0; i < HISTORIES; i++) {
            new History(random, 2 + random.nextInt(7)).run();
        }
    }

    private static final class History {
        private final Random random;
        private final int applications;
        private final long address;
        private final Decisions decisions;
        private final DependencyMap[] maps = new DependencyMap[MAPS];
        private final ReferenceDecisions reference;
        private final int firstId;
        private final Set<String> passed = new HashSet<>();
        /** Some histories hardly abort, so that chains grow long. */
        private final int abortsOfThousand;

        History(Random random, int applications) {
            this.random = random;
            this.applications = applications;
            long bytes = Decisions.bytes(applications, DecisionDescriptor.MIN_CAPACITY);
            address = Memory.allocate(bytes);
            Decisions.format(address, applications, DecisionDescriptor.MIN_CAPACITY);
            decisions = new Decisions(address, bytes);
            for (int m = 0; m < MAPS; m++) {
                maps[m] = new DependencyMap(decisions);
            }
            reference = new ReferenceDecisions(applications);
            firstId = 1 + random.nextInt(1 << 30);
            abortsOfThousand = random.nextBoolean() ? 3 : 40;
        }

        void run() {
            try {
                for (int step = 0; step < STEPS; step++) {
                    step();
                    maps[0].evaluate();
                    if (random.nextInt(20) == 0) {
                        maps[1 + random.nextInt(MAPS - 1)].evaluate();
                    }
                    compare();
                }
                for (DependencyMap map : maps) {
                    assertEquals(0, map.evaluate());
                }
            } finally {
                Memory.free(address);
            }
        }

        private void step() {
            if (reference.transactions.size() < MOST && random.nextInt(4) == 0) {
                begin();
                return;
            }
            int t = reference.transactions.isEmpty() ? -1 : random.nextInt(reference.transactions.size());
            int a = random.nextInt(applications);
            if (t < 0) {
                return;
            }
            if (random.nextInt(1000) < abortsOfThousand) {
                abort(t);
            } else if (random.nextInt(8) == 0) {
                if (reference.mustRollBack(a)) {
                    reference.rollBack(a);
                    assertTrue(decisions.rollBack(a) > 0);
                } else {
                    assertEquals(0, decisions.rollBack(a));
                }
            } else if (reference.mayJoin(t, a) && !reference.hasJoined(t, a)) {
                assertTrue(decisions.join(firstId + t, a));
                reference.join(t, a);
            } else if (reference.mayBeDone(t, a)) {
                assertTrue(decisions.prepare(firstId + t, a));
                reference.done(t, a);
                assertEquals(reference.outcomes()[t] != Outcome.ABORTED, decisions.done(firstId + t, a));
            } else {
                pass(t, a);
            }
        }

        private void begin() {
            int[] order = shuffled(1 + random.nextInt(applications));
            Trigger trigger = TRIGGERS.get(random.nextInt(TRIGGERS.size()));
            int argument = switch (trigger) {
                case NOTIFIER -> random.nextInt(order.length);
                case COUNT -> 1 + random.nextInt(order.length);
                default -> 0;
            };
            Declared declared = Declared.of(trigger, argument, order);
            assertTrue(declared.begin(decisions, firstId + reference.transactions.size()));
            reference.begin(declared);
        }

        private int[] shuffled(int count) {
            int[] all = IntStream.range(0, applications).toArray();
            for (int i = all.length - 1; i > 0; i--) {
                int j = random.nextInt(i + 1);
                int swapped = all[i];
                all[i] = all[j];
                all[j] = swapped;
            }
            return IntStream.of(all).limit(count).toArray();
        }

        private void abort(int t) {
            if (!isForgotten(t)) {
                boolean isAborted = reference.outcomes()[t] == Outcome.ABORTED;
                boolean mayBe = reference.mayBeAborted(t);
                assertEquals(mayBe || isAborted, decisions.abort(firstId + t));
                if (mayBe) {
                    reference.abort(t);
                }
            }
        }

        private void pass(int t, int a) {
            Outcome outcome = reference.outcomes()[t];
            boolean isDecided = outcome != Outcome.UNDECIDED && reference.hasJoined(t, a) && !reference.mustRollBack(a);
            if (isDecided && !isForgotten(t) && passed.add(t + " " + a)) {
                decisions.pass(firstId + t, a);
            }
        }

        /** All that had joined have passed. */
        private boolean isForgotten(int t) {
            for (int a = 0; a < applications; a++) {
                if (reference.hasJoined(t, a) && !passed.contains(t + " " + a)) {
                    return false;
                }
            }
            return reference.outcomes()[t] != Outcome.UNDECIDED;
        }

        private void compare() {
            Outcome[] expected = reference.outcomes();
            for (int t = 0; t < expected.length; t++) {
                if (!isForgotten(t)) {
                    assertEquals(expected[t], decisions.outcome(firstId + t));
                } else {
                    assertFalse(decisions.table().isOf(decisions.table().record(firstId + t), firstId + t));
                }
            }
        }
    }
}
