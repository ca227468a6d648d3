package io.tha.tracker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tha.testkit.Sampled;
import io.tha.testkit.Seeds;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Threads write while others scan: no write is lost, also where a fault opens more than its page. */
@Timeout(300)
@Sampled
class FaultProtectionRaceTest {
    private static final int THREADS = 4;
    private static final int PAGES = 4_096;
    private static final int ROUNDS = 1_500;
    private static final int WRITES_PER_ROUND = 6;

    @BeforeEach
    void requireHandler() {
        String reason = Trackers.unavailableReason(TrackerKind.MPROTECT);
        assumeTrue(reason == null, reason);
    }

    /** As groups do: the pages of each thread lie between those of the others, and one thread's scan takes everybody's. */
    @ParameterizedTest
    @ValueSource(longs = {1, 5, 100_000})
    void whatAThreadHasWrittenIsReportedToItInItsOwnScan(long narrow) throws Exception {
        try (TestMemory memory = TestMemory.of(PAGES, narrow)) {
            List<BitSet> pending = new ArrayList<>();
            List<Callable<Void>> threads = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                int thread = i;
                Random random = new Random(Seeds.random().nextLong() + i);
                pending.add(new BitSet());
                threads.add(() -> {
                    for (int round = 1; round <= ROUNDS; round++) {
                        writeAndScan(memory, pending, thread, random);
                    }
                    return null;
                });
            }
            runAll(threads);
        }
    }

    private static void writeAndScan(TestMemory memory, List<BitSet> pending, int thread, Random random) {
        BitSet written = new BitSet();
        for (int i = 0; i < WRITES_PER_ROUND; i++) {
            int page = random.nextInt(PAGES / THREADS) * THREADS + thread;
            memory.write(page, memory.read(page) + 1);
            written.set(page);
        }
        synchronized (pending) {
            memory.scan().stream().forEach(page -> pending.get(page % THREADS).set(page));
            written.andNot(pending.get(thread));
            pending.get(thread).clear();
        }
        assertTrue(written.isEmpty(), () -> "not reported: " + written);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 50, 100_000})
    void copiesOfReportedPagesAreInTheEndTheMemory(long narrow) throws Exception {
        try (TestMemory first = TestMemory.of(PAGES, narrow); TestMemory second = TestMemory.of(PAGES, narrow)) {
            AtomicBoolean stop = new AtomicBoolean();
            long[][] copies = new long[2][PAGES];
            List<Callable<Void>> threads = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                TestMemory memory = i % 2 == 0 ? first : second;
                Random random = new Random(Seeds.random().nextLong() + i);
                threads.add(() -> {
                    while (!stop.get()) {
                        memory.write(random.nextInt(PAGES), random.nextLong());
                    }
                    return null;
                });
            }
            threads.add(() -> {
                for (int round = 0; round < ROUNDS; round++) {
                    copy(first, copies[0]);
                    copy(second, copies[1]);
                }
                stop.set(true);
                return null;
            });
            runAll(threads);
            copy(first, copies[0]);
            copy(second, copies[1]);

            for (int page = 0; page < PAGES; page++) {
                assertEquals(first.read(page), copies[0][page], "page " + page);
                assertEquals(second.read(page), copies[1][page], "page " + page);
            }
        }
    }

    private static void copy(TestMemory memory, long[] to) {
        memory.scan().stream().forEach(page -> to[page] = memory.read(page));
    }

    /** A thread may have faulted, and not yet looked up the range, when the range is given up. */
    @Test
    void rangesComeAndGoWhileTheirPagesAreWritten() throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        try (TestMemory memory = TestMemory.of(256)) {
            memory.protection().close();
            List<Callable<Void>> threads = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                int thread = i;
                threads.add(() -> {
                    for (int page = thread; !stop.get(); page = (page + 7) % 256) {
                        memory.write(page, thread);
                    }
                    return null;
                });
            }
            threads.add(() -> {
                for (int round = 0; round < 5 * ROUNDS; round++) {
                    try (FaultProtection protection = FaultProtection.open()) {
                        protection.watch(memory.page(0), memory.page(256) - memory.page(0));
                    }
                }
                stop.set(true);
                return null;
            });
            runAll(threads);
        }
    }

    private static void runAll(List<Callable<Void>> tasks) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(tasks.size());
        try {
            List<Future<Void>> futures = tasks.stream().map(threads::submit).toList();
            for (Future<Void> future : futures) {
                future.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
