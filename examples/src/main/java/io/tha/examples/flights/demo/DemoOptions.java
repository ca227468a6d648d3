package io.tha.examples.flights.demo;

import io.tha.tracker.TrackerKind;
import java.nio.file.Path;
import java.security.SecureRandom;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What the demonstration can be told. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = "Follows US flights with an active and a standby process, kills the active at random events, and compares the result.")
public final class DemoOptions {
    private static final int KILLS = 3;
    private static final int UPGRADE_KILLS = 5;
    private static final long UPGRADE_RATE = 1_000;

    @Option(names = "--input", description = "CSV or CSV.gz file; default ${DEFAULT-VALUE}")
    Path input = Path.of("examples/data/flights-20k.csv.gz");

    @Option(names = "--upgrade", description = "goes from version 1 of the service to version 2 and back, each time by a kill")
    boolean upgrade;

    @Option(names = "--kills", description = "how often the active is killed; default 3, with --upgrade 5")
    Integer kills;

    @Option(names = "--seed", description = "of the random events; default random, and printed")
    long seed = new SecureRandom().nextInt(Integer.MAX_VALUE);

    @Option(names = "--rate", description = "events per second, 0 for no limit; default 0, with --upgrade 1000")
    Long rate;

    @Option(names = "--tracker", description = "how written memory is found: ${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}")
    TrackerKind tracker = TrackerKind.AUTO;

    @Option(names = "--pool-mib", description = "size of the pool; default ${DEFAULT-VALUE}")
    int poolMib = 64;

    /** All at their defaults. */
    public DemoOptions() {}

    /** Whether the service goes to another version and back. */
    public boolean isUpgrade() {
        return upgrade;
    }

    int kills() {
        return kills != null ? kills : upgrade ? UPGRADE_KILLS : KILLS;
    }

    /** Through an upgrade slow enough that standbys join under load. */
    long rate() {
        return rate != null ? rate : upgrade ? UPGRADE_RATE : 0;
    }
}
