package io.tha.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * How a child comes into PID, IPC and mount namespaces of its own, as it would be in a container: it is process 1 there, sees no other process,
 * and shares with others nothing but files.
 */
public enum Namespaces {
    /** As the user who may make namespaces, in general root. */
    PRIVILEGED(""),
    /** Within a user namespace besides, which on many systems any user may make. */
    IN_USER_NAMESPACE(" --user --map-root-user");

    // Without a /proc of the new namespace a JVM does not find itself; unshare waits for the child, and neither outlives the other.
    private static final String COMMAND = "unshare --pid --ipc --fork --kill-child --mount-proc";

    private final String options;

    Namespaces(String options) {
        this.options = options;
    }

    /** The words of a command line before those of the child's own, for {@link ForkedJvmBuilder#through}. */
    public List<String> command() {
        return List.of((COMMAND + options).split(" ", -1));
    }

    /** Tries whether this system allows it; empty if it does, else why not. */
    public String refusal() {
        List<String> probe = new ArrayList<>(command());
        probe.addAll(List.of("sh", "-c", "echo $$"));
        try {
            Process process = new ProcessBuilder(probe).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            int exit = process.waitFor();
            return exit == 0 && output.equals("1") ? "" : String.join(" ", probe) + ": exit code " + exit + ", " + output;
        } catch (IOException e) {
            return String.join(" ", probe) + ": " + e.getMessage();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(String.join(" ", probe) + " was interrupted", e);
        }
    }
}
