package io.tha.benchmarks;

import io.tha.memory.MappedFile;
import io.tha.memory.Memory;
import io.tha.testkit.DomainDirectory;
import io.tha.testkit.ForkedJvm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;

/**
 * A standby joins an active that has 1 GiB of state and commits every ten microseconds: from the reservation of its file until it is consistent.
 * Against a plain copy of the active's image into a new file that is reserved in the same way, in turns; and the active's commits meanwhile against
 * those that it makes alone. Targets: at least half the speed of the plain copy; p99 of the commits at most twice as long.
 */
public final class HowFastDoesAStandbyJoin {
    private static final int SMALL_WORDS = 8;
    private static final int LARGE_WORDS = 128;
    private static final long CHUNK_LENGTH = 1 << 20;
    private static final long ALONE_NANOS = 2_000_000_000;
    private static final double MILLI = 1e6;
    private static final double MICRO = 1e3;

    /** How much is done. */
    private record Size(long stateBytes, int rounds, long aloneNanos) {
        static Size of(String[] args) {
            if (Arrays.asList(args).contains("--quick")) {
                return new Size(4 << 20, 1, ALONE_NANOS / 100);
            }
            return new Size(args.length == 0 ? 1L << 30 : Long.parseLong(args[0]) << 20, 5, ALONE_NANOS);
        }

        /** Of the active: what is beside the state is a page table, a registry, and some free pages. */
        long poolBytes() {
            return stateBytes + stateBytes / 8;
        }
    }

    private final Size size;
    private final int words;
    private final DomainDirectory directory;
    private final List<Double> plain = new ArrayList<>();
    private final List<Double> plainCopies = new ArrayList<>();
    private final List<Double> joins = new ArrayList<>();
    private final List<Double> joinCopies = new ArrayList<>();

    private HowFastDoesAStandbyJoin(Size size, int words, DomainDirectory directory) {
        this.size = size;
        this.words = words;
        this.directory = directory;
    }

    /** Argument: MiB of state, if not 1 GiB, or {@code --quick} for a round that only shows that it works. */
    public static void main(String[] args) {
        for (int words : new int[] {SMALL_WORDS, LARGE_WORDS}) {
            try (DomainDirectory directory = DomainDirectory.create()) {
                new HowFastDoesAStandbyJoin(Size.of(args), words, directory).run();
            }
        }
    }

    private void run() {
        Path domain = directory.resolve("domain");
        try (ForkedJvm active = JoinedActive.start(domain, size.poolBytes(), words)) {
            Path image = domain.resolve(active.awaitLine(PeerProcess.READY).split(" ", -1)[1]);
            ask(active);
            for (int round = 0; round < size.rounds; round++) {
                copy(image);
                ask(active);
                LockSupport.parkNanos(size.aloneNanos);
                String[] alone = ask(active);
                join(domain);
                String[] during = ask(active);
                System.out.printf(
                        Locale.ROOT,
                        "objects of %,d bytes: plain copy %.0f ms (%.0f without its file), join %.0f ms (%.0f the copy); "
                                + "commit p99 %.2f us alone (%s), %.2f us during the join (%s), most %.0f and %.0f us%n",
                        words * Long.BYTES,
                        last(plain),
                        last(plainCopies),
                        last(joins),
                        last(joinCopies),
                        Long.parseLong(alone[3]) / MICRO,
                        alone[1],
                        Long.parseLong(during[7]) / MICRO,
                        during[5],
                        Long.parseLong(alone[4]) / MICRO,
                        Long.parseLong(during[8]) / MICRO);
            }
        }
        System.out.printf(
                Locale.ROOT,
                "objects of %,d bytes, ms: plain copy %s (without its file %s), join %s (the copy %s); the join has %.0f %% of the speed%n",
                words * Long.BYTES,
                spread(plain),
                spread(plainCopies),
                spread(joins),
                spread(joinCopies),
                100 * median(plain) / median(joins));
    }

    /** What the active says: count, median, p99 and most alone, and the same during a join. */
    private static String[] ask(ForkedJvm active) {
        active.send("LATENCY");
        return active.awaitLine(JoinedActive.LATENCY).split(" ", -1);
    }

    private void copy(Path image) {
        Path file = directory.resolve("plain-copy");
        long begin = System.nanoTime();
        long copying;
        try (MappedFile from = MappedFile.openForReading(image, CHUNK_LENGTH); MappedFile to = MappedFile.create(file, size.poolBytes())) {
            copying = System.nanoTime();
            for (long at = 0; at < size.stateBytes; at += CHUNK_LENGTH) {
                Memory.copy(from.address() + at, to.address() + at, CHUNK_LENGTH);
            }
            plain.add((System.nanoTime() - begin) / MILLI);
            plainCopies.add((System.nanoTime() - copying) / MILLI);
        }
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void join(Path domain) {
        try (ForkedJvm standby = JoiningStandby.start(domain, size.poolBytes(), words)) {
            String[] joined = standby.awaitLine(JoiningStandby.JOINED).split(" ", -1);
            joins.add(Long.parseLong(joined[1]) / MILLI);
            joinCopies.add(Long.parseLong(joined[2]) / MILLI);
            if (!"1".equals(joined[6])) {
                System.out.println("the standby had to copy " + joined[6] + " times");
            }
            standby.endInput();
            standby.awaitExit();
        }
    }

    private static double last(List<Double> times) {
        return times.get(times.size() - 1);
    }

    private static double median(List<Double> times) {
        return times.stream().sorted().skip(times.size() / 2).findFirst().orElseThrow();
    }

    private static String spread(List<Double> times) {
        double[] sorted = times.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return String.format(Locale.ROOT, "%.0f/%.0f/%.0f", sorted[0], median(times), sorted[sorted.length - 1]);
    }
}
