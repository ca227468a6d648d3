package io.tha.coordination;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tha.Outcome;
import io.tha.memory.Memory;
import io.tha.testkit.Extent;
import io.tha.testkit.Seeds;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Many more transactions than the table has records: whoever is held up anywhere meets other transactions where those were that it knew. */
class DecisionChurnTest {
    private static final int TRANSACTIONS = Extent.of(10_000);
    private static final int APPLICATIONS = 4;
    private static final int WINDOW = 8;

    private final long bytes = Decisions.bytes(APPLICATIONS, DecisionDescriptor.MIN_CAPACITY);
    private final long address = Memory.allocate(bytes);
    private final Map<Long, List<Integer>> participants = new ConcurrentHashMap<>();
    private final Set<Long> attempted = ConcurrentHashMap.newKeySet();
    private final AtomicLong lastBegun = new AtomicLong();
    private final List<ConcurrentLinkedQueue<Long>> queues = new ArrayList<>();
    private Decisions decisions;
    private volatile boolean allBegun;
    private volatile boolean ended;

    @Test
    void allParticipantsSeeOneDecisionAndNothingIsAbortedWithoutACause() throws Exception {
        Random random = Seeds.random();
        Decisions.format(address, APPLICATIONS, DecisionDescriptor.MIN_CAPACITY);
        decisions = new Decisions(address, bytes);
        ExecutorService threads = Executors.newFixedThreadPool(APPLICATIONS + 2);
        List<Future<Application>> applications = new ArrayList<>();
        try {
            for (int a = 0; a < APPLICATIONS; a++) {
                queues.add(new ConcurrentLinkedQueue<>());
            }
            for (int a = 0; a < APPLICATIONS; a++) {
                applications.add(threads.submit(new Application(a, new Random(random.nextLong()))));
            }
            Future<Void> aborter = threads.submit(aborter(new Random(random.nextLong())));
            threads.submit(coordinator(new Random(random.nextLong()))).get();
            Map<Long, Outcome> outcomes = new HashMap<>();
            Map<Long, Set<Long>> dependsOn = new HashMap<>();
            for (Future<Application> application : applications) {
                application.get().seen.forEach((id, outcome) -> assertEquals(outcome, outcomes.getOrDefault(id, outcome), "transaction " + id));
                outcomes.putAll(application.get().seen);
                application.get().dependsOn.forEach((id, earlier) -> dependsOn.computeIfAbsent(id, i -> new HashSet<>()).addAll(earlier));
            }
            ended = true;
            aborter.get();

            assertEquals(TRANSACTIONS, outcomes.size());
            outcomes.forEach((id, outcome) -> {
                boolean lost = dependsOn.getOrDefault(id, Set.of()).stream().anyMatch(earlier -> outcomes.get(earlier) == Outcome.ABORTED);
                assertTrue(outcome == Outcome.ABORTED ? lost || attempted.contains(id) : !lost, () -> "transaction " + id + " is " + outcome);
            });
            long committed = outcomes.values().stream().filter(outcome -> outcome == Outcome.COMMITTED).count();
            System.out.println("DecisionChurnTest: " + committed + " of " + TRANSACTIONS + " committed");
            assertTrue(committed > TRANSACTIONS / 10 && committed < TRANSACTIONS);
        } finally {
            ended = true;
            threads.shutdownNow();
            threads.awaitTermination(1, TimeUnit.MINUTES);
            Memory.free(address);
        }
    }

    private Callable<Void> coordinator(Random random) {
        return () -> {
            for (long id = 1; id <= TRANSACTIONS && !ended; id++) {
                List<Integer> chosen = new ArrayList<>(List.of(0, 1, 2, 3));
                while (chosen.size() > 1 + random.nextInt(APPLICATIONS)) {
                    chosen.remove(random.nextInt(chosen.size()));
                }
                participants.put(id, chosen);
                int[] indexes = chosen.stream().mapToInt(Integer::intValue).toArray();
                while (!decisions.begin(id, Trigger.EACH, 0, indexes)) {
                    Thread.onSpinWait();
                }
                for (int application : indexes) {
                    decisions.join(id, application);
                }
                lastBegun.set(id);
                for (int application : indexes) {
                    queues.get(application).add(id);
                }
            }
            allBegun = true;
            return null;
        };
    }

    private Callable<Void> aborter(Random random) {
        return () -> {
            DependencyMap map = new DependencyMap(decisions);
            while (!ended) {
                for (int spins = random.nextInt(20_000); spins > 0; spins--) {
                    Thread.onSpinWait();
                }
                long id = lastBegun.get() - random.nextInt(WINDOW);
                if (random.nextInt(4) == 0 && id > 0) {
                    attempted.add(id);
                    try {
                        decisions.abort(id);
                    } catch (IllegalArgumentException e) {
                        // All have acted on its decision already.
                        assertTrue(e.getMessage().contains("unknown"));
                    }
                }
                map.evaluate();
            }
            return null;
        };
    }

    /** Is done with what it is given in an order of its own, and acts on decisions in that order. */
    private final class Application implements Callable<Application> {
        final Map<Long, Outcome> seen = new HashMap<>();
        final Map<Long, Set<Long>> dependsOn = new HashMap<>();
        private final int index;
        private final Random random;
        private final DependencyMap map = new DependencyMap(decisions);
        private final List<Long> given = new ArrayList<>();
        /** That it was done with, and that are undecided for all it knows. */
        private final List<Long> undecided = new ArrayList<>();

        Application(int index, Random random) {
            this.index = index;
            this.random = random;
        }

        @Override
        public Application call() {
            while (!ended && !(allBegun && queues.get(index).isEmpty() && given.isEmpty() && undecided.isEmpty())) {
                while (given.size() < WINDOW && !queues.get(index).isEmpty()) {
                    given.add(queues.get(index).remove());
                }
                if (!given.isEmpty()) {
                    work(given.remove(random.nextInt(given.size())));
                }
                map.evaluate();
                act();
            }
            return this;
        }

        private void work(long id) {
            if (!decisions.prepare(id, index)) {
                pass(id, Outcome.ABORTED);
                return;
            }
            dependsOn.put(id, new HashSet<>(undecided));
            undecided.add(id);
            decisions.done(id, index);
        }

        private void act() {
            while (!undecided.isEmpty() && decisions.outcome(undecided.get(0)) == Outcome.COMMITTED) {
                pass(undecided.remove(0), Outcome.COMMITTED);
            }
            for (int i = 0; i < undecided.size(); i++) {
                if (decisions.outcome(undecided.get(i)) == Outcome.ABORTED) {
                    decisions.rollBack(index);
                    // An earlier one may have been aborted since.
                    Iterator<Long> all = undecided.iterator();
                    boolean isLost = false;
                    while (all.hasNext()) {
                        long id = all.next();
                        isLost |= decisions.outcome(id) == Outcome.ABORTED && isRolledBack(id);
                        if (isLost) {
                            all.remove();
                            pass(id, Outcome.ABORTED);
                        }
                    }
                    return;
                }
            }
        }

        private boolean isRolledBack(long id) {
            DecisionTable table = decisions.table();
            long record = table.record(id);
            long entry = table.entryAcquire(record, participants.get(id).indexOf(index), id);
            return table.resumesAcquire(index, entry) > 0;
        }

        private void pass(long id, Outcome outcome) {
            assertEquals(outcome, decisions.outcome(id));
            seen.put(id, outcome);
            decisions.pass(id, index);
        }
    }
}
