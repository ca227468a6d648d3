package io.tha.region;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A forked JVM that joins a domain when told to, and lives until it is killed or its input ends. */
final class ControlChild implements AutoCloseable {
    final Process process;
    private final BufferedReader output;
    private int slot = -1;

    private ControlChild(Process process) {
        this.process = process;
        output = process.inputReader(StandardCharsets.UTF_8);
    }

    static ControlChild fork(Path domain, String... options) {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(a -> a.startsWith("--") || a.startsWith("-Dchronicle"))
                .forEach(command::add);
        command.addAll(List.of(options));
        command.addAll(List.of("-Xmx64m", "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"),
                ControlChild.class.getName(), domain.toString()));
        try {
            return new ControlChild(new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Lets it join. */
    ControlChild go() {
        try {
            process.outputWriter(StandardCharsets.UTF_8).append("go\n");
            process.outputWriter(StandardCharsets.UTF_8).flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    /** Waits until it has joined. */
    int slot() {
        try {
            if (slot < 0) {
                slot = Integer.parseInt(output.readLine());
            }
            return slot;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void kill() {
        process.destroyForcibly();
    }

    @Override
    public void close() {
        kill();
        try {
            process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    public static void main(String[] arguments) throws IOException {
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        if (input.readLine() == null) {
            return;
        }
        ControlFile control = ControlFile.open(Path.of(arguments[0]));
        control.application("flights", "child");
        System.out.println(control.processSlot());
        while (input.readLine() != null) {
            Thread.onSpinWait();
        }
    }
}
