package io.tha.torture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * Where all files of a run are; it goes with the run.
 *
 * <p>Threads: any.
 */
public final class RunDirectory {
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");

    private final Path path;

    /** Creates it in memory, where the system has that. */
    public RunDirectory() {
        Path parent = Files.isWritable(SHARED_MEMORY) ? SHARED_MEMORY : Path.of(System.getProperty("java.io.tmpdir"));
        try {
            path = Files.createTempDirectory(
                    parent, "tha-torture-", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (IOException e) {
            throw new UncheckedIOException("no directory can be created below " + parent, e);
        }
    }

    public Path path() {
        return path;
    }

    /** A new directory in it. */
    public Path create(String name) {
        try {
            return Files.createDirectory(path.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Deletes it, and all that is in it. */
    public void delete() throws IOException {
        if (!Files.exists(path)) {
            return;
        }
        try (Stream<Path> files = Files.walk(path)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
