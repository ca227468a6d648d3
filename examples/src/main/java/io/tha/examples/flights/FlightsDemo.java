package io.tha.examples.flights;

import io.tha.examples.flights.demo.DemoOptions;
import io.tha.examples.flights.demo.DemoRun;
import picocli.CommandLine;

/** Kills an active again and again while it follows US flights, and proves that its standbys lose nothing. */
public final class FlightsDemo {
    private FlightsDemo() {}

    /** See {@code --help}. */
    public static void main(String[] args) {
        DemoOptions options = new DemoOptions();
        CommandLine commandLine = new CommandLine(options);
        commandLine.setExecutionStrategy(result -> {
            Integer help = CommandLine.executeHelpRequest(result);
            return help != null ? help : new DemoRun(options).run();
        });
        System.exit(commandLine.execute(args));
    }
}
