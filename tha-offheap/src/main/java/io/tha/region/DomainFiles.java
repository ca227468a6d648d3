package io.tha.region;

import io.tha.ThaException;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names of an application's files in a domain directory, and the removal of those that nobody needs any more; docs/formats.md 1.7.
 *
 * <p>Threads: any.
 */
public final class DomainFiles {
    private static final System.Logger LOG = System.getLogger(DomainFiles.class.getName());
    private static final Pattern EPOCH_FILE = Pattern.compile("(\\d{1,9})(\\.\\d{1,9})?\\.(log|overflow)");
    private static final Pattern PROCESS_FILE =
            Pattern.compile("(\\d{1,9})-(\\d{1,18})-(\\d{1,18})\\.(pool|image|outcomes|prepared)(\\.\\d{1,9}\\.overflow)?");

    private final ControlFile control;
    private final String application;
    private final String prefix;

    public DomainFiles(ControlFile control, String application) {
        this.control = control;
        this.application = application;
        prefix = application + ".";
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

    /** Another name, this process's own, for an image: it is there as long as one of its names. */
    public Path link(Path image) {
        Path own = newImage();
        try {
            return Files.createLink(own, image);
        } catch (IOException e) {
            throw new ThaException("file '" + image + "' cannot get the second name '" + own.getFileName() + "': " + e, e);
        }
    }

    /** Removes a file of this process, if it is there. */
    public static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new ThaException("file '" + file + "' cannot be removed: " + e, e);
        }
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

    /** Removes a log of this process that nobody has a use for any more, and the overflow segments that it has left. */
    public void deletePrepared(Path log) {
        String segments = log.getFileName() + ".";
        remove(name -> name.startsWith(segments));
        delete(log);
    }

    private Path own(String suffix) {
        String creator = control.processSlot() + "-" + control.incarnation();
        return control.domainDirectory().resolve(application + "." + creator + "-" + control.takeTransactionIds(1) + "." + suffix);
    }

    /**
     * Unlinks logs of epochs before this one, and what {@link #sweep} does; who has one mapped keeps it. An active that is stopped here, and resumes
     * when others have served since, removes nothing of theirs.
     *
     * @param servedEpoch of the active
     */
    public void clean(long servedEpoch) {
        int index = control.findApplication(application);
        remove(name -> isOfEarlierEpoch(name, servedEpoch) || isUseless(name, index));
    }

    /**
     * Before a process makes files of its own: unlinks those of dead processes that nobody can need, such as a standby's that died while it copied.
     * Those of the log that holds the truth stay.
     */
    public void sweep() {
        int index = control.findApplication(application);
        remove(name -> isUseless(name, index));
    }

    private boolean isOfEarlierEpoch(String name, long epoch) {
        Matcher file = EPOCH_FILE.matcher(name.substring(prefix.length()));
        return file.matches() && Long.parseLong(file.group(1)) < epoch;
    }

    private boolean isUseless(String name, int applicationIndex) {
        Matcher file = PROCESS_FILE.matcher(name.substring(prefix.length()));
        // In this order: a dead process makes no step any more, so a word that does not name it now never will.
        return file.matches() && isDead(file) && !isNeeded(name, Integer.parseInt(file.group(1)), applicationIndex);
    }

    private boolean isNeeded(String name, int slot, int applicationIndex) {
        long word = control.takeoverWordAcquire(applicationIndex);
        // A dying claimant may make its last step yet. Of this process's own slot, those who had it before are gone for good.
        if (TakeoverWord.slot(word) == slot && slot != control.processSlot() && TakeoverWord.state(word) != TakeoverState.NONE) {
            return true;
        }
        int served = TakeoverWord.servedEpoch(word);
        return served != 0 && stem(name).equals(stem(LogFile.imageNameOf(log(served))));
    }

    /** Of an image, a pool and their outcomes it is the same. */
    private static String stem(String name) {
        return name.substring(0, name.lastIndexOf('.'));
    }

    /** A file that cannot be removed is left to the next one who tries: nothing depends on it but space. */
    private void remove(Predicate<String> isUseless) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(control.domainDirectory(), prefix + "*")) {
            for (Path file : files) {
                try {
                    if (isUseless.test(file.getFileName().toString())) {
                        Files.deleteIfExists(file);
                    }
                } catch (IOException | ThaException e) {
                    LOG.log(System.Logger.Level.WARNING, "file ''{0}'' is not removed: {1}", file, e);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            LOG.log(System.Logger.Level.WARNING, "directory ''{0}'' is not cleaned: {1}", control.domainDirectory(), e);
        }
    }

    /**
     * Refuses to begin where an earlier state is.
     *
     * @throws ThaException if there is a log, which the control file knows nothing of: it was replaced or removed, maybe while processes live
     */
    public void refuseStateOfOthers() {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(control.domainDirectory(), prefix + "*.log")) {
            for (Path file : files) {
                if (EPOCH_FILE.matcher(file.getFileName().toString().substring(prefix.length())).matches()) {
                    throw new ThaException("application '" + application + "' has a log, '" + file + "', and the control file '"
                            + control.domainDirectory().resolve(ControlFileCreator.NAME) + "' knows nothing of it: somebody has removed or replaced "
                            + "the control file. Stop all processes of the domain; put the control file back, or remove the directory to begin anew");
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            throw new ThaException("directory '" + control.domainDirectory() + "' cannot be read: " + e, e);
        }
    }

    private boolean isDead(Matcher processFile) {
        int slot = Integer.parseInt(processFile.group(1));
        return slot <= TakeoverWord.MAX_SLOT && control.watch(slot, Long.parseLong(processFile.group(2))).isDead();
    }
}
