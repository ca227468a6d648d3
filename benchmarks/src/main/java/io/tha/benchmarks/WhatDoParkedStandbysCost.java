package io.tha.benchmarks;

import io.tha.active.ThaApplication;
import io.tha.active.ThaConfig;
import io.tha.active.Transaction;
import io.tha.testkit.DomainDirectory;
import io.tha.testkit.ForkedJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * What standbys take from an active that does little: their processor time while nothing is committed, against a JVM that only sleeps; and the time
 * of the active's commits, some of them and as many as it can, against none to follow.
 */
public final class WhatDoParkedStandbysCost {
    private static final List<Integer> STANDBYS = List.of(0, 1, 8);
    private static final int MODEST_RATE = 10_000;
    private static final int OBJECTS = 1_000;
    private static final long IDLE_NANOS = 10_000_000_000L;
    private static final long LOAD_NANOS = 5_000_000_000L;
    private static final long QUICK_NANOS = 50_000_000;
    private static final long SETTLE_NANOS = 1_000_000_000;
    private static final long SECOND_NANOS = 1_000_000_000;
    /** Linux tells processor time in hundredths of a second. */
    private static final long TICK_NANOS = 10_000_000;

    private static final int USER_TIME = 11;
    private static final double PERCENT = 100.0;

    private WhatDoParkedStandbysCost() {}

    /** Argument: {@code --quick} for some milliseconds with one standby. */
    public static void main(String[] args) throws IOException {
        boolean quick = Arrays.asList(args).contains("--quick");
        for (int standbys : quick ? List.of(1) : STANDBYS) {
            measure(standbys, quick ? QUICK_NANOS : IDLE_NANOS, quick ? QUICK_NANOS : LOAD_NANOS);
        }
    }

    private static void measure(int count, long idleNanos, long loadNanos) throws IOException {
        List<ForkedJvm> standbys = new ArrayList<>();
        try (DomainDirectory directory = DomainDirectory.create();
                ForkedJvm sleeper = ForkedJvm.of(SleepingProcess.class).start()) {
            Path domain = directory.resolve("domain");
            long poolBytes = Items.poolBytes(OBJECTS);
            try (ThaApplication application =
                    ThaApplication.open(domain, PeerProcess.NAME, ThaConfig.builder().poolBytes(poolBytes).build())) {
                application.register(Items.LAYOUT);
                long[] handles = Items.create(application, OBJECTS);
                for (int i = 0; i < count; i++) {
                    standbys.add(StandbyProcess.start(domain, poolBytes));
                }
                load(application, handles, 0, Math.min(loadNanos, SETTLE_NANOS)); // warms up both sides
                LockSupport.parkNanos(Math.min(idleNanos, SETTLE_NANOS));
                idle(standbys, sleeper, idleNanos);
                print(count, MODEST_RATE, load(application, handles, MODEST_RATE, loadNanos), loadNanos);
                print(count, 0, load(application, handles, 0, loadNanos), loadNanos);
            }
        } finally {
            standbys.forEach(ForkedJvm::close);
        }
    }

    private static void idle(List<ForkedJvm> standbys, ForkedJvm sleeper, long nanos) throws IOException {
        long[] before = new long[standbys.size()];
        for (int i = 0; i < before.length; i++) {
            before[i] = processorNanos(standbys.get(i).pid());
        }
        long sleeperBefore = processorNanos(sleeper.pid());
        long begin = System.nanoTime();
        LockSupport.parkNanos(nanos);
        double elapsed = System.nanoTime() - begin;
        StringBuilder shares = new StringBuilder();
        for (int i = 0; i < before.length; i++) {
            shares.append(percent((processorNanos(standbys.get(i).pid()) - before[i]) / elapsed)).append(' ');
        }
        System.out.printf(
                "%d standbys, nothing committed: %s of a processor; a JVM that sleeps %s%n",
                before.length, shares, percent((processorNanos(sleeper.pid()) - sleeperBefore) / elapsed));
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.2f %%", share * PERCENT);
    }

    /** User and system time of a process and all its threads. */
    private static long processorNanos(long pid) throws IOException {
        String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(fields[USER_TIME]) + Long.parseLong(fields[USER_TIME + 1])) * TICK_NANOS;
    }

    /** Times of commits, in nanoseconds. */
    private static Histogram load(ThaApplication application, long[] handles, int rate, long nanos) {
        Histogram times = new Histogram(3);
        long pause = rate == 0 ? 0 : SECOND_NANOS / rate;
        long begin = System.nanoTime();
        int next = 0;
        for (long due = begin; due - begin < nanos; due = rate == 0 ? System.nanoTime() : due + pause) {
            while (rate > 0 && System.nanoTime() - due < 0) {
                LockSupport.parkNanos(pause);
            }
            long start = System.nanoTime();
            try (Transaction transaction = application.begin()) {
                Items.FIELDS[0].set(application.pool(), handles[next++ % OBJECTS], start);
                transaction.commit();
            }
            times.recordValue(System.nanoTime() - start);
        }
        return times;
    }

    private static void print(int standbys, int rate, Histogram times, long nanos) {
        System.out.printf(
                "%d standbys, %s: %,d commits/s, each %,.0f ns, p50 %,d, p99 %,d, p99.9 %,d%n",
                standbys,
                rate == 0 ? "one commit after the other" : String.format(Locale.ROOT, "%,d commits/s wanted", rate),
                times.getTotalCount() * SECOND_NANOS / nanos,
                times.getMean(),
                times.getValueAtPercentile(50),
                times.getValueAtPercentile(99),
                times.getValueAtPercentile(99.9));
    }

    /** A JVM that does nothing. */
    static final class SleepingProcess {
        private SleepingProcess() {}

        public static void main(String[] args) throws InterruptedException {
            Thread.currentThread().join();
        }
    }
}
