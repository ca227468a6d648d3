package io.tha.region;

import io.tha.ThaException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names of an application's files in a domain directory, and the removal of those that nobody needs any more; docs/formats.md 1.7.
 *
 * <p>Threads: any.
 */
public final class DomainFiles {
    private static final Pattern EPOCH_FILE = Pattern.compile("(\\d{1,9})(\\.\\d{1,9})?\\.(log|overflow)");
    private static final Pattern PROCESS_FILE =
            Pattern.compile("(\\d{1,9})-(\\d{1,18})-(\\d{1,18})\\.(pool|image|outcomes|prepared)(\\.\\d{1,9}\\.overflow)?");

    private final ControlFile control;
    private final String application;

    public DomainFiles(ControlFile control, String application) {
        this.control = control;
        this.application = application;
    }

    /** Of the domain. */
    public ControlFile control() {
        return control;
    }

    /** Name of the application. */
    public String application() {
        return application;
    }

    /** The log of an epoch. */
    public Path log(long epoch) {
        return control.domainDirectory().resolve(application + "." + epoch + ".log");
    }

    /** A file in the same directory. */
    public Path sibling(String name) {
        Path path = control.domainDirectory().resolve(name);
        if (!control.domainDirectory().equals(path.getParent())) {
            throw new ThaException("file name '" + name + "' in a log header leads out of '" + control.domainDirectory() + "'");
        }
        return path;
    }

    public Path newPool() {
        return own("pool");
    }

    public Path newImage() {
        return own("image");
    }

    /** The outcomes that belong to a pool or an image that standbys copy. */
    public Path outcomes(Path copied) {
        String name = copied.getFileName().toString();
        return copied.resolveSibling(name.substring(0, name.lastIndexOf('.')) + ".outcomes");
    }

    /** A log that has no epoch yet. */
    public Path newPreparedLog() {
        return own("prepared");
    }

    private Path own(String suffix) {
        String creator = control.processSlot() + "-" + control.incarnation();
        return control.domainDirectory().resolve(application + "." + creator + "-" + control.takeTransactionIds(1) + "." + suffix);
    }

    /** A moment, to be taken before an active serves: files that are made by those who follow it come after. */
    public long moment() {
        return control.takeTransactionIds(1);
    }

    /**
     * Unlinks logs of epochs before this one, and older files of dead processes; who has one mapped keeps it. An active that is stopped here, and
     * resumes when others have served since, removes nothing of theirs.
     *
     * @param servedEpoch of the active
     * @param before a {@link #moment} before it served
     * @param keep names of files that are needed
     */
    public void clean(long servedEpoch, long before, Set<String> keep) {
        String prefix = application + ".";
        try (DirectoryStream<Path> files = Files.newDirectoryStream(control.domainDirectory())) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                boolean ours = name.startsWith(prefix) && !keep.contains(name);
                if (ours && isObsolete(name.substring(prefix.length()), servedEpoch, before)) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException e) {
            throw new ThaException("directory '" + control.domainDirectory() + "' cannot be cleaned: " + e, e);
        }
    }

    private boolean isObsolete(String rest, long servedEpoch, long before) {
        Matcher epochFile = EPOCH_FILE.matcher(rest);
        if (epochFile.matches()) {
            return Long.parseLong(epochFile.group(1)) < servedEpoch;
        }
        Matcher processFile = PROCESS_FILE.matcher(rest);
        if (!processFile.matches() || Long.parseLong(processFile.group(3)) >= before) {
            return false;
        }
        int slot = Integer.parseInt(processFile.group(1));
        return slot <= TakeoverWord.MAX_SLOT && control.watch(slot, Long.parseLong(processFile.group(2))).isDead();
    }
}
