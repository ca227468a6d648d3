package io.tha.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;

/**
 * A fresh directory of mode 0700 for one test, in memory where the system has {@code /dev/shm}, deleted with all it holds on closing.
 *
 * <p>For a test class: {@code @AutoClose private final DomainDirectory directory = DomainDirectory.create();}
 */
public final class DomainDirectory implements AutoCloseable {
    /** How the names of all these directories begin. */
    public static final String NAME_PREFIX = "tha-test-";
    /** The environment variable whose value follows the prefix, so that a script can clear away what its run has left. */
    public static final String RUN_VARIABLE = "THA_TEST_RUN";

    private static final Path SHARED_MEMORY = Path.of("/dev/shm");

    private final Path path;

    private DomainDirectory(Path path) {
        this.path = path;
    }

    /** Creates the directory below {@code /dev/shm} if that can be written, else below the directory for temporary files. */
    public static DomainDirectory create() {
        Path parent = Files.isDirectory(SHARED_MEMORY) && Files.isWritable(SHARED_MEMORY)
                ? SHARED_MEMORY
                : Path.of(System.getProperty("java.io.tmpdir"));
        return createBelow(parent);
    }

    /** Creates the directory below a parent of the caller's choice, for tests that need a file system on a disk. */
    public static DomainDirectory createBelow(Path parent) {
        String run = System.getenv(RUN_VARIABLE);
        String prefix = NAME_PREFIX + (run == null ? "" : run + "-");
        try {
            Path path = Files.createTempDirectory(
                    parent, prefix, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            Leftovers.add(path);
            return new DomainDirectory(path);
        } catch (IOException e) {
            throw new UncheckedIOException("no directory '" + prefix + "…' can be created below " + parent, e);
        }
    }

    public Path path() {
        return path;
    }

    /** The path of a file or directory in it. */
    public Path resolve(String name) {
        return path.resolve(Objects.requireNonNull(name));
    }

    /** Deletes the directory; harmless if it is gone already. */
    @Override
    public void close() {
        deleteTree(path);
        Leftovers.remove(path);
    }

    @Override
    public String toString() {
        return path.toString();
    }

    static void deleteTree(Path root) {
        try {
            Files.walkFileTree(root, new Deleting());
        } catch (IOException e) {
            throw new UncheckedIOException("directory " + root + " cannot be deleted", e);
        }
    }

    /** Tolerates that a dying child deletes at the same time. */
    private static final class Deleting extends SimpleFileVisitor<Path> {
        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
            if (failure instanceof NoSuchFileException) {
                return FileVisitResult.CONTINUE;
            }
            throw failure;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path directory, IOException failure) throws IOException {
            if (failure != null) {
                throw failure;
            }
            Files.deleteIfExists(directory);
            return FileVisitResult.CONTINUE;
        }
    }
}
