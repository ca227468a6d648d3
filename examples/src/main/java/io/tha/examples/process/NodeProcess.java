package io.tha.examples.process;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * A main class in a process of its own, with which its starter talks in lines.
 *
 * <p>Threads: any; several may wait for different lines.
 */
public final class NodeProcess implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 120;
    /** Of a process that was ended by SIGKILL, as the JDK tells it. */
    private static final int KILLED_STATUS = 128 + 9;

    private static final int TRANSCRIPT_LINES = 1_000;
    private static final int LINE_LENGTH = 300;
    private static final int UNSAFE_FLAG_SINCE = 24;
    private static final List<String> FLAGS = List.of(
            "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED",
            "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED",
            "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
            "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
            "--enable-native-access=ALL-UNNAMED",
            "-Dchronicle.analytics.disable=true",
            "-Dchronicle.announcer.disable=true",
            "-XX:+UseSerialGC");

    private final Process process;
    private final BufferedWriter input;
    private final Predicate<String> listener;
    private final Thread reader;
    /** Lines that nobody has waited for yet; under this, as the rest. */
    private final List<String> unheard = new ArrayList<>();

    private final Deque<String> transcript = new ArrayDeque<>();
    private boolean ended;

    private NodeProcess(Process process, Predicate<String> listener) {
        this.process = process;
        this.listener = listener;
        input = process.outputWriter(StandardCharsets.UTF_8);
        reader = new Thread(this::read, "output of " + process.pid());
        reader.setDaemon(true);
        reader.start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    }

    /**
     * What is started.
     *
     * @param main class
     * @param flags of its JVM, beside those that the engine needs
     * @param arguments of its main method
     */
    public record Launch(Class<?> main, List<String> flags, List<String> arguments) {}

    /** Starts a process of which every line is waited for. */
    public static NodeProcess start(Launch launch) {
        return start(launch, line -> false);
    }

    /**
     * Starts a process.
     *
     * @param listener is given each line first, by one thread, and says whether that is all that is to be done about it
     */
    public static NodeProcess start(Launch launch, Predicate<String> listener) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(FLAGS);
        if (Runtime.version().feature() >= UNSAFE_FLAG_SINCE) {
            command.add("--sun-misc-unsafe-memory-access=allow");
        }
        command.addAll(launch.flags());
        command.addAll(List.of("-cp", absolute(System.getProperty("java.class.path")), launch.main().getName()));
        command.addAll(launch.arguments());
        try {
            return new NodeProcess(new ProcessBuilder(command).redirectErrorStream(true).start(), listener);
        } catch (IOException e) {
            throw new UncheckedIOException("a process cannot be started: " + e.getMessage(), e);
        }
    }

    private static String absolute(String classPath) {
        List<String> parts = new ArrayList<>();
        for (String part : classPath.split(File.pathSeparator, -1)) {
            parts.add(Path.of(part).toAbsolutePath().toString());
        }
        return String.join(File.pathSeparator, parts);
    }

    private void read() {
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                if (!listener.test(line)) {
                    hear(line);
                }
            }
        } catch (IOException e) {
            hear("output: " + e);
        } finally {
            end();
        }
    }

    private synchronized void hear(String line) {
        unheard.add(line);
        transcript.add(line.substring(0, Math.min(line.length(), LINE_LENGTH)));
        if (transcript.size() > TRANSCRIPT_LINES) {
            transcript.remove();
        }
        notifyAll();
    }

    private synchronized void end() {
        ended = true;
        notifyAll();
    }

    /**
     * Waits for a line that begins so; each line is given to one who waits.
     *
     * @throws IllegalStateException if the process ended without it, or did not say it in time
     */
    public synchronized String await(String prefix) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        String line = take(prefix);
        while (line == null) {
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (ended || left <= 0) {
                throw new IllegalStateException(
                        "process " + process.pid() + (ended ? " ended without " : " said no ") + prefix + "; it said:\n" + said());
            }
            wait(left);
            line = take(prefix);
        }
        return line;
    }

    private String take(String prefix) {
        for (Iterator<String> lines = unheard.iterator(); lines.hasNext(); ) {
            String line = lines.next();
            if (line.startsWith(prefix)) {
                lines.remove();
                return line;
            }
        }
        return null;
    }

    /** The latest thousand lines of its output so far, or their beginnings, without those that were the listener's. */
    public synchronized String said() {
        return String.join("\n", transcript);
    }

    /**
     * Tells it something.
     *
     * @throws UncheckedIOException if it has ended
     */
    public void say(String command) {
        try {
            input.write(command + "\n");
            input.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("process " + process.pid() + " does not listen: " + e.getMessage(), e);
        }
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** SIGKILL; what it has said by then is still heard, which the process' own method would discard. */
    public void kill() {
        process.toHandle().destroyForcibly();
    }

    /**
     * After a kill: waits until it is gone, so that none of its threads can do anything any more, and all that it has said is heard.
     *
     * @throws IllegalStateException if it had ended before that
     */
    public void awaitKilled() throws InterruptedException {
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException("process " + process.pid() + " did not end in " + PATIENCE_SECONDS + " s");
        }
        reader.join();
        if (process.exitValue() != KILLED_STATUS) {
            throw new IllegalStateException(
                    "process " + process.pid() + " ended with status " + process.exitValue() + " before it was killed; it said:\n" + said());
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
