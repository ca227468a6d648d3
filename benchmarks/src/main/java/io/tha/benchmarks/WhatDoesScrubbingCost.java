package io.tha.benchmarks;

import com.sun.management.ThreadMXBean;
import io.tha.active.ThaApplication;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;

/**
 * Commits with a standby that follows, without scrubbing and with shares of a processor for it, in turns; and how long a round takes when it has all
 * of one. The baseline is the share 0.
 */
public final class WhatDoesScrubbingCost {
    private static final List<Double> SHARES = List.of(0.0, 0.01, 0.1);
    private static final int TURNS = 3;
    private static final int OBJECTS = 1_000_000;
    private static final int ROUND_OBJECTS = 8_000_000;
    private static final int QUICK_OBJECTS = 1_000;
    private static final long RING_BYTES = 64 << 20;
    private static final int COMMITS = 4_000_000;
    private static final int QUICK_COMMITS = 2_000;
    private static final long PAUSE_NANOS = 1_000_000;
    private static final double SECOND = 1e9;

    private WhatDoesScrubbingCost() {}

    /** Arguments: {@code --quick} for sizes that only show that it works. */
    public static void main(String[] args) {
        boolean quick = Arrays.asList(args).contains("--quick");
        for (int turn = 0; turn < (quick ? 1 : TURNS); turn++) {
            for (double share : SHARES) {
                commits(share, quick ? QUICK_OBJECTS : OBJECTS, quick ? QUICK_COMMITS : COMMITS);
            }
        }
        round(quick ? QUICK_OBJECTS : ROUND_OBJECTS);
    }

    private static void commits(double share, int objects, int commits) {
        try (CommitScene scene = new CommitScene(objects, RING_BYTES, true, share)) {
            scene.startStandby();
            run(scene, commits / 2); // warms up
            long scrubbed = scene.application().scrubbedObjects();
            long begin = System.nanoTime();
            Samples samples = run(scene, commits);
            double seconds = (System.nanoTime() - begin) / SECOND;
            System.out.printf(
                    Locale.ROOT,
                    "share %.2f: commit mean %.0f ns, median %d ns, p99 %d ns, p99.9 %d ns; %,.0f objects scrubbed a second%n",
                    share,
                    seconds * SECOND / commits,
                    samples.median(),
                    samples.percentile(99),
                    samples.percentile(99.9),
                    (scene.application().scrubbedObjects() - scrubbed) / seconds);
        }
    }

    private static Samples run(CommitScene scene, int commits) {
        Samples samples = new Samples(commits);
        for (int i = 0; i < commits; i++) {
            long start = System.nanoTime();
            scene.transact();
            samples.add(System.nanoTime() - start);
        }
        return samples;
    }

    private static void round(int objects) {
        try (CommitScene scene = new CommitScene(objects, RING_BYTES, true, 1)) {
            scene.startStandby();
            ThaApplication application = scene.application();
            awaitRounds(application, application.scrubRounds() + 2);
            long bytes = allocated();
            long begin = System.nanoTime();
            awaitRounds(application, application.scrubRounds() + 3);
            double seconds = (System.nanoTime() - begin) / SECOND / 3;
            System.out.printf(
                    Locale.ROOT,
                    "a round of %,d objects of 64 bytes with all of a processor: %.3f s, %.0f ns for each; %d bytes of garbage in three rounds%n",
                    objects,
                    seconds,
                    seconds * SECOND / objects,
                    allocated() - bytes);
        }
    }

    private static void awaitRounds(ThaApplication application, long rounds) {
        while (application.scrubRounds() < rounds) {
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    /** By the thread that scrubs, up to now. */
    private static long allocated() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("tha-scrub"))
                .mapToLong(thread -> threads.getThreadAllocatedBytes(thread.getId()))
                .sum();
    }
}
