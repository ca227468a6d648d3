package io.tha.testkit;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A main class running in a JVM of its own, with the class path of this one and its flags that open the JDK.
 *
 * <pre>
 *   try (ForkedJvm child = ForkedJvm.of(Writer.class).args(directory).start()) {
 *       child.awaitLine("READY");
 *       child.kill();
 *   }
 * </pre>
 *
 * <p>All that waits has a deadline, and fails with everything that the child has printed (lines of standard error are marked with an
 * exclamation mark). A child does not outlive the JVM that started it, except if that one is killed itself.
 *
 * <p>Threads: a child is driven by one thread.
 */
public final class ForkedJvm implements AutoCloseable {
    private static final String NAMESPACE_PIDS = "NSpid:";

    private final Process process;
    private final boolean launched;
    private final String name;
    private final Duration deadline;
    private final Transcript transcript = new Transcript();
    private final BufferedWriter input;

    ForkedJvm(Process process, boolean launched, String name, Duration deadline) {
        this.process = process;
        this.launched = launched;
        this.name = name + " (pid " + process.pid() + ")";
        this.deadline = deadline;
        Leftovers.add(process);
        transcript.follow(process.getInputStream(), false);
        transcript.follow(process.getErrorStream(), true);
        input = process.outputWriter(StandardCharsets.UTF_8);
    }

    /** Describes a child that runs this main class. */
    public static ForkedJvmBuilder of(Class<?> main) {
        return new ForkedJvmBuilder(main);
    }

    /** Starts a child that runs this main class with these arguments and nothing special. */
    public static ForkedJvm start(Class<?> main, Object... arguments) {
        return of(main).args(arguments).start();
    }

    /** The process id of the JVM, as this one sees it. */
    public long pid() {
        return jvm().pid();
    }

    /** The process ids of the JVM in this PID namespace and in each that it is in below, the innermost last. */
    public List<Long> processIds() {
        try (Stream<String> status = Files.lines(Path.of("/proc", Long.toString(pid()), "status"))) {
            String line = status.filter(entry -> entry.startsWith(NAMESPACE_PIDS)).findFirst().orElseThrow();
            return Stream.of(line.substring(NAMESPACE_PIDS.length()).strip().split("\\s+", -1)).map(Long::valueOf).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The process itself, or what it has launched; itself also before it has, and when it is over. */
    private ProcessHandle jvm() {
        ProcessHandle self = process.toHandle();
        return launched ? self.children().findFirst().orElse(self) : self;
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /**
     * Waits for a line of standard output; the lines before it count as read.
     *
     * @return the first line not yet read that begins with the prefix
     * @throws AssertionError if the child ends or the deadline passes before it is printed
     */
    public String awaitLine(String prefix) {
        return awaitLine(prefix, deadline);
    }

    /** The same with a deadline of its own. */
    public String awaitLine(String prefix, Duration within) {
        try {
            String line = transcript.take(prefix, System.nanoTime() + within.toNanos());
            if (line == null) {
                throw failure("did not print a line that begins with '" + prefix + "' within " + within);
            }
            return line;
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** Sends a line to the child's standard input. */
    public void send(String line) {
        try {
            input.write(line);
            input.newLine();
            input.flush();
        } catch (IOException e) {
            throw failure("does not take the line '" + line + "': " + e);
        }
    }

    /** Ends the child's standard input. */
    public void endInput() {
        try {
            input.close();
        } catch (IOException e) {
            throw failure("does not take the end of its input: " + e);
        }
    }

    /** Kills with SIGKILL, also a stopped child, and waits until it is gone; harmless if it has ended. */
    public void kill() {
        jvm().destroyForcibly();
        awaitExit();
    }

    /** Stops with SIGSTOP, and waits until each of its threads stands still. */
    public void stop() {
        signal("STOP");
        awaitStopped();
    }

    /** Waits until each of its threads stands still; for a child that stops itself. */
    public void awaitStopped() {
        try {
            if (!ThreadStates.awaitStopped(pid(), System.nanoTime() + deadline.toNanos())) {
                throw failure("has not stopped within " + deadline);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Lets a stopped child run on. */
    public void resume() {
        signal("CONT");
    }

    /**
     * Waits until the child has ended and its output is read.
     *
     * @return its exit code; 128 and the signal's number if it was killed
     */
    public int awaitExit() {
        return awaitExit(deadline);
    }

    /** The same with a deadline of its own. */
    public int awaitExit(Duration within) {
        long deadlineNanos = System.nanoTime() + within.toNanos();
        try {
            if (!process.waitFor(within.toNanos(), TimeUnit.NANOSECONDS)) {
                throw failure("has not ended within " + within);
            }
            transcript.awaitEnd(deadlineNanos);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
        Leftovers.remove(process);
        return process.exitValue();
    }

    /** What it has printed to standard output so far. */
    public List<String> lines() {
        return transcript.lines();
    }

    /** All that it has printed, for messages. */
    public String output() {
        return transcript.toString();
    }

    @Override
    public void close() {
        kill();
    }

    @Override
    public String toString() {
        return name;
    }

    private void signal(String signal) {
        try {
            // The shell's own kill: there is not a /bin/kill everywhere.
            Process kill = new ProcessBuilder("/bin/sh", "-c", "kill -" + signal + " " + pid()).inheritIO().start();
            if (kill.waitFor() != 0) {
                throw failure("does not take SIG" + signal);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private AssertionError interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        AssertionError error = failure("was waited for by a thread that was interrupted");
        error.initCause(e);
        return error;
    }

    private AssertionError failure(String what) {
        String state = process.isAlive() ? "is running" : "ended with exit code " + process.exitValue();
        return new AssertionError(String.join(System.lineSeparator(),
                name + " " + what + "; it " + state + "; its output:", "---", output(), "---"));
    }
}
