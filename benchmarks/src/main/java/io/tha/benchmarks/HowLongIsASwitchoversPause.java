package io.tha.benchmarks;

import io.tha.testkit.DomainDirectory;
import io.tha.testkit.ForkedJvm;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * Hands the active role from one process to the next while they commit one transaction after the other, and takes the pause: from the last commit of
 * the one to the first of the other. Every transaction counts up; that none is lost is checked. Baseline: the same processes' failover is measured by
 * {@link HowLongDoesAFailoverTake}.
 */
public final class HowLongIsASwitchoversPause {
    private static final int ROUNDS = 100;
    private static final int ROOM = 8;
    private static final long COMMITTING_NANOS = 700_000_000;
    private static final double MILLI = 1e6;
    private static final int COMMITTED_INDEX = 5;

    private HowLongIsASwitchoversPause() {}

    /** Arguments: rounds, MiB of state, commits per second (0: one after the other); or {@code --quick}. */
    public static void main(String[] args) {
        boolean quick = Arrays.asList(args).contains("--quick");
        int rounds = quick ? 2 : args.length > 0 ? Integer.parseInt(args[0]) : ROUNDS;
        long stateBytes = (quick ? 4 : args.length > 1 ? Long.parseLong(args[1]) : 1_024) << 20;
        int rate = args.length > 2 ? Integer.parseInt(args[2]) : 0;
        Histogram pauses = new Histogram(3);
        try (DomainDirectory directory = DomainDirectory.create()) {
            Path domain = directory.resolve("domain");
            long poolBytes = stateBytes + stateBytes / ROOM;
            ForkedJvm active = FailoverProcess.startActive(domain, poolBytes, rate);
            for (int round = 0; round < rounds; round++) {
                ForkedJvm standby = FailoverProcess.startStandby(domain, poolBytes, rate);
                FailoverProcess.go(active);
                LockSupport.parkNanos(COMMITTING_NANOS);
                pauses.recordValue(switchOver(active, standby));
                active.close();
                active = standby;
            }
            active.close();
        }
        System.out.printf(
                "%d switchovers, nothing lost: pause %.2f ms at least, p50 %.2f, p90 %.2f, p99 %.2f, at most %.2f%n",
                pauses.getTotalCount(),
                pauses.getMinValue() / MILLI,
                pauses.getValueAtPercentile(50) / MILLI,
                pauses.getValueAtPercentile(90) / MILLI,
                pauses.getValueAtPercentile(99) / MILLI,
                pauses.getMaxValue() / MILLI);
    }

    private static long switchOver(ForkedJvm active, ForkedJvm standby) {
        FailoverProcess.switchOver(active);
        String[] last = active.awaitLine(FailoverProcess.HANDED_OVER).split(" ", -1);
        String[] first = standby.awaitLine(FailoverProcess.COMMITTED).split(" ", -1);
        if (Long.parseLong(first[COMMITTED_INDEX + 1]) != Long.parseLong(last[1]) + 1) {
            throw new AssertionError("the last value committed was " + last[1] + ", the successor went on with " + first[COMMITTED_INDEX + 1]);
        }
        // Who committed last may look at the clock late: after its successor's first commit even.
        return Math.max(0, Long.parseLong(first[COMMITTED_INDEX]) - Long.parseLong(last[2]));
    }
}
