package io.tha.region;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Names of overflow segments. */
final class OverflowFiles {
    private static final String LOG_SUFFIX = ".log";

    private OverflowFiles() {}

    static Path path(LogFile log, int segment) {
        String name = log.path().getFileName().toString();
        String stem = name.endsWith(LOG_SUFFIX) ? name.substring(0, name.length() - LOG_SUFFIX.length()) : name;
        return log.path().resolveSibling(stem + "." + segment + ".overflow");
    }

    /** A segment that cannot be removed costs space, and no transaction. */
    static void delete(Path path) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            System.getLogger(OverflowFiles.class.getName())
                    .log(System.Logger.Level.WARNING, "overflow segment '" + path + "' cannot be removed; remove it by hand", e);
        }
    }
}
