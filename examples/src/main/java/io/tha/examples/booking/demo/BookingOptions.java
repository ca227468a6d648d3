package io.tha.examples.booking.demo;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What the demonstration can be told. */
@Command(
        name = "demo-booking",
        mixinStandardHelpOptions = true,
        description = "Books seats with three services that commit together, kills their processes in the middle, and compares what they have.")
public final class BookingOptions {
    private static final String DEFAULT_KILLS = "12";

    @Spec
    private CommandSpec spec;

    @Option(names = "--seed", description = "of the orders and the kills; default ${DEFAULT-VALUE}")
    private long seed = 1;

    private int kills;

    /** All at their defaults. */
    public BookingOptions() {}

    @Option(names = "--kills", defaultValue = DEFAULT_KILLS, description = "how many processes are killed; default ${DEFAULT-VALUE}")
    void kills(int count) {
        if (count < 0) {
            throw new ParameterException(spec.commandLine(), "--kills " + count + ", expected 0 or more");
        }
        kills = count;
    }

    int kills() {
        return kills;
    }

    long seed() {
        return seed;
    }
}
