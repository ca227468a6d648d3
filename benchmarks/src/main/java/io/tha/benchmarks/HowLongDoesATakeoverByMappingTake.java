package io.tha.benchmarks;

import io.tha.testkit.DomainDirectory;
import io.tha.testkit.ForkedJvm;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;

/**
 * Kills actives with SIGKILL while they commit, one after the other over the same state, and takes the times until the next one, which has mapped the
 * state and not copied it, has sealed the log, serves, and has committed. Against themselves: for states of 10 MiB and 4 GiB the times must be
 * the same.
 */
public final class HowLongDoesATakeoverByMappingTake {
    private static final List<Integer> STATE_MIB = List.of(10, 4_096);
    private static final List<Integer> QUICK_MIB = List.of(4, 8);
    private static final int ROUNDS = 11;
    private static final long COMMITTING_NANOS = 200_000_000;
    private static final double MILLI = 1e6;
    /** Of the file of a pool: page table, registry, pages that are not full. */
    private static final double FILE_SHARE = 1.12;

    private HowLongDoesATakeoverByMappingTake() {}

    /** Arguments: sizes of the state in MiB, or {@code --quick} for one round with little, which only shows that it works. */
    public static void main(String[] args) {
        boolean quick = Arrays.asList(args).contains("--quick");
        List<Integer> sizes = quick ? QUICK_MIB : args.length == 0 ? STATE_MIB : Arrays.stream(args).map(Integer::valueOf).toList();
        Samples first = null;
        for (int mib : sizes) {
            Samples samples = run(mib, quick ? 1 : ROUNDS);
            if (first != null) {
                System.out.printf(Locale.ROOT, "first commit, median of %,d MiB against %,d MiB: %.2f times%n", mib, sizes.get(0),
                        (double) samples.median() / first.median());
            }
            first = first == null ? samples : first;
        }
    }

    private static Samples run(int mib, int rounds) {
        Samples sealed = new Samples(rounds);
        Samples serving = new Samples(rounds);
        Samples committed = new Samples(rounds);
        try (DomainDirectory directory = DomainDirectory.create()) {
            ForkedJvm active = ActiveProcess.start(directory.resolve("domain"), (long) (mib * FILE_SHARE * (1 << 20)));
            try {
                for (int round = 0; round < rounds; round++) {
                    ForkedJvm standby = MappingStandbyProcess.start(directory.resolve("domain"));
                    ActiveProcess.go(active);
                    LockSupport.parkNanos(COMMITTING_NANOS);
                    long killed = System.nanoTime();
                    active.kill();
                    active = standby;
                    String[] times = standby.awaitLine(MappingStandbyProcess.SERVING).split(" ", -1);
                    sealed.add(Long.parseLong(times[1]) - killed);
                    serving.add(Long.parseLong(times[2]) - killed);
                    committed.add(Long.parseLong(times[3]) - killed);
                }
            } finally {
                active.close();
            }
        }
        System.out.printf(
                Locale.ROOT, "state of %,5d MiB, %d kills, ms after the kill, least/median/most: sealed %s, serving %s, first commit %s%n",
                mib, rounds, sealed.in(MILLI), serving.in(MILLI), committed.in(MILLI));
        return committed;
    }
}
