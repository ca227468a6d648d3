package io.tha.benchmarks;

import io.tha.memory.Posix;
import io.tha.testkit.DomainDirectory;
import io.tha.testkit.ForkedJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/**
 * Kills one active after the other with SIGKILL while it commits, and takes the times until its standby has committed for the first time: each
 * standby that took over is the next active. Baselines: how long it takes until the killed process has ended, which is what a supervisor sees; and
 * {@link ColdPages}.
 */
public final class HowLongDoesAFailoverTake {
    private static final String[] STAGES = {"claimed", "log sealed", "serving", "service woken", "first commit", "old process ended"};
    private static final int FIRST_COMMIT = 4;
    private static final double[] PERCENTILES = {0, 50, 75, 90, 95, 99, 100};
    private static final double[] BOUNDS_MILLIS = {0.5, 0.75, 1, 1.25, 1.5, 2, 3, 4, 6, 8, 10, 20, 50, 1_000};
    private static final int BAR = 60;
    private static final long COMMITTING_NANOS = Long.getLong("dwell", 700) * 1_000_000;
    private static final int ROOM = 8;
    private static final int RESTS = 20;
    private static final long REST_MILLIS = 1_000;
    private static final double MILLI = 1e6;

    private HowLongDoesAFailoverTake() {}

    /**
     * Arguments: rounds, MiB of state, commits per second (0: one after the other), and a file that keeps the times, so that a long measurement can
     * be made in parts; or {@code --quick}.
     */
    public static void main(String[] args) throws IOException {
        boolean quick = Arrays.asList(args).contains("--quick");
        String[] given = quick ? new String[] {"2", "4", "10000"} : args;
        int rounds = given.length > 0 ? Integer.parseInt(given[0]) : 200;
        long stateBytes = Long.parseLong(given.length > 1 ? given[1] : "1024") << 20;
        int rate = Integer.parseInt(given.length > 2 ? given[2] : "10000");
        Path file = given.length > 3 ? Path.of(given[3]) : Files.createTempFile("failover", ".txt");
        run(rounds, stateBytes + stateBytes / ROOM, rate, file);
        print(file);
        System.out.println(ColdPages.report(quick ? 2 : RESTS, quick ? 1 : REST_MILLIS));
        if (given.length <= 3) {
            Files.delete(file);
        }
    }

    private static void run(int rounds, long poolBytes, int rate, Path file) throws IOException {
        Posix.kill(ProcessHandle.current().pid(), 0); // loads what the kill needs
        try (DomainDirectory directory = DomainDirectory.create()) {
            Path domain = directory.resolve("domain");
            ForkedJvm active = FailoverProcess.startActive(domain, poolBytes, rate);
            for (int round = 0; round < rounds; round++) {
                ForkedJvm standby = FailoverProcess.startStandby(domain, poolBytes, rate);
                FailoverProcess.go(active);
                LockSupport.parkNanos(COMMITTING_NANOS);
                Files.writeString(file, kill(active, standby) + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
                active = standby;
            }
            active.close();
        }
    }

    /** Nanoseconds from the kill to each stage. */
    private static String kill(ForkedJvm active, ForkedJvm standby) {
        long pid = active.pid();
        long killed = System.nanoTime();
        Posix.kill(pid, Posix.SIGKILL);
        active.awaitExit();
        long ended = System.nanoTime();
        StringBuilder line = new StringBuilder();
        String[] times = standby.awaitLine(FailoverProcess.COMMITTED).split(" ", -1);
        for (int i = 1; i <= FIRST_COMMIT + 1; i++) {
            line.append(Long.parseLong(times[i]) - killed).append(' ');
        }
        return line.append(ended - killed).toString();
    }

    private static void print(Path file) throws IOException {
        List<Histogram> stages = new ArrayList<>();
        for (int i = 0; i < STAGES.length; i++) {
            stages.add(new Histogram(3));
        }
        try (Stream<String> lines = Files.lines(file)) {
            lines.map(line -> line.split(" ", -1)).forEach(times -> {
                for (int i = 0; i < STAGES.length; i++) {
                    stages.get(i).recordValue(Long.parseLong(times[i]));
                }
            });
        }
        System.out.printf("%d rounds, ms after the kill%n%-18s", stages.get(0).getTotalCount(), "");
        for (double percentile : PERCENTILES) {
            System.out.printf("%9s", percentile == 0 ? "least" : percentile == 100 ? "most" : "p" + (int) percentile);
        }
        System.out.println();
        for (int i = 0; i < STAGES.length; i++) {
            System.out.printf("%-18s", STAGES[i]);
            for (double percentile : PERCENTILES) {
                System.out.printf("%9.2f", stages.get(i).getValueAtPercentile(percentile) / MILLI);
            }
            System.out.println();
        }
        bars(stages.get(FIRST_COMMIT));
    }

    private static void bars(Histogram firstCommit) {
        double from = 0;
        for (double bound : BOUNDS_MILLIS) {
            long count = firstCommit.getCountBetweenValues((long) (from * MILLI), (long) (bound * MILLI) - 1);
            if (count > 0) {
                int length = (int) Math.ceil((double) count * BAR / firstCommit.getTotalCount());
                System.out.printf("%6.2f to %7.2f ms %4d %s%n", from, bound, count, "#".repeat(length));
            }
            from = bound;
        }
    }
}
