package io.tha.torture;

import io.tha.memory.Posix;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A JVM in a process of its own that is told things, says things, and gets signals.
 *
 * <p>Threads: any; its output is read by a thread of its own.
 */
public class JvmProcess {
    /** The end of its output. */
    public static final String END = "(end of output)";

    public static final int SIGKILL = 9;
    public static final int SIGTERM = 15;
    public static final int SIGCONT = 18;
    public static final int SIGSTOP = 19;
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

    private final Process process;
    private final Writer input;
    private final List<String> transcript = Collections.synchronizedList(new ArrayList<>());
    private final Set<Integer> sent = Collections.synchronizedSet(new HashSet<>());
    private final String name;
    private final String crashPoint;

    /**
     * How one is started.
     *
     * @param main class that it runs
     * @param classPath of its JVM
     * @param flags of its JVM
     * @param arguments of its main method
     * @param crashPoint where it kills or stops itself; empty for nowhere
     */
    public record Launch(Class<?> main, String classPath, List<String> flags, List<String> arguments, String crashPoint) {}

    /** Starts one; what it says is read from {@link #follow} on. */
    public JvmProcess(String name, Launch launch) {
        this.name = name;
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(OPENED);
        if (Runtime.version().feature() >= UNSAFE_FLAG_SINCE) {
            command.add("--sun-misc-unsafe-memory-access=allow");
        }
        command.addAll(LEAN);
        command.addAll(launch.flags());
        command.add("-Dtha.crashPoint=" + launch.crashPoint());
        command.addAll(List.of("-cp", launch.classPath(), launch.main().getName()));
        command.addAll(launch.arguments());
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            throw new UncheckedIOException("a node cannot be started: " + String.join(" ", command), e);
        }
        crashPoint = launch.crashPoint();
        input = process.outputWriter(StandardCharsets.UTF_8);
    }

    /** Gives all that it says to a listener, line by line and in the end {@link #END}, in a thread of its own. */
    public final void follow(Consumer<String> listener) {
        Thread reader = new Thread(() -> read(listener), "output of " + name);
        reader.setDaemon(true);
        reader.start();
    }

    private void read(Consumer<String> listener) {
        try (BufferedReader output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                listener.accept(line);
            }
        } catch (IOException e) {
            listener.accept("output: " + e);
        }
        listener.accept(END);
    }

    /** Keeps a line for the transcript. */
    public final void remember(String line) {
        if (transcript.size() < MOST_LINES) {
            transcript.add(line);
        }
    }

    /** What is remembered, as it was said. */
    public final List<String> transcript() {
        return transcript;
    }

    /** Tells it something; nothing happens when it is gone. */
    public final synchronized void tell(String line) {
        try {
            input.write(line);
            input.write('\n');
            input.flush();
        } catch (IOException e) {
            remember("(not taken: " + line + ": " + e + ")");
        }
    }

    /** Sends a signal, unless it has ended. */
    public final void signal(int signal) {
        if (process.isAlive()) {
            remember("(signal " + signal + ")");
            sent.add(signal);
            Posix.kill(process.pid(), signal);
        }
    }

    public final boolean wasSent(int signal) {
        return sent.contains(signal);
    }

    /** Ends its input: it ends then. */
    public final void leave() {
        try {
            input.close();
        } catch (IOException e) {
            remember("(its input cannot be ended: " + e + ")");
        }
    }

    /** For when this process ends. */
    public final void destroy() {
        process.destroyForcibly();
    }

    /** Its exit status, soon after it has said all. */
    public final int awaitExit() {
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** Whether it was killed by somebody else than who drives it, and not at its crash point either. */
    public final boolean wasKilledUnforeseen(int status) {
        return status == 128 + SIGKILL && !wasSent(SIGKILL) && !crashPoint.endsWith("KILL");
    }

    public final String name() {
        return name;
    }

    public final String crashPoint() {
        return crashPoint;
    }

    public final long pid() {
        return process.pid();
    }
}
