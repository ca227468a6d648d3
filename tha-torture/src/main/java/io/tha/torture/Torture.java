package io.tha.torture;

import io.tha.memory.Protection;
import io.tha.torture.coordinated.CoordinatedRun;
import java.util.ArrayList;
import java.util.List;
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
        if (options.coordinated && (options.breaks || options.broken != null)) {
            System.err.println("torture: --coordinated takes no --break, and no --breaks");
            return CommandLine.ExitCode.USAGE;
        }
        if (options.standbys < 1 || options.standbys > 3 || options.minutes() <= 0 || options.kills < 1) {
            System.err.println("torture: expected 1 to 3 standbys, and minutes and kills above 0");
            return CommandLine.ExitCode.USAGE;
        }
        if (options.coordinated) {
            return new CoordinatedRun(options, System.out::println).run() ? 0 : 1;
        }
        return options.breaks ? tryBreaks(options) : new TortureRun(options, System.out::println).run() ? 0 : 1;
    }

    private static int tryBreaks(TortureOptions options) {
        List<String> table = new ArrayList<>();
        int unnoticed = 0;
        for (Protection protection : Protection.values()) {
            TortureRun run = new TortureRun(options.without(protection), System.out::println);
            unnoticed += run.run() ? 1 : 0;
            table.add("| `" + protection + "` | " + run.verdict() + " |");
        }
        table.forEach(System.out::println);
        System.out.println("breaks=" + table.size() + " unnoticed=" + unnoticed + " seed=" + options.seed);
        return unnoticed == 0 ? 0 : 1;
    }
}
