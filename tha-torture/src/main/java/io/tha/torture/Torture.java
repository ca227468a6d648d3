package io.tha.torture;

import picocli.CommandLine;

/** Tortures an application, and proves that nothing is lost. */
public final class Torture {
    private Torture() {}

    /** See {@code --help}. Exit status: 0 if every check held, 1 if not, 2 if the arguments are wrong. */
    public static void main(String[] args) {
        TortureOptions options = new TortureOptions();
        CommandLine commandLine = new CommandLine(options).setCaseInsensitiveEnumValuesAllowed(true);
        commandLine.setExecutionStrategy(result -> {
            Integer help = CommandLine.executeHelpRequest(result);
            return help != null ? help : run(options);
        });
        System.exit(commandLine.execute(args));
    }

    private static int run(TortureOptions options) {
        if (options.standbys < 1 || options.standbys > 3 || options.minutes <= 0 || options.kills < 1) {
            System.err.println("torture: expected 1 to 3 standbys, and minutes and kills above 0");
            return CommandLine.ExitCode.USAGE;
        }
        return new TortureRun(options, System.out::println).run() ? 0 : 1;
    }
}
