package io.tha.standby;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;

/** What somebody may do to a file: something else is in its place, while the original lies elsewhere. */
enum Touch {
    EMPTY("has 0 bytes"),
    TRUNCATED("bytes, expected at least"),
    OTHER_CONTENT(""),
    UNREADABLE("has mode 0, expected 600"),
    OF_ANOTHER_USER("belongs to user 65534, expected"),
    LINK("symbolic link"),
    DIRECTORY("director"),
    PIPE("not a regular file");

    private static final int NOBODY = 65_534;
    private static final String OURS_ALONE = "rw-------";

    /** What the message says of it. */
    final String reason;

    Touch(String reason) {
        this.reason = reason;
    }

    /** Puts something at a path where nothing is; false if this user may not. */
    boolean apply(Path path, Path original) throws IOException {
        byte[] content = Files.readAllBytes(original);
        switch (this) {
            case EMPTY -> write(path, new byte[0]);
            case TRUNCATED -> write(path, Arrays.copyOf(content, Math.min(content.length, 8_192)));
            case OTHER_CONTENT -> write(path, new byte[content.length]);
            case UNREADABLE -> {
                write(path, content);
                Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("---------"));
            }
            case OF_ANOTHER_USER -> {
                write(path, content);
                return giveAway(path);
            }
            case LINK -> Files.createSymbolicLink(path, original);
            case DIRECTORY -> Files.createDirectory(path);
            default -> pipe(path);
        }
        return true;
    }

    private static void write(Path path, byte[] content) throws IOException {
        Files.write(path, content);
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(OURS_ALONE));
    }

    private static boolean giveAway(Path path) {
        try {
            Files.setAttribute(path, "unix:uid", NOBODY, LinkOption.NOFOLLOW_LINKS);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static void pipe(Path path) throws IOException {
        try {
            if (new ProcessBuilder("mkfifo", "-m", "600", path.toString()).inheritIO().start().waitFor() != 0) {
                throw new IOException("no pipe can be made at " + path);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("mkfifo was interrupted", e);
        }
    }

    /** Puts the original back. */
    static void restore(Path path, Path original) throws IOException {
        Files.deleteIfExists(path);
        Files.move(original, path, StandardCopyOption.ATOMIC_MOVE);
    }
}
