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
    @Option(names = "--input", description = "CSV or CSV.gz file; default ${DEFAULT-VALUE}")
    Path input = Path.of("examples/data/flights-20k.csv.gz");

    @Option(names = "--kills", description = "how often the active is killed; default ${DEFAULT-VALUE}")
    int kills = 3;

    @Option(names = "--seed", description = "of the random events; default random, and printed")
    long seed = new SecureRandom().nextInt(Integer.MAX_VALUE);

    @Option(names = "--rate", description = "events per second; default unlimited")
    long rate;

    @Option(names = "--tracker", description = "how written memory is found: ${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}")
    TrackerKind tracker = TrackerKind.AUTO;

    @Option(names = "--pool-mib", description = "size of the pool; default ${DEFAULT-VALUE}")
    int poolMib = 64;

    /** All at their defaults. */
    public DemoOptions() {}
}
