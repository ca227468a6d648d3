package io.tha.memory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the file of which somebody has cut off what this process has mapped. The JVM tells of it, where it can, by an {@link InternalError} that
 * names no file; where it cannot it dies.
 */
public final class TruncatedFiles {
    /** Address range, permissions, offset in the file, device, inode, path. */
    private static final Pattern MAPPING = Pattern.compile("([0-9a-f]+)-([0-9a-f]+) \\S+ ([0-9a-f]+) \\S+ \\d+ +(/.*)");

    private static final int HEXADECIMAL = 16;
    private static final int FROM = 1;
    private static final int TO = 2;
    private static final int OFFSET = 3;
    private static final int PATH = 4;
    private static final long PAGE_LENGTH = 4_096;

    private TruncatedFiles() {}

    /** Says what became of the first such file of a directory, and what that means; an empty text where there is none. */
    public static String describe(Path directory) {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/maps"))) {
                Matcher mapping = MAPPING.matcher(line);
                if (mapping.matches() && directory.equals(Path.of(mapping.group(PATH)).getParent())) {
                    String found = describe(Path.of(mapping.group(PATH)), mappedEnd(mapping));
                    if (!found.isEmpty()) {
                        return found;
                    }
                }
            }
        } catch (IOException e) {
            return "no file can be named: " + e;
        }
        return "";
    }

    private static long mappedEnd(Matcher mapping) {
        return number(mapping, OFFSET) + number(mapping, TO) - number(mapping, FROM);
    }

    private static long number(Matcher mapping, int group) {
        return Long.parseUnsignedLong(mapping.group(group), HEXADECIMAL);
    }

    private static String describe(Path file, long mappedEnd) throws IOException {
        if (!Files.isRegularFile(file)) {
            return "";
        }
        long size = Files.size(file);
        return (size + PAGE_LENGTH - 1) / PAGE_LENGTH * PAGE_LENGTH >= mappedEnd
                ? ""
                : "file '" + file + "' has " + size + " bytes and " + mappedEnd
                        + " are mapped: somebody has truncated it; files of a domain must be left alone";
    }
}
