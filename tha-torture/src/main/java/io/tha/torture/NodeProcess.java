package io.tha.torture;

import io.tha.memory.Posix;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;

/**
 * A {@link TortureNode} in a process of its own, and what the run knows of it.
 *
 * <p>Threads: one; its output is read by a thread of its own.
 */
final class NodeProcess {
    /** The end of its output. */
    static final String END = "(end of output)";

    static final int SIGKILL = 9;
    static final int SIGTERM = 15;
    static final int SIGSTOP = 19;
    static final int SIGCONT = 18;
    private static final int MOST_LINES = 2_000;
    private static final List<String> LEAN =
            List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-Xmx64m", "-XX:-UsePerfData", "-Dtha.rehearsalMillis=20");
    private static final List<String> OPENED = List.of(
            "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED",
            "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED",
            "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
            "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
            "--enable-native-access=ALL-UNNAMED",
            "-Dchronicle.analytics.disable=true",
            "-Dchronicle.announcer.disable=true");
    private static final int UNSAFE_FLAG_SINCE = 24;

    final int number;
    final String crashPoint;
    Role role = Role.STARTING;
    /** Of its last takeover. */
    long epoch;
    /** When it is to be resumed; 0 when it was not stopped. */
    long resumeNanos;

    private final Process process;
    private final Writer input;
    private final List<String> transcript = new ArrayList<>();
    private final Set<Integer> sent = new HashSet<>();

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

    private NodeProcess(int number, String crashPoint, Process process, Queue<Line> lines) {
        this.number = number;
        this.crashPoint = crashPoint;
        this.process = process;
        input = process.outputWriter(StandardCharsets.UTF_8);
        Thread reader = new Thread(() -> read(lines), "output of node " + number);
        reader.setDaemon(true);
        reader.start();
    }

    /**
     * How a node is started.
     *
     * @param classPath of its JVM
     * @param flags of its JVM
     * @param arguments of {@link TortureNode#main}
     * @param crashPoint where it kills or stops itself; empty for nowhere
     */
    record Launch(String classPath, List<String> flags, List<String> arguments, String crashPoint) {}

    /** Starts a node; what it says comes into the queue. */
    static NodeProcess start(int number, Launch launch, Queue<Line> lines) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(OPENED);
        if (Runtime.version().feature() >= UNSAFE_FLAG_SINCE) {
            command.add("--sun-misc-unsafe-memory-access=allow");
        }
        command.addAll(LEAN);
        command.addAll(launch.flags());
        command.add("-Dtha.crashPoint=" + launch.crashPoint());
        command.addAll(List.of("-cp", launch.classPath(), TortureNode.class.getName()));
        command.addAll(launch.arguments());
        try {
            return new NodeProcess(number, launch.crashPoint(), new ProcessBuilder(command).redirectErrorStream(true).start(), lines);
        } catch (IOException e) {
            throw new UncheckedIOException("a node cannot be started: " + String.join(" ", command), e);
        }
    }

    private void read(Queue<Line> lines) {
        try (BufferedReader output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                lines.add(new Line(this, line));
            }
        } catch (IOException e) {
            lines.add(new Line(this, "output: " + e));
        }
        lines.add(new Line(this, END));
    }

    void remember(String line) {
        if (transcript.size() < MOST_LINES) {
            transcript.add(line);
        }
    }

    List<String> transcript() {
        return transcript;
    }

    /** Tells it something; nothing happens when it is gone. */
    void tell(String line) {
        try {
            input.write(line);
            input.write('\n');
            input.flush();
        } catch (IOException e) {
            remember("(not taken: " + line + ": " + e + ")");
        }
    }

    /** Sends a signal, unless it has ended. */
    void signal(int signal) {
        if (process.isAlive()) {
            remember("(signal " + signal + ")");
            sent.add(signal);
            Posix.kill(process.pid(), signal);
        }
    }

    /** Ends its input: it ends then. */
    void leave() {
        try {
            input.close();
        } catch (IOException e) {
            remember("(its input cannot be ended: " + e + ")");
        }
    }

    /** For when this process ends. */
    void destroy() {
        process.destroyForcibly();
    }

    /** Its exit status, soon after it has said all. */
    int awaitExit() {
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    boolean wasSent(int signal) {
        return sent.contains(signal);
    }

    boolean hasSaid(String line) {
        return saidCount(line) > 0;
    }

    int saidCount(String line) {
        return Collections.frequency(transcript, line);
    }

    boolean isJoined() {
        return role == Role.JOINING || role == Role.STANDBY;
    }

    boolean isStopped() {
        return resumeNanos != 0;
    }

    /** Whether it has stopped itself, or somebody else has stopped it. */
    boolean hasStoppedItself() {
        if (isStopped() || !crashPoint.endsWith("STOP")) {
            return false;
        }
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2) == 'T';
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public String toString() {
        return "node " + number + " (pid " + process.pid() + ", " + role + (isStopped() ? ", stopped" : "")
                + (crashPoint.isEmpty() ? "" : ", crash point " + crashPoint) + ")";
    }
}
