package io.tha.testkit;

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
        return Probe.refusal(command(), "echo $$", "1");
    }
}
