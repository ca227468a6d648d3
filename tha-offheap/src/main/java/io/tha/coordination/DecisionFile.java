package io.tha.coordination;

import io.tha.memory.MappedFile;
import io.tha.region.LinkedFile;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * The decision table of a domain, a file that the first process makes which needs it; docs/coordination.md 2.
 *
 * <p>Threads: any; see {@link Decisions}.
 */
public final class DecisionFile implements AutoCloseable {
    /** As many as a domain can have. */
    public static final int APPLICATIONS = 64;

    /** Transactions that are undecided, or not acted upon by all. */
    public static final int CAPACITY = 1_024;

    private static final String NAME = "decisions";
    private static final long LENGTH = Decisions.bytes(APPLICATIONS, CAPACITY);

    private final MappedFile file;
    private final Decisions decisions;

    private DecisionFile(Path path) {
        file = MappedFile.open(path, LENGTH);
        try {
            decisions = new Decisions(file.address(), file.sizeBytes());
        } catch (RuntimeException | Error e) {
            file.close();
            throw e;
        }
    }

    /**
     * Maps the table, which is made if it is missing.
     *
     * @throws io.tha.CorruptRegionException if it is damaged
     * @throws io.tha.ThaException if it cannot be made
     */
    public static DecisionFile openOrCreate(Path domainDirectory) {
        Path path = domainDirectory.resolve(NAME);
        if (!isThere(path)) {
            LinkedFile.create(path, LENGTH, address -> Decisions.format(address, APPLICATIONS, CAPACITY));
        }
        return new DecisionFile(path);
    }

    /** Whether somebody has made it. */
    public static boolean exists(Path domainDirectory) {
        return isThere(domainDirectory.resolve(NAME));
    }

    private static boolean isThere(Path path) {
        return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
    }

    public Decisions decisions() {
        return decisions;
    }

    @Override
    public void close() {
        file.close();
    }
}
