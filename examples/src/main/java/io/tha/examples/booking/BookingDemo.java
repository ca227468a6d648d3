package io.tha.examples.booking;

import io.tha.examples.booking.demo.BookingOptions;
import io.tha.examples.booking.demo.BookingRun;
import picocli.CommandLine;

/** Books seats with three services, kills their processes at random, and proves that no booking is ever in some of them only. */
public final class BookingDemo {
    private BookingDemo() {}

    /** See {@code --help}. Exit status: 0 if all held, 1 if something was half there or lost or the run failed, 2 if the arguments are wrong. */
    public static void main(String[] args) {
        BookingOptions options = new BookingOptions();
        CommandLine commandLine = new CommandLine(options);
        commandLine.setExecutionStrategy(result -> {
            Integer help = CommandLine.executeHelpRequest(result);
            return help != null ? help : new BookingRun(options, System.out).run();
        });
        System.exit(commandLine.execute(args));
    }
}
