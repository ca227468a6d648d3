package io.tha.examples.flights;

import io.tha.examples.flights.demo.DemoOptions;
import io.tha.examples.flights.demo.DemoRun;
import io.tha.examples.flights.demo.UpgradeRun;
import picocli.CommandLine;

/** Kills an active again and again while it follows US flights, and proves that its standbys lose nothing. */
public final class FlightsDemo {
    private FlightsDemo() {}

    /** See {@code --help}. Exit status: 0 if nothing was lost, 1 if something was or the run failed, 2 if the arguments or the input are wrong. */
    public static void main(String[] args) {
        DemoOptions options = new DemoOptions();
        CommandLine commandLine = new CommandLine(options).setCaseInsensitiveEnumValuesAllowed(true);
        commandLine.setExecutionStrategy(result -> {
            Integer help = CommandLine.executeHelpRequest(result);
            return help != null ? help : run(options);
        });
        System.exit(commandLine.execute(args));
    }

    private static int run(DemoOptions options) {
        try {
            return options.isUpgrade() ? new UpgradeRun(options).run() : new DemoRun(options).run();
        } catch (RuntimeException e) {
            // Exactly this class is thrown for arguments and input; what a failed run throws is another, or one of its subclasses.
            if (e.getClass() != IllegalArgumentException.class) {
                throw e;
            }
            System.err.println("demo: " + e.getMessage());
            return CommandLine.ExitCode.USAGE;
        }
    }
}
