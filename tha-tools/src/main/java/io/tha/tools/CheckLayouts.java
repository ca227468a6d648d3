package io.tha.tools;

import io.tha.layout.LayoutException;
import io.tha.transform.LayoutComparison;
import io.tha.transform.LayoutFile;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Compares the layouts of two versions before one is deployed beside the other; docs/versions.md 6. */
@Command(
        name = "check-layouts",
        mixinStandardHelpOptions = true,
        description = "Compares the layout files of two versions, field by field, for the upgrade and for the downgrade.",
        exitCodeListHeading = "%nExit status, the worst of both directions:%n",
        exitCodeList = {
            "0:all values are kept", "1:some may be lost, or a field is gone", "2:of some fields nothing can be made",
            "3:nothing was compared: the arguments are wrong, or a file is"
        })
public final class CheckLayouts implements Callable<Integer> {
    private static final int NOT_COMPARED = 3;

    @Parameters(index = "0", paramLabel = "OLD", description = "layout file of the version that runs")
    private Path older;

    @Parameters(index = "1", paramLabel = "NEW", description = "layout file of the version that shall replace it")
    private Path newer;

    @Spec
    private CommandSpec spec;

    private CheckLayouts() {}

    /** See {@code --help}. */
    public static void main(String[] args) {
        CommandLine commandLine = new CommandLine(new CheckLayouts());
        // Else 1, which would say that something was compared.
        commandLine.getCommandSpec().exitCodeOnExecutionException(NOT_COMPARED);
        CommandLine.IParameterExceptionHandler usage = commandLine.getParameterExceptionHandler();
        commandLine.setParameterExceptionHandler((exception, arguments) -> {
            usage.handleParseException(exception, arguments);
            return NOT_COMPARED;
        });
        System.exit(commandLine.execute(args));
    }

    @Override
    public Integer call() {
        LayoutComparison comparison;
        try {
            comparison = LayoutComparison.of(LayoutFile.read(older), LayoutFile.read(newer));
        } catch (LayoutException | UncheckedIOException e) {
            spec.commandLine().getErr().println("check-layouts: " + e.getMessage());
            return NOT_COMPARED;
        }
        PrintWriter out = spec.commandLine().getOut();
        out.print(comparison.report());
        out.flush();
        return switch (comparison.verdict()) {
            case SAFE -> 0;
            case LOSSY -> 1;
            case INCOMPATIBLE -> 2;
        };
    }
}
