package io.tha.examples.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.stream.Stream;

/** A directory in shared memory for one run; it is gone when it is closed, or this process ends. */
public final class RunDirectory implements AutoCloseable {
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");

    private final Path path;

    private RunDirectory(Path path) {
        this.path = path;
        Runtime.getRuntime().addShutdownHook(new Thread(this::close));
    }

    /** Creates it, with mode 0700; where there is no shared memory, in the directory for temporary files. */
    public static RunDirectory create(String prefix) {
        Path parent = Files.isWritable(SHARED_MEMORY) ? SHARED_MEMORY : Path.of(System.getProperty("java.io.tmpdir"));
        try {
            return new RunDirectory(Files.createTempDirectory(
                    parent, prefix, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))));
        } catch (IOException e) {
            throw new UncheckedIOException("no directory can be created below " + parent, e);
        }
    }

    /** The path of a file or directory in it. */
    public Path resolve(String name) {
        return path.resolve(name);
    }

    @Override
    public synchronized void close() {
        if (!Files.exists(path)) {
            return;
        }
        try (Stream<Path> files = Files.walk(path)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
        } catch (IOException | UncheckedIOException e) {
            System.err.println("directory " + path + " was removed in part: " + e.getMessage());
        }
    }
}
