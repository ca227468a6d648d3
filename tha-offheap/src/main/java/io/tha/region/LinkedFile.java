package io.tha.region;

import io.tha.ThaException;
import io.tha.memory.MappedFile;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.function.LongConsumer;

/**
 * Brings a file into being that any process may be the first to need: written whole under a name of its own, then linked to its name, which fails if
 * it exists. So whoever sees the file sees all of it, and of several creators one wins. A creator that dies leaves {@code <name>.<uuid>.tmp},
 * which nobody reads.
 */
public final class LinkedFile {
    private LinkedFile() {}

    /**
     * Creates a file unless another process was faster, whose file is as good.
     *
     * @param writer fills the zeroed bytes at an address
     */
    public static void create(Path path, long lengthBytes, LongConsumer writer) {
        Path draft = path.resolveSibling(path.getFileName() + "." + UUID.randomUUID() + ".tmp");
        try {
            try (MappedFile file = MappedFile.create(draft, lengthBytes)) {
                writer.accept(file.address());
            }
            Files.createLink(path, draft);
        } catch (FileAlreadyExistsException expected) {
            // Another process was faster.
        } catch (IOException | UnsupportedOperationException e) {
            throw new ThaException("file '" + path + "' cannot be linked into place: " + e
                    + "; use a file system with hard links, such as /dev/shm", e);
        } finally {
            delete(draft);
        }
    }

    private static void delete(Path draft) {
        try {
            Files.deleteIfExists(draft);
        } catch (IOException e) {
            System.getLogger(LinkedFile.class.getName())
                    .log(System.Logger.Level.WARNING, "file '" + draft + "' cannot be removed; remove it by hand", e);
        }
    }
}
