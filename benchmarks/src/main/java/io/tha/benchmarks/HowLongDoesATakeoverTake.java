package io.tha.benchmarks;

import io.tha.testkit.DomainDirectory;
import io.tha.testkit.ForkedJvm;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Kills an active with SIGKILL while it commits, and takes the times until its standby has sealed the log, serves, and has committed. Against
 * themselves: for pools of three sizes the times must be the same.
 */
public final class HowLongDoesATakeoverTake {
    private static final List<Integer> POOL_MIB = List.of(64, 512, 2_048);
    private static final int QUICK_MIB = 4;
    private static final int ROUNDS = 3;
    private static final long COMMITTING_NANOS = 200_000_000;
    private static final double MILLI = 1e6;

    private HowLongDoesATakeoverTake() {}

    /** Arguments: sizes of pools in MiB, or {@code --quick} for one round with a pool that only shows that it works. */
    public static void main(String[] args) {
        boolean quick = Arrays.asList(args).contains("--quick");
        for (int mib : quick ? List.of(QUICK_MIB) : sizes(args)) {
            for (int round = 0; round < (quick ? 1 : ROUNDS); round++) {
                run(mib);
            }
        }
    }

    private static List<Integer> sizes(String[] args) {
        return args.length == 0 ? POOL_MIB : Arrays.stream(args).map(Integer::valueOf).toList();
    }

    private static void run(int mib) {
        long poolBytes = (long) mib << 20;
        try (DomainDirectory directory = DomainDirectory.create();
                ForkedJvm active = ActiveProcess.start(directory.resolve("domain"), poolBytes);
                ForkedJvm standby = StandbyProcess.start(directory.resolve("domain"), poolBytes + poolBytes / 8)) {
            ActiveProcess.go(active);
            LockSupport.parkNanos(COMMITTING_NANOS);
            long killed = System.nanoTime();
            active.kill();
            String[] times = standby.awaitLine(StandbyProcess.SERVING).split(" ", -1);
            System.out.printf(
                    "pool of %,5d MiB: sealed %.3f ms after the kill, serving %.3f ms, first commit %.3f ms%n",
                    mib, millis(killed, times[1]), millis(killed, times[2]), millis(killed, times[3]));
        }
    }

    private static double millis(long from, String to) {
        return (Long.parseLong(to) - from) / MILLI;
    }
}
