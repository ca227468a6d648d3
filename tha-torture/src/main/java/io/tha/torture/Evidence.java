package io.tha.torture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/**
 * Says what was found to be wrong, how to repeat it, and where what the nodes have said is kept.
 *
 * <p>Threads: one.
 */
public final class Evidence {
    private final TortureOptions options;
    private final Consumer<String> out;

    /** Of a run with these options, told line by line. */
    public Evidence(TortureOptions options, Consumer<String> out) {
        this.options = options;
        this.out = out;
    }

    /** Tells and keeps it. */
    public void keep(TortureException found, String when, List<? extends JvmProcess> nodes) {
        out.accept("FAILED after " + when + ": " + found.failure().label() + ": " + found.getMessage());
        out.accept("repeat with: " + options.command());
        if (options.broken != null) {
            // What was to be found was found; runs that look for it one after another would fill the disk.
            return;
        }
        try {
            Path kept = Files.createTempDirectory("tha-torture-seed-" + options.seed + "-");
            for (JvmProcess node : nodes) {
                Files.write(kept.resolve(node.name() + ".txt"), List.copyOf(node.transcript()));
            }
            out.accept("what the last nodes said is in " + kept);
        } catch (IOException notKept) {
            out.accept("what the nodes said could not be kept: " + notKept);
        }
    }
}
