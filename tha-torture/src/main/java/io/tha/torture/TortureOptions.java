package io.tha.torture;

import io.tha.memory.Protection;
import java.security.SecureRandom;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What a run can be told. */
@Command(
        name = "torture",
        mixinStandardHelpOptions = true,
        description = "Kills, stops and ends an active and its standbys at random moments, and proves that nothing is lost, doubled or torn.")
public final class TortureOptions {
    /** A month. */
    private static final double UNLIMITED_MINUTES = 31 * 24 * 60;

    /** Null if it was not said. */
    @Option(names = "--minutes", description = "how long it takes; default 1, with --coordinated and --kills as long as these take")
    Double minutes;

    /** Of transactions and events. */
    @Option(names = "--seed", description = "of transactions and events; default random, and printed")
    public long seed = new SecureRandom().nextInt(Integer.MAX_VALUE);

    /** After which it ends. */
    @Option(names = "--kills", description = "ends earlier, when so many processes were killed; default unlimited")
    public int kills = Integer.MAX_VALUE;

    @Option(names = "--standbys", description = "at most, 1 to 3; default ${DEFAULT-VALUE}")
    int standbys = 3;

    @Option(names = "--break", description = "a protection of the engine that the nodes do without: ${COMPLETION-CANDIDATES}")
    Protection broken;

    @Option(names = "--breaks", description = "tries each protection in turn, each for as long as --minutes says, until it is noticed")
    boolean breaks;

    /** Whether it is of several applications. */
    @Option(names = "--coordinated", description = "tortures four applications that commit together, and reads their standbys at one instant")
    public boolean coordinated;

    /** All at their defaults. */
    public TortureOptions() {}

    /** The same, with a protection broken. */
    TortureOptions without(Protection protection) {
        TortureOptions options = new TortureOptions();
        options.minutes = minutes;
        options.seed = seed;
        options.kills = kills;
        options.standbys = standbys;
        options.broken = protection;
        return options;
    }

    /** How long it takes at most. */
    public double minutes() {
        return minutes != null ? minutes : coordinated && kills < Integer.MAX_VALUE ? UNLIMITED_MINUTES : 1;
    }

    /** What repeats the run's plan of transactions and events. */
    String command() {
        return "scripts/torture" + (coordinated ? " --coordinated" : " --standbys " + standbys) + (minutes == null ? "" : " --minutes " + minutes)
                + " --seed " + seed + (kills == Integer.MAX_VALUE ? "" : " --kills " + kills) + (broken == null ? "" : " --break " + broken);
    }
}
