package io.tha.benchmarks;

import io.tha.testkit.DomainDirectory;
import io.tha.tracker.TrackerKind;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** The baseline of a tracker: {@code native/tracker_baseline.c}, compiled here, which does in its own process what the tracker has to do. */
final class TrackerPeer implements AutoCloseable {
    private static final String NAME = "tracker_baseline";
    private static final String READY = "ready";
    private static final List<String> KINDS = List.of("userfaultfd", "mprotect");

    private final Process process;
    private final OutputStream requests;
    private final BufferedReader answers;
    private String unavailableReason;

    private TrackerPeer(Process process, String unavailableReason) {
        this.process = process;
        this.unavailableReason = unavailableReason;
        requests = process == null ? null : process.getOutputStream();
        answers = process == null ? null : new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** Watches a part of a file in another process, if there is such a program for this kind, and a compiler; else it is one without use. */
    static TrackerPeer start(TrackerKind kind, Path file, long start, long end) {
        String mode = kind.name().toLowerCase(Locale.ROOT);
        Path source = source();
        if (!KINDS.contains(mode)) {
            return new TrackerPeer(null, "there is none");
        }
        if (!Files.exists(source)) {
            return new TrackerPeer(null, "its source is not at " + source + "; set -Dtha.native to its directory");
        }
        try (DomainDirectory directory = DomainDirectory.createBelow(Path.of(System.getProperty("java.io.tmpdir")))) {
            Path program = directory.resolve(NAME);
            String problem = compile(source, program);
            if (problem != null) {
                return new TrackerPeer(null, problem);
            }
            Process process = new ProcessBuilder(program.toString(), mode, file.toString(), Long.toString(start), Long.toString(end))
                    .redirectErrorStream(true)
                    .start();
            // When it has answered, it runs, and its file may go.
            TrackerPeer peer = new TrackerPeer(process, null);
            String line = peer.answers.readLine();
            peer.unavailableReason = READY.equals(line) ? null : NAME + ": " + line;
            return peer;
        } catch (IOException e) {
            throw new UncheckedIOException(source + " cannot be run", e);
        }
    }

    private static Path source() {
        String named = System.getProperty("tha.native");
        Path directory = named != null ? Path.of(named) : Path.of("..", "native");
        return directory.resolve(NAME + ".c").toAbsolutePath().normalize();
    }

    private static String compile(Path source, Path program) {
        try {
            Process compiler = new ProcessBuilder(
                            "cc", "-std=c11", "-O2", "-Wall", "-Wextra", "-Werror", "-o", program.toString(), source.toString())
                    .redirectErrorStream(true)
                    .start();
            String output = new String(compiler.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return compiler.waitFor() == 0 ? null : "cc refuses it: " + output.strip();
        } catch (IOException e) {
            return "no C compiler: " + e.getMessage();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "interrupted";
        }
    }

    /** Why it cannot be asked, or null when it can. */
    String unavailableReason() {
        return unavailableReason;
    }

    /** Some rounds, the same as the tracker's; the pages that are written must be those that are found. */
    void rounds(TrackerScene scene, int[] from, int pages, TrackerRounds into) {
        ByteBuffer request = ByteBuffer.allocate((2 + from.length * pages) * Long.BYTES).order(ByteOrder.nativeOrder());
        request.putLong(from.length).putLong(pages);
        for (int first : from) {
            for (int i = first; i < first + pages; i++) {
                request.putLong(scene.fileOffset(i));
            }
        }
        try {
            requests.write(request.array());
            requests.flush();
            for (int i = 0; i < from.length; i++) {
                read(pages, into);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(NAME + " does not answer", e);
        }
    }

    private void read(int pages, TrackerRounds into) throws IOException {
        String line = answers.readLine();
        String[] answer = line == null ? new String[0] : line.split(" ", -1);
        if (answer.length != 3 || Integer.parseInt(answer[2]) != pages) {
            throw new IllegalStateException(NAME + " wrote " + pages + " pages and answered '" + line + "'");
        }
        into.peer(Long.parseLong(answer[0]), Long.parseLong(answer[1]));
    }

    @Override
    public void close() {
        if (process != null) {
            process.destroy();
            try {
                process.waitFor();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
