package io.tha.region;

import io.tha.ThaException;
import io.tha.memory.Directories;
import io.tha.memory.MappedFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.Map;

/**
 * This process as a member of a domain: the mapped control file and the process slot, one for all who open the domain in this JVM. Both stay until
 * the process dies: the kernel needs the mapping to mark the death word.
 */
final class Membership {
    /** Guarded by the class. */
    private static final Map<Key, Membership> MEMBERSHIPS = new HashMap<>();

    private final Path domainDirectory;
    private final long base;
    private final int processSlot;

    Membership(Path domainDirectory, long base, int processSlot) {
        this.domainDirectory = domainDirectory;
        this.base = base;
        this.processSlot = processSlot;
    }

    /** A directory that was removed and made anew has another control file, with another inode: the mapping keeps the old one. */
    private record Key(Path domainDirectory, Object controlFile) {}

    /** Joins the domain, unless this process is a member already. */
    static Membership of(Path directory) {
        Directories.prepare(directory);
        synchronized (Membership.class) {
            Path real = realPath(directory);
            MappedFile file = ControlFileCreator.openOrCreate(real);
            Key key = new Key(real, fileKey(file.path()));
            Membership member = MEMBERSHIPS.get(key);
            if (member != null) {
                file.close();
                return member;
            }
            file.neverUnmap();
            member = new Membership(real, file.address(), new SlotClaimer(real, file.address()).claim());
            MEMBERSHIPS.put(key, member);
            return member;
        }
    }

    private static Path realPath(Path directory) {
        try {
            return directory.toRealPath();
        } catch (IOException e) {
            throw new ThaException("directory '" + directory + "' cannot be resolved: " + e, e);
        }
    }

    private static Object fileKey(Path control) {
        try {
            return Files.readAttributes(control, BasicFileAttributes.class).fileKey();
        } catch (IOException e) {
            throw new ThaException("file '" + control + "' cannot be examined: " + e, e);
        }
    }

    Path domainDirectory() {
        return domainDirectory;
    }

    long base() {
        return base;
    }

    int processSlot() {
        return processSlot;
    }
}
