package io.tha.region;

import io.tha.ThaException;
import io.tha.memory.FileChecks;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * The lock on {@code <domain>/process-<slot>}: held while a process takes the slot, and for its whole life where it has no robust mutex. The kernel
 * drops it when the process has died, after the memory is freed, whatever PID namespaces are involved.
 *
 * <p>The kernel drops a process's locks on a file when the process closes <em>any</em> descriptor of it. So nobody in this
 * JVM opens a file whose lock this JVM holds; should another class loader hold it, the channel is kept open for ever.
 *
 * <p>Threads: any; all attempts of this JVM go one at a time.
 */
final class SlotLock implements AutoCloseable {
    private static final Set<OpenOption> OWNER_OPTIONS =
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
    /** Without CREATE: a lock on a new file would tell nothing about the owner of a removed one. */
    private static final Set<OpenOption> WATCHER_OPTIONS = Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);

    /** By device and inode: what keeps the file open. Guarded by the class. */
    private static final Map<Object, AutoCloseable> HELD = new HashMap<>();

    private final Object fileKey;
    private final FileLock lock;

    private SlotLock(Object fileKey, FileLock lock) {
        this.fileKey = fileKey;
        this.lock = lock;
    }

    static Path file(Path domainDirectory, int slot) {
        return domainDirectory.resolve("process-" + slot);
    }

    /** The lock for this process alone, held until closed or until the process dies; null if somebody has it. */
    static SlotLock tryOwn(Path domainDirectory, int slot) {
        return tryLock(file(domainDirectory, slot), false);
    }

    /**
     * Whether somebody holds the lock alone. Only looks: watchers of several processes may do so at once.
     *
     * @throws ThaException if there is no such file, so that nobody can tell
     */
    static boolean isOwned(Path domainDirectory, int slot) {
        synchronized (SlotLock.class) {
            SlotLock lock = tryLock(file(domainDirectory, slot), true);
            if (lock != null) {
                lock.close();
            }
            return lock == null;
        }
    }

    private static SlotLock tryLock(Path file, boolean shared) {
        synchronized (SlotLock.class) {
            try {
                // Looked up before the file is opened: closing it again would already drop the lock.
                if (HELD.containsKey(fileKey(file))) {
                    return null;
                }
                // Before it is opened, since a pipe would hold that up; the owner makes it if it is missing.
                if (shared || Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                    FileChecks.check(file);
                }
                FileChannel channel = FileChannel.open(
                        file,
                        shared ? WATCHER_OPTIONS : OWNER_OPTIONS,
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
                return lock(fileKey(file), channel, shared);
            } catch (IOException e) {
                throw new ThaException("file '" + file + "' cannot be locked: " + e
                        + "; use a local file system with POSIX file locks and leave the files of the domain alone", e);
            }
        }
    }

    private static SlotLock lock(Object fileKey, FileChannel channel, boolean shared) throws IOException {
        try {
            FileLock lock = channel.tryLock(0, Long.MAX_VALUE, shared);
            if (lock != null) {
                SlotLock owned = new SlotLock(fileKey, lock);
                HELD.put(fileKey, lock);
                return owned;
            }
        } catch (OverlappingFileLockException heldByAnotherClassLoader) {
            HELD.put(fileKey, channel);
            return null;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        channel.close();
        return null;
    }

    private static Object fileKey(Path file) throws IOException {
        try {
            return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS).fileKey();
        } catch (NoSuchFileException e) {
            return file;
        }
    }

    /** Gives the lock up. */
    @Override
    public void close() {
        synchronized (SlotLock.class) {
            HELD.remove(fileKey);
            try {
                lock.acquiredBy().close();
            } catch (IOException e) {
                throw new ThaException("the lock of a process slot cannot be released: " + e, e);
            }
        }
    }
}
