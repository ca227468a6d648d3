package io.tha.region;

import io.tha.memory.MappedFile;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** Maps the control file of a domain, which the first process to come creates. */
final class ControlFileCreator {
    static final String NAME = "control";

    private ControlFileCreator() {}

    /** Maps the control file of a prepared directory, creating it if it is missing. */
    static MappedFile openOrCreate(Path domainDirectory) {
        Path control = domainDirectory.resolve(NAME);
        if (!Files.exists(control, LinkOption.NOFOLLOW_LINKS)) {
            LinkedFile.create(control, ControlDescriptor.FILE_LENGTH, ControlHeader::write);
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
}
