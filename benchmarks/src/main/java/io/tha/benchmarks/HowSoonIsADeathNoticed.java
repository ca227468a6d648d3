package io.tha.benchmarks;

import io.tha.memory.Memory;
import io.tha.memory.Posix;
import io.tha.region.ControlFile;
import io.tha.testkit.DomainDirectory;
import io.tha.testkit.ForkedJvm;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * How long after SIGKILL a watcher knows that a process is dead, with little and with much memory in that process. Baseline: how long until the
 * kernel says that it has ended, which is when it has taken the memory apart.
 */
public final class HowSoonIsADeathNoticed {
    private static final List<Integer> MIB = List.of(100, 6_144);
    private static final int ROUNDS = 50;
    private static final Duration DEADLINE = Duration.ofMinutes(1);
    private static final double MILLI = 1e6;

    private HowSoonIsADeathNoticed() {}

    /** Arguments: rounds, and sizes of the process in MiB; or {@code --quick}. */
    public static void main(String[] args) throws Exception {
        boolean quick = Arrays.asList(args).contains("--quick");
        int rounds = quick ? 1 : args.length > 0 ? Integer.parseInt(args[0]) : ROUNDS;
        List<Integer> sizes = quick ? List.of(1, 16) : args.length > 1 ? Arrays.stream(args).skip(1).map(Integer::valueOf).toList() : MIB;
        Histogram[] noticed = sizes.stream().map(size -> new Histogram(3)).toArray(Histogram[]::new);
        Histogram[] ended = sizes.stream().map(size -> new Histogram(3)).toArray(Histogram[]::new);
        Posix.kill(ProcessHandle.current().pid(), 0); // loads what the kill needs
        try (DomainDirectory directory = DomainDirectory.create()) {
            Path domain = directory.resolve("domain");
            ControlFile control = ControlFile.open(domain);
            run(control, domain, 1, new Histogram(3), new Histogram(3)); // the first one loads classes
            for (int round = 0; round < rounds; round++) {
                for (int i = 0; i < sizes.size(); i++) {
                    run(control, domain, sizes.get(i), noticed[i], ended[i]);
                }
            }
        }
        for (int i = 0; i < sizes.size(); i++) {
            print(sizes.get(i), "noticed", noticed[i]);
            print(sizes.get(i), "ended", ended[i]);
        }
    }

    private static void run(ControlFile control, Path domain, int mib, Histogram noticed, Histogram ended) throws Exception {
        try (ForkedJvm process = ForkedJvm.of(MortalProcess.class)
                .args(domain, mib)
                .jvmArgs("-Xmx64m", "-XX:+UseSerialGC")
                .deadline(DEADLINE)
                .start()) {
            int slot = Integer.parseInt(process.awaitLine(PeerProcess.READY).split(" ", -1)[1]);
            long pid = process.pid();
            CompletableFuture<Long> seen = CompletableFuture.supplyAsync(() -> {
                boolean dead = control.watch(slot).awaitDeath(DEADLINE.toNanos());
                return dead ? System.nanoTime() : 0;
            });
            TimeUnit.MILLISECONDS.sleep(50); // so that the watcher waits
            long killed = System.nanoTime();
            Posix.kill(pid, Posix.SIGKILL);
            process.awaitExit();
            ended.recordValue(System.nanoTime() - killed);
            noticed.recordValue(seen.get() - killed);
        }
    }

    private static void print(int mib, String what, Histogram times) {
        System.out.printf(
                "%,6d MiB: %-7s after %.2f ms at least, p50 %.2f, p90 %.2f, p99 %.2f, at most %.2f%n",
                mib,
                what,
                times.getMinValue() / MILLI,
                times.getValueAtPercentile(50) / MILLI,
                times.getValueAtPercentile(90) / MILLI,
                times.getValueAtPercentile(99) / MILLI,
                times.getMaxValue() / MILLI);
    }

    /** Joins a domain, and has memory. */
    static final class MortalProcess {
        private static final int PAGE = 4_096;

        private MortalProcess() {}

        /** Arguments: domain directory, MiB. */
        public static void main(String[] args) throws InterruptedException {
            ControlFile control = ControlFile.open(Path.of(args[0]));
            long bytes = Long.parseLong(args[1]) << 20;
            long memory = Memory.allocate(bytes);
            for (long at = 0; at < bytes; at += PAGE) {
                Memory.putLong(memory + at, at + 1);
            }
            System.out.println(PeerProcess.READY + " " + control.processSlot());
            Thread.currentThread().join();
        }
    }
}
