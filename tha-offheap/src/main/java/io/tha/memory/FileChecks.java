package io.tha.memory;

import io.tha.ThaException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;

/** What every file of a domain must be before anything in it is believed: a regular file, ours alone. */
public final class FileChecks {
    private static final int FILE_MODE = 0600;
    private static final int MODE_MASK = 0777;

    /** The bits of a mode that tell what kind of file it is, and kinds, as Linux has them. */
    private static final int KIND_MASK = 0170000;

    private static final int PIPE = 0010000;
    private static final int DIRECTORY = 0040000;
    private static final int LINK = 0120000;

    private FileChecks() {}

    /**
     * Checks an existing file that will be opened without being mapped.
     *
     * @throws ThaException if it is no regular file, somebody else's, or open to others
     * @throws IOException if there is none
     */
    public static void check(Path path) throws IOException {
        check(path, Files.readAttributes(path, "unix:uid,mode,isRegularFile", LinkOption.NOFOLLOW_LINKS));
    }

    /** Checks the attributes "unix:uid,mode,isRegularFile" that were found. */
    static void check(Path path, Map<String, Object> found) {
        if (!Boolean.TRUE.equals(found.get("isRegularFile"))) {
            throw new ThaException("'" + path + "' is " + kind((Integer) found.get("mode")) + ", not a regular file (a symbolic link is not "
                    + "followed); somebody has replaced it: remove it, and rebuild this side from the other");
        }
        if (Posix.available() && (Integer) found.get("uid") != Posix.effectiveUser()) {
            throw new ThaException("file '" + path + "' belongs to user " + found.get("uid") + ", expected " + Posix.effectiveUser()
                    + "; active and standby run as the same user. Do not trust its content");
        }
        int mode = (Integer) found.get("mode") & MODE_MASK;
        if (mode != FILE_MODE) {
            throw new ThaException("file '" + path + "' has mode " + Integer.toOctalString(mode) + ", expected 600; do not trust its content, or "
                    + "run: chmod 600 " + path);
        }
    }

    private static String kind(int mode) {
        return switch (mode & KIND_MASK) {
            case PIPE -> "a pipe";
            case DIRECTORY -> "a directory";
            case LINK -> "a symbolic link";
            default -> "a device or socket";
        };
    }
}
