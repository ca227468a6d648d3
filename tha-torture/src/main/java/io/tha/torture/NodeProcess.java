package io.tha.torture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Queue;

/**
 * A {@link TortureNode} in a process of its own, and what the run knows of it.
 *
 * <p>Threads: one; its output is read by a thread of its own.
 */
final class NodeProcess extends JvmProcess {
    final int number;
    Role role = Role.STARTING;
    /** Of its last takeover. */
    long epoch;
    /** When it is to be resumed; 0 when it was not stopped. */
    long resumeNanos;

    /** What it does. */
    enum Role {
        STARTING,
        SPARE,
        JOINING,
        STANDBY,
        ACTIVE
    }

    /** Something that a node has said. */
    record Line(NodeProcess node, String text) {}

    private NodeProcess(int number, Launch launch) {
        super("node-" + number, launch);
        this.number = number;
    }

    /** Starts a node; what it says comes into the queue. */
    static NodeProcess start(int number, Launch launch, Queue<Line> lines) {
        NodeProcess node = new NodeProcess(number, launch);
        node.follow(line -> lines.add(new Line(node, line)));
        return node;
    }

    boolean hasSaid(String line) {
        return saidCount(line) > 0;
    }

    int saidCount(String line) {
        return Collections.frequency(transcript(), line);
    }

    boolean isJoined() {
        return role == Role.JOINING || role == Role.STANDBY;
    }

    boolean isStopped() {
        return resumeNanos != 0;
    }

    /** Whether it has stopped itself, or somebody else has stopped it. */
    boolean hasStoppedItself() {
        if (isStopped() || !crashPoint().endsWith("STOP")) {
            return false;
        }
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid()), "stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2) == 'T';
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public String toString() {
        return "node " + number + " (pid " + pid() + ", " + role + (isStopped() ? ", stopped" : "")
                + (crashPoint().isEmpty() ? "" : ", crash point " + crashPoint()) + ")";
    }
}
