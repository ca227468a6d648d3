package io.tha.region;

import io.tha.ThaException;
import io.tha.memory.MappedFile;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.UUID;

/**
 * Brings the control file into being: written whole under a name of its own, then linked to its name, which fails if it exists. So whoever sees
 * the file sees all of it, and of several creators one wins. A creator that dies leaves {@code control.<uuid>.tmp}, which nobody reads.
 */
final class ControlFileCreator {
    static final String NAME = "control";

    private ControlFileCreator() {}

    /** Maps the control file of a prepared directory, creating it if it is missing. */
    static MappedFile openOrCreate(Path domainDirectory) {
        Path control = domainDirectory.resolve(NAME);
        if (!Files.exists(control, LinkOption.NOFOLLOW_LINKS)) {
            create(domainDirectory, control);
        }
        MappedFile file = MappedFile.open(control, ControlDescriptor.FILE_LENGTH);
        try {
            ControlHeader.validate(file);
        } catch (RuntimeException | Error e) {
            file.close();
            throw e;
        }
        return file;
    }

    private static void create(Path domainDirectory, Path control) {
        Path draft = domainDirectory.resolve(NAME + "." + UUID.randomUUID() + ".tmp");
        try {
            try (MappedFile file = MappedFile.create(draft, ControlDescriptor.FILE_LENGTH)) {
                ControlHeader.write(file.address());
            }
            Files.createLink(control, draft);
        } catch (FileAlreadyExistsException expected) {
            // Another process was faster; its file is as good as ours.
        } catch (IOException | UnsupportedOperationException e) {
            throw new ThaException("file '" + control + "' cannot be linked into place: " + e
                    + "; use a file system with hard links, such as /dev/shm", e);
        } finally {
            delete(draft);
        }
    }

    private static void delete(Path draft) {
        try {
            Files.deleteIfExists(draft);
        } catch (IOException e) {
            System.getLogger(ControlFileCreator.class.getName())
                    .log(System.Logger.Level.WARNING, "file '" + draft + "' cannot be removed; remove it by hand", e);
        }
    }
}
