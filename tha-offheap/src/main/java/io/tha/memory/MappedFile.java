package io.tha.memory;

import io.tha.CorruptRegionException;
import io.tha.ThaException;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import net.openhft.chronicle.bytes.BytesStore;
import net.openhft.chronicle.bytes.MappedBytes;
import net.openhft.chronicle.core.io.BackgroundResourceReleaser;
import net.openhft.chronicle.core.io.IORuntimeException;

/**
 * A file of the domain, mapped whole. Files are created with mode 0600 and all their space reserved, never reached through a symbolic link,
 * and never truncated: a mapped file that shrinks kills a JVM.
 *
 * <p>Threads: any may use the memory; {@link #close} must not race with its use.
 */
public final class MappedFile implements AutoCloseable {
    private static final int FILE_MODE = 0600;
    private static final int FILL_LENGTH = 1 << 20;
    private static final int NO_DESCRIPTOR = -1;
    private static final String REPAIR = "; files of a domain must be left alone: rebuild this side from the other, or begin anew";
    private static final String MAPPING_LIMITS = "; look at ulimit -n, ulimit -v and sysctl vm.max_map_count";

    /** Keeps mappings that must live as long as the process. */
    private static final Queue<MappedFile> FOR_EVER = new ConcurrentLinkedQueue<>();

    private final Path path;
    private final long address;
    private final long sizeBytes;
    private final MappedBytes shared;
    private final boolean isPrivate;
    private boolean closed;

    private MappedFile(Path path, long address, long sizeBytes, MappedBytes shared, boolean isPrivate) {
        this.path = path;
        this.address = address;
        this.sizeBytes = sizeBytes;
        this.shared = shared;
        this.isPrivate = isPrivate;
    }

    /**
     * Creates a file, reserves its space, and maps it shared.
     *
     * @param path in a directory that {@link Directories#prepare} accepts; must not exist
     * @param sizeBytes positive
     * @throws ThaException if it exists, or space, mapping or descriptor cannot be had (nothing is left behind)
     */
    public static MappedFile create(Path path, long sizeBytes) {
        if (sizeBytes <= 0) {
            throw new IllegalArgumentException("file '" + path + "': size " + sizeBytes + ", expected more than 0 bytes");
        }
        int fd = Posix.available() ? createReserved(path, sizeBytes) : createFilled(path, sizeBytes);
        try {
            return mapShared(path, fd, sizeBytes);
        } catch (RuntimeException | Error e) {
            delete(path);
            throw e;
        } finally {
            close(fd);
        }
    }

    /** Maps an existing file shared, for reading and writing, after checking owner, mode, kind and least size. */
    public static MappedFile open(Path path, long leastBytes) {
        if (!Posix.available()) {
            return mapShared(path, NO_DESCRIPTOR, checked(path, path, leastBytes));
        }
        int fd = openExisting(path, Posix.O_RDWR);
        try {
            return mapShared(path, fd, checked(path, descriptor(fd), leastBytes));
        } finally {
            close(fd);
        }
    }

    /** Maps an existing file for reading only; a store into it would be a crash, so nothing in this process may try. */
    public static MappedFile openForReading(Path path, long leastBytes) {
        if (!Posix.available()) {
            return open(path, leastBytes);
        }
        return mapPosix(path, leastBytes, Posix.PROT_READ, Posix.MAP_SHARED);
    }

    /**
     * Maps an existing file privately: writes stay in this process, pages not yet written follow the file. Private pages are not reserved.
     *
     * @throws ThaException also where system calls cannot be made
     */
    public static MappedFile openPrivate(Path path, long leastBytes) {
        if (!Posix.available()) {
            throw new ThaException("file '" + path + "' cannot be mapped privately: " + Posix.unavailableReason());
        }
        return mapPosix(path, leastBytes, Posix.PROT_READ | Posix.PROT_WRITE, Posix.MAP_PRIVATE);
    }

    /** Returns a descriptor. */
    private static int createReserved(Path path, long sizeBytes) {
        int fd = Posix.open(
                path.toString(), Posix.O_CREAT | Posix.O_EXCL | Posix.O_RDWR | Posix.O_NOFOLLOW | Posix.O_CLOEXEC, FILE_MODE);
        if (fd < 0) {
            throw new ThaException("file '" + path + "' of " + sizeBytes + " bytes cannot be created: " + Errno.describe(-fd));
        }
        int reserved = Posix.reserve(fd, sizeBytes);
        if (reserved < 0) {
            // What was closed a moment ago may be mapped still, and its space is free only when it is not.
            BackgroundResourceReleaser.releasePendingResources();
            reserved = Posix.reserve(fd, sizeBytes);
        }
        if (reserved < 0) {
            close(fd);
            delete(path);
            throw new ThaException("file '" + path + "': " + sizeBytes + " bytes cannot be reserved, " + Errno.describe(-reserved)
                    + ", free are " + path.toAbsolutePath().getParent().toFile().getUsableSpace() + "; make room or choose a smaller size");
        }
        return fd;
    }

    private static int createFilled(Path path, long sizeBytes) {
        Set<OpenOption> options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
        boolean created = false;
        try (SeekableByteChannel channel = Files.newByteChannel(
                path, options, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            created = true;
            ByteBuffer zeros = ByteBuffer.allocate(FILL_LENGTH);
            for (long left = sizeBytes; left > 0; left -= zeros.position()) {
                zeros.clear().limit((int) Math.min(left, FILL_LENGTH));
                while (zeros.hasRemaining()) {
                    channel.write(zeros);
                }
            }
            return NO_DESCRIPTOR;
        } catch (IOException e) {
            if (created) {
                delete(path);
            }
            throw new ThaException("file '" + path + "' of " + sizeBytes + " bytes cannot be created: " + e, e);
        }
    }

    /** A pipe without a writer must not hold up who opens it: hence not blocking. */
    private static int openExisting(Path path, int access) {
        int fd = Posix.open(path.toString(), access | Posix.O_NOFOLLOW | Posix.O_NONBLOCK | Posix.O_CLOEXEC, 0);
        if (fd < 0) {
            throw new ThaException("file '" + path + "' cannot be opened: " + Errno.describe(-fd) + REPAIR);
        }
        return fd;
    }

    private static Path descriptor(int fd) {
        return Path.of("/proc/self/fd/" + fd);
    }

    /**
     * Checks a file before it is mapped.
     *
     * @param path for messages
     * @param looked the path, or the descriptor's own: so what is checked is what is mapped
     * @return the size
     */
    private static long checked(Path path, Path looked, long leastBytes) {
        LinkOption[] links = looked.equals(path) ? new LinkOption[] {LinkOption.NOFOLLOW_LINKS} : new LinkOption[0];
        Map<String, Object> found;
        try {
            found = Files.readAttributes(looked, "unix:uid,mode,size,isRegularFile", links);
        } catch (IOException e) {
            throw new ThaException("file '" + path + "' cannot be examined: " + e + REPAIR, e);
        }
        FileChecks.check(path, found);
        long size = (Long) found.get("size");
        if (size < leastBytes) {
            throw new CorruptRegionException(
                    "file '" + path + "' has " + size + " bytes, expected at least " + leastBytes + "; it was truncated or replaced" + REPAIR);
        }
        return size;
    }

    /** Through the descriptor, if there is one: another file may have the path by now. */
    private static MappedFile mapShared(Path path, int fd, long sizeBytes) {
        File file = new File((fd == NO_DESCRIPTOR ? path : descriptor(fd)).toString());
        try {
            MappedBytes bytes = MappedBytes.singleMappedBytes(file, sizeBytes);
            return new MappedFile(path, bytes.addressForRead(0), sizeBytes, bytes, false);
        } catch (IOException | IORuntimeException e) {
            Throwable first = e;
            while (first.getCause() != null) {
                first = first.getCause();
            }
            throw new ThaException("file '" + path + "' of " + sizeBytes + " bytes cannot be mapped: " + first + MAPPING_LIMITS, e);
        }
    }

    private static MappedFile mapPosix(Path path, long leastBytes, int protection, int flags) {
        int fd = openExisting(path, flags == Posix.MAP_SHARED ? Posix.O_RDONLY : Posix.O_RDWR);
        try {
            long size = checked(path, descriptor(fd), leastBytes);
            long address = Posix.map(fd, size, protection, flags);
            if (address < 0 && address > -FILL_LENGTH) {
                throw new ThaException("file '" + path + "' of " + size + " bytes cannot be mapped: " + Errno.describe((int) -address));
            }
            return new MappedFile(path, address, size, null, flags == Posix.MAP_PRIVATE);
        } finally {
            close(fd);
        }
    }

    private static void close(int fd) {
        if (fd != NO_DESCRIPTOR) {
            Posix.close(fd);
        }
    }

    private static void delete(Path path) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw new UncheckedIOException("file '" + path + "' cannot be removed", e);
        }
    }

    public Path path() {
        return path;
    }

    public long address() {
        return address;
    }

    public long sizeBytes() {
        return sizeBytes;
    }

    /** Whether writes stay in this process. */
    public boolean isPrivate() {
        return isPrivate;
    }

    /** Makes the pages of a range present and writable; 0 or a negative errno, also where the kernel cannot. */
    public int populate(long offset, long lengthBytes) {
        return Posix.available() ? Posix.advise(address + offset, lengthBytes, Posix.MADV_POPULATE_WRITE) : -Posix.EAGAIN;
    }

    /** From now on {@link #close} leaves the mapping in place. */
    public MappedFile neverUnmap() {
        FOR_EVER.add(this);
        return this;
    }

    /** Unmaps and unlinks a file that was just created and turned out to be of no use. */
    public void discard() {
        close();
        delete(path);
    }

    /** Unmaps; the file stays. */
    @Override
    public synchronized void close() {
        if (closed || FOR_EVER.contains(this)) {
            return;
        }
        closed = true;
        if (shared != null) {
            BytesStore<?, ?> store = shared.bytesStore();
            shared.releaseLast();
            // The file of a single mapping keeps the reference that it had from the beginning: without this one it stays mapped.
            if (store.refCount() > 0) {
                store.releaseLast();
            }
        } else {
            Posix.unmap(address, sizeBytes);
        }
    }
}
