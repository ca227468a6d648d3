package io.tha.memory;

import io.tha.ThaException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

/** The domain directory: ours alone, and really a directory. */
public final class Directories {
    private static final int PERMISSION_MASK = 0777;
    private static final int OWNER_ONLY = 0700;

    private Directories() {}

    /**
     * Creates the directory with mode 0700 if it is missing, and checks it if not.
     *
     * @param directory whose parent exists
     * @throws ThaException if it is a symbolic link, not a directory, somebody else's, or open to others
     */
    public static void prepare(Path directory) {
        try {
            Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (FileAlreadyExistsException expected) {
            // The check below decides whether it will do.
        } catch (IOException e) {
            throw new ThaException("directory '" + directory + "' cannot be created: " + e + "; create its parent and allow writing there", e);
        }
        check(directory);
    }

    private static void check(Path directory) {
        Map<String, Object> found;
        try {
            found = Files.readAttributes(directory, "unix:uid,mode,isDirectory,isSymbolicLink", LinkOption.NOFOLLOW_LINKS);
        } catch (IOException e) {
            throw new ThaException("directory '" + directory + "' cannot be examined: " + e, e);
        }
        if (Boolean.TRUE.equals(found.get("isSymbolicLink")) || !Boolean.TRUE.equals(found.get("isDirectory"))) {
            throw new ThaException("'" + directory + "' is not a directory (a symbolic link is not followed); name the directory itself");
        }
        int mode = (Integer) found.get("mode") & PERMISSION_MASK;
        if (mode != OWNER_ONLY) {
            throw new ThaException("directory '" + directory + "' has mode " + Integer.toOctalString(mode)
                    + ", expected 700; run: chmod 700 " + directory);
        }
        if (Posix.available() && (Integer) found.get("uid") != Posix.effectiveUser()) {
            throw new ThaException("directory '" + directory + "' belongs to user " + found.get("uid") + ", expected "
                    + Posix.effectiveUser() + "; active and standby run as the same user");
        }
    }
}
