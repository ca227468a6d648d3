package io.tha.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A tmpfs of a size of its own, mounted for one test, that can be filled. Who may mount is in general root; where it is not allowed, {@link #refusal}
 * says so, and the test is skipped.
 *
 * <p>Threads: one.
 */
public final class SmallDisk implements AutoCloseable {
    private static final long BLOCK_LENGTH = 4_096;

    private final DomainDirectory parent = DomainDirectory.create();
    private final Path path = parent.resolve("disk");

    private SmallDisk(long sizeBytes) throws IOException {
        Files.createDirectory(path);
        Leftovers.addMount(path);
        String output = run("mount", "-t", "tmpfs", "-o", "mode=0700,size=" + sizeBytes, "tha-test", path.toString());
        if (!output.isEmpty()) {
            Leftovers.removeMount(path);
            parent.close();
            throw new IOException("a tmpfs cannot be mounted on " + path + ": " + output);
        }
    }

    /** Tries whether this system allows it; empty if it does, else why not. */
    public static String refusal() {
        try {
            new SmallDisk(BLOCK_LENGTH).close();
            return "";
        } catch (IOException e) {
            return e.getMessage();
        }
    }

    /** Mounts one, of whole pages. */
    public static SmallDisk mount(long sizeBytes) {
        try {
            return new SmallDisk(sizeBytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Path path() {
        return path;
    }

    /** Takes or gives back space until so much is free; what others have taken counts. */
    public void leaveFree(long bytes) {
        try {
            Path filler = path.resolve("filler");
            Files.deleteIfExists(filler);
            long taken = (Files.getFileStore(path).getUsableSpace() - bytes) / BLOCK_LENGTH * BLOCK_LENGTH;
            String output = taken <= 0 ? "" : run("fallocate", "-l", Long.toString(taken), filler.toString());
            if (!output.isEmpty()) {
                throw new IOException("fallocate: " + output);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Gives back all that was taken. */
    public void empty() {
        leaveFree(Long.MAX_VALUE / 2);
    }

    /** The files and directories on it, at any depth, but for what fills it. */
    public List<String> files() {
        try (Stream<Path> files = Files.walk(path)) {
            return files.filter(Files::isRegularFile).map(file -> file.getFileName().toString()).filter(name -> !name.equals("filler"))
                    .sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the command printed if it failed, else nothing. */
    private static String run(String... command) throws IOException {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            int exit = process.waitFor();
            return exit == 0 ? "" : "exit code " + exit + " " + output;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(String.join(" ", command) + " was interrupted", e);
        }
    }

    /** Lazily: a process may live that has a file of it mapped. */
    static void unmount(Path mounted) {
        try {
            run("umount", "-l", mounted.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        unmount(path);
        Leftovers.removeMount(path);
        parent.close();
    }
}
