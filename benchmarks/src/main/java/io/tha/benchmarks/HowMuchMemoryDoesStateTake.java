package io.tha.benchmarks;

import io.tha.capture.Snapshot;
import io.tha.testkit.DomainDirectory;
import io.tha.testkit.ForkedJvm;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The resident memory of an active whose state is objects of 64 bytes, after transactions over many of them at random; each row a process of its
 * own. Against the same bytes in plain memory.
 *
 * <p>Target: snapshot {@code LINES} takes at most 1.05 times what is taken without a snapshot.
 */
public final class HowMuchMemoryDoesStateTake {
    /** The baseline: no application at all. */
    static final String PLAIN = "PLAIN";

    private static final int OBJECTS = 8_000_000;
    private static final int QUICK_OBJECTS = 20_000;
    private static final List<Integer> TRANSACTION_LENGTHS = List.of(1_000, 10_000);
    private static final double BOUND = 1.05;
    private static final double MIB = 1 << 20;
    private static final Duration DEADLINE = Duration.ofMinutes(5);

    private HowMuchMemoryDoesStateTake() {}

    /** Argument: {@code --quick} for a state that only shows that it works. */
    public static void main(String[] args) {
        int objects = Arrays.asList(args).contains("--quick") ? QUICK_OBJECTS : OBJECTS;
        System.out.printf(Locale.ROOT, "%,d objects of %d bytes, %,.0f MiB%n", objects, Items.BODY_BYTES, bytes(objects) / MIB);
        System.out.printf("%-8s %-20s %12s %12s %12s %10s%n", "snapshot", "objects, transaction", "shared, MiB", "other, most", "heap, MiB", "ratio");
        List<String> goals = new ArrayList<>();
        for (int length : TRANSACTION_LENGTHS) {
            double plain = row(PLAIN, objects, length, 0);
            row(Snapshot.IMAGE.name(), objects, length, plain);
            double lines = row(Snapshot.LINES.name(), objects, length, plain);
            double ratio = lines / row(Snapshot.NONE.name(), objects, length, plain);
            String verdict = ratio <= BOUND ? "ok" : "missed";
            goals.add(String.format(Locale.ROOT, "goal memory.lines_%d ratio=%.3f bound<=%.2f %s", length, ratio, BOUND, verdict));
        }
        goals.forEach(System.out::println);
    }

    private static double bytes(int objects) {
        return (double) objects * Items.BODY_BYTES;
    }

    /** Returns all that is resident because of the state, in bytes. */
    private static double row(String snapshot, int objects, int length, double plain) {
        try (DomainDirectory directory = DomainDirectory.create();
                ForkedJvm process = ForkedJvm.of(StateProcess.class)
                        .args(directory.resolve("domain"), snapshot, objects, length)
                        .jvmArgs("-da", "-Xms64m", "-Xmx64m", "-XX:+UseSerialGC", "-XX:+AlwaysPreTouch")
                        .deadline(DEADLINE)
                        .start()) {
            String[] said = process.awaitLine(StateProcess.MEMORY).split(" ", -1);
            double shared = Double.parseDouble(said[1]);
            double other = Double.parseDouble(said[2]);
            double total = shared + other;
            String ratio = plain == 0 ? "1" : String.format(Locale.ROOT, "%.2f", total / plain);
            System.out.printf(
                    Locale.ROOT,
                    "%-8s %,20d %,12.1f %,12.1f %,12.1f %10s%n",
                    snapshot,
                    length,
                    shared / MIB,
                    other / MIB,
                    Double.parseDouble(said[3]) / MIB,
                    ratio);
            return total;
        }
    }
}
