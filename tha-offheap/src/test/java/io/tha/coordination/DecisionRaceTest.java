package io.tha.coordination;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tha.Outcome;
import io.tha.coordination.ReferenceDecisions.Declared;
import io.tha.memory.Memory;
import io.tha.testkit.Extent;
import io.tha.testkit.Seeds;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Applications on threads of their own, and one that aborts: what they did, each in its order, decides, whatever the threads saw of each other. */
class DecisionRaceTest {
    private static final int ROUNDS = Extent.of(2_000);
    private static final int APPLICATIONS = 4;
    private static final int TRANSACTIONS = 12;
    private static final int[] ALL = {0, 1, 2, 3};

    private final long bytes = Decisions.bytes(APPLICATIONS, DecisionDescriptor.MIN_CAPACITY);
    private final long address = Memory.allocate(bytes);

    @Test
    void whatIsDecidedFollowsFromTheChains() throws Exception {
        Random random = Seeds.random();
        ExecutorService threads = Executors.newFixedThreadPool(APPLICATIONS + 1);
        try {
            for (int round = 0; round < ROUNDS; round++) {
                round(random.nextLong(), threads);
            }
        } finally {
            threads.shutdownNow();
            Memory.free(address);
        }
    }

    private void round(long seed, ExecutorService threads) throws Exception {
        Memory.zero(address, bytes);
        Decisions.format(address, APPLICATIONS, DecisionDescriptor.MIN_CAPACITY);
        Decisions decisions = new Decisions(address, bytes);
        for (int t = 0; t < TRANSACTIONS; t++) {
            assertTrue(decisions.begin(t + 1, Trigger.EACH, 0, ALL));
            for (int a : ALL) {
                assertTrue(decisions.join(t + 1, a));
            }
        }
        CyclicBarrier start = new CyclicBarrier(APPLICATIONS + 1);
        List<Future<List<Done>>> parts = new ArrayList<>();
        for (int a : ALL) {
            parts.add(threads.submit(new Application(decisions, a, new Random(seed + a), start)));
        }
        Future<List<Integer>> aborts = threads.submit(aborter(decisions, new Random(seed - 1), start));

        ReferenceDecisions reference = new ReferenceDecisions(APPLICATIONS);
        for (int t = 0; t < TRANSACTIONS; t++) {
            reference.begin(Declared.of(Trigger.EACH, 0, ALL));
        }
        for (int a : ALL) {
            parts.get(a).get().forEach(done -> reference.doneOver(done.transaction, done.application, done.earlier));
        }
        aborts.get().forEach(reference::abort);
        new DependencyMap(decisions).evaluate();
        Outcome[] expected = reference.outcomes();
        for (int t = 0; t < TRANSACTIONS; t++) {
            assertEquals(expected[t], decisions.outcome(t + 1), "round seed " + seed + ", transaction " + (t + 1));
        }
    }

    private static Callable<List<Integer>> aborter(Decisions decisions, Random random, CyclicBarrier start) {
        return () -> {
            List<Integer> aborted = new ArrayList<>();
            int count = random.nextInt(4);
            start.await();
            for (int i = 0; i < count; i++) {
                for (int spins = random.nextInt(400); spins > 0; spins--) {
                    Thread.onSpinWait();
                }
                int t = random.nextInt(TRANSACTIONS);
                if (decisions.abort(t + 1)) {
                    aborted.add(t);
                }
            }
            return aborted;
        };
    }

    /** What an application was done with, and what it had been done with before, as bits. */
    private record Done(int transaction, int application, long earlier) {}

    /** Is done with all transactions in an order of its own, and mostly rolls back what was aborted. */
    private record Application(Decisions decisions, int index, Random random, CyclicBarrier start) implements Callable<List<Done>> {
        @Override
        public List<Done> call() throws Exception {
            DependencyMap map = new DependencyMap(decisions);
            List<Integer> order = new ArrayList<>(IntStream.range(0, TRANSACTIONS).boxed().toList());
            Collections.shuffle(order.subList(random.nextInt(TRANSACTIONS), TRANSACTIONS), random);
            List<Done> dones = new ArrayList<>();
            // What it was done with, -1 where that was rolled back.
            List<Integer> entries = new ArrayList<>();
            start.await();
            for (int t : order) {
                if (!decisions.prepare(t + 1, index)) {
                    continue;
                }
                long earlier = 0;
                for (int i = 0; i < entries.size(); i++) {
                    earlier |= entries.get(i) < 0 ? 0 : 1L << entries.get(i);
                }
                dones.add(new Done(t, index, earlier));
                entries.add(t);
                boolean lives = decisions.done(t + 1, index);
                if (random.nextBoolean()) {
                    map.evaluate();
                }
                if (!lives && random.nextInt(3) > 0) {
                    int rolledBack = (int) decisions.rollBack(index);
                    for (int i = entries.size() - rolledBack; i < entries.size(); i++) {
                        if (entries.get(i) >= 0) {
                            assertEquals(Outcome.ABORTED, decisions.outcome(entries.get(i) + 1));
                        }
                        entries.set(i, -1);
                    }
                }
            }
            map.evaluate();
            return dones;
        }
    }
}
