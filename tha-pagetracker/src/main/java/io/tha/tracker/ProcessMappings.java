package io.tha.tracker;

import io.tha.ThaException;
import io.tha.memory.LineMarks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What this process has mapped, by {@code /proc/self/maps}. */
final class ProcessMappings {
    private static final Path MAPS = Path.of("/proc/self/maps");
    private static final String EXPECTED = "rw-";

    private ProcessMappings() {}

    /**
     * Refuses an address that would kill the JVM, or that cannot be protected and opened again.
     *
     * @throws IllegalArgumentException unless these are whole pages, all of them mapped readable and writable, and not executable
     */
    static void requireWritable(long address, long lengthBytes) {
        long end = address + lengthBytes;
        if (address <= 0 || lengthBytes <= 0 || end < address || ((address | lengthBytes) & LineMarks.PAGE_LENGTH - 1) != 0) {
            throw refused(address, lengthBytes, "expected whole pages of " + LineMarks.PAGE_LENGTH + " bytes");
        }
        long known = address;
        // In the order of addresses, one line each: 7f0000000000-7f0000001000 rw-p ...
        for (String line : lines()) {
            int dash = line.indexOf('-');
            int blank = line.indexOf(' ');
            long from = Long.parseUnsignedLong(line, 0, dash, 16);
            long to = Long.parseUnsignedLong(line, dash + 1, blank, 16);
            if (Long.compareUnsigned(from, known) <= 0 && Long.compareUnsigned(known, to) < 0) {
                if (!line.startsWith(EXPECTED, blank + 1)) {
                    throw refused(address, lengthBytes, "0x" + Long.toHexString(known) + " is mapped " + line.substring(blank + 1, blank + 4)
                            + ", expected " + EXPECTED);
                }
                known = to;
            }
            if (known >= end) {
                return;
            }
        }
        throw refused(address, lengthBytes, "0x" + Long.toHexString(known) + " is not mapped");
    }

    private static Iterable<String> lines() {
        try {
            return Files.readAllLines(MAPS);
        } catch (IOException e) {
            throw new ThaException("'" + MAPS + "' cannot be read, which tells whether memory may be registered", e);
        }
    }

    private static IllegalArgumentException refused(long address, long lengthBytes, String reason) {
        return new IllegalArgumentException(lengthBytes + " bytes at 0x" + Long.toHexString(address) + " cannot be registered: " + reason);
    }
}
