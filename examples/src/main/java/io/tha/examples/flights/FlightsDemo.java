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
        commandLine.setExecutionExceptionHandler((failure, line, result) -> {
            // Exactly this class: what is wrong with the arguments; its subclasses are not meant.
            boolean ofTheCaller = failure.getClass() == IllegalArgumentException.class;
            System.err.println("demo: " + failure.getMessage());
            if (!ofTheCaller) {
                failure.printStackTrace();
            }
            return ofTheCaller ? CommandLine.ExitCode.USAGE : CommandLine.ExitCode.SOFTWARE;
        });
        System.exit(commandLine.execute(args));
    }
}
