package io.tha.benchmarks;

import com.sun.management.ThreadMXBean;
import io.tha.coordination.Decisions;
import io.tha.coordination.DependencyMap;
import io.tha.coordination.Trigger;
import io.tha.memory.Memory;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Deciding a coordinated transaction of two applications out of eight, while so many are pending; the baseline is the smallest number. In flight:
 * a transaction is begun, joined by both, and one is done; then the oldest one is completed, committed and forgotten. Blocked: all are complete
 * but the first one, of all applications, which holds up all of them; then it is completed, and all are committed.
 */
public final class WhatDoesADecisionCost {
    private static final List<Integer> PENDING = List.of(1_000, 30_000, 1_000_000);
    private static final List<Integer> QUICK_PENDING = List.of(10, 100);
    private static final int APPLICATIONS = 8;
    private static final int CAPACITY = 1 << 20;
    private static final int QUICK_CAPACITY = 1 << 10;
    private static final int OPERATIONS = 2_000_000;
    private static final int QUICK_OPERATIONS = 1_000;
    private static final int TURNS = 3;

    private final long address;
    private final Decisions decisions;
    private final DependencyMap map;

    private WhatDoesADecisionCost(int capacity) {
        long bytes = Decisions.bytes(APPLICATIONS, capacity);
        address = Memory.allocate(bytes);
        Decisions.format(address, APPLICATIONS, capacity);
        decisions = new Decisions(address, bytes);
        map = new DependencyMap(decisions);
    }

    /** Arguments: {@code --quick} for sizes that only show that it works. */
    public static void main(String[] args) {
        boolean quick = Arrays.asList(args).contains("--quick");
        for (int turn = 0; turn < (quick ? 1 : TURNS); turn++) {
            for (int pending : quick ? QUICK_PENDING : PENDING) {
                inFlight(pending, quick ? QUICK_CAPACITY : CAPACITY, quick ? QUICK_OPERATIONS : OPERATIONS);
                blocked(pending, quick ? QUICK_CAPACITY : CAPACITY);
            }
        }
    }

    private static void inFlight(int pending, int capacity, int operations) {
        WhatDoesADecisionCost table = new WhatDoesADecisionCost(capacity);
        long id = 1;
        for (; id <= pending; id++) {
            table.beginAndOneIsDone(id);
        }
        for (int i = 0; i < operations / 10; i++, id++) {
            table.operation(id, pending); // warms up
        }
        long bytes = allocated();
        long begin = System.nanoTime();
        for (int i = 0; i < operations; i++, id++) {
            table.operation(id, pending);
        }
        long nanos = System.nanoTime() - begin;
        System.out.printf(Locale.ROOT, "%,d in flight: %d ns a transaction, %.2f bytes of garbage%n", pending, nanos / operations,
                (allocated() - bytes) / (double) operations);
        Memory.free(table.address);
    }

    private static void blocked(int pending, int capacity) {
        WhatDoesADecisionCost table = new WhatDoesADecisionCost(capacity);
        int[] all = new int[APPLICATIONS];
        Arrays.setAll(all, application -> application);
        table.decisions.begin(1, Trigger.EACH, 0, all);
        for (int application : all) {
            table.decisions.join(1, application);
        }
        for (int application = 1; application < APPLICATIONS; application++) {
            table.done(1, application);
        }
        long begin = System.nanoTime();
        for (long id = 2; id <= pending; id++) {
            table.beginAndOneIsDone(id);
            table.complete(id);
        }
        long blocked = System.nanoTime();
        table.decisions.prepare(1, 0);
        table.decisions.done(1, 0);
        int committed = table.map.evaluate();
        long end = System.nanoTime();
        System.out.printf(Locale.ROOT, "%,d blocked: %d ns a transaction; released: %d committed, %d ns each%n", pending, (blocked - begin) / pending,
                committed, (end - blocked) / pending);
        Memory.free(table.address);
    }

    /** Pairs of neighbours, in turns. */
    private static int participant(long id, int index) {
        return (int) (2 * id % APPLICATIONS) + index;
    }

    private void operation(long id, int pending) {
        beginAndOneIsDone(id);
        long oldest = id - pending;
        complete(oldest);
        decisions.pass(oldest, participant(oldest, 0));
        decisions.pass(oldest, participant(oldest, 1));
    }

    private void beginAndOneIsDone(long id) {
        int first = participant(id, 0);
        int second = participant(id, 1);
        decisions.begin(id, Trigger.EACH, 0, first, second);
        decisions.join(id, first);
        decisions.join(id, second);
        done(id, first);
    }

    private void complete(long id) {
        done(id, participant(id, 1));
    }

    private void done(long id, int application) {
        decisions.prepare(id, application);
        decisions.done(id, application);
        map.evaluate();
    }

    private static long allocated() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getThreadAllocatedBytes(Thread.currentThread().getId());
    }
}
