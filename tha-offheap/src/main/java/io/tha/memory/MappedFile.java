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

/**
 * A file of the domain, mapped whole. Files are created with mode 0600 and all their space reserved, never reached through a symbolic link,
 * and never truncated: a mapped file that shrinks kills a JVM.
 *
 * <p>Threads: any may use the memory; {@link #close} must not race with its use.
 */
public final class MappedFile implements AutoCloseable {
    private static final int FILE_MODE = 0600;
    private static final int MODE_MASK = 0777;
    private static final int FILL_LENGTH = 1 << 20;

    /** Keeps mappings that must live as long as the process. */
    private static final Queue<MappedFile> FOR_EVER = new ConcurrentLinkedQueue<>();

    private final Path path;
    private final long address;
    private final long sizeBytes;
    private final MappedBytes shared;
    private boolean closed;

    private MappedFile(Path path, long address, long sizeBytes, MappedBytes shared) {
        this.path = path;
        this.address = address;
        this.sizeBytes = sizeBytes;
        this.shared = shared;
    }

    /**
     * Creates a file, reserves its space, and maps it shared.
     *
     * @param path in a directory that {@link Directories#prepare} accepts; must not exist
     * @param sizeBytes positive
     * @throws ThaException if it exists, or the space cannot be reserved (nothing is left behind)
     */
    public static MappedFile create(Path path, long sizeBytes) {
        if (sizeBytes <= 0) {
            throw new IllegalArgumentException("file '" + path + "': size " + sizeBytes + ", expected more than 0 bytes");
        }
        if (Posix.available()) {
            createReserved(path, sizeBytes);
        } else {
            createFilled(path, sizeBytes);
        }
        return mapShared(path, sizeBytes);
    }

    /** Maps an existing file shared, for reading and writing, after checking owner, mode, kind and least size. */
    public static MappedFile open(Path path, long leastBytes) {
        return mapShared(path, checkedSize(path, leastBytes));
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

    private static void createReserved(Path path, long sizeBytes) {
        int fd = Posix.open(
                path.toString(), Posix.O_CREAT | Posix.O_EXCL | Posix.O_RDWR | Posix.O_NOFOLLOW | Posix.O_CLOEXEC, FILE_MODE);
        if (fd < 0) {
            throw new ThaException("file '" + path + "' cannot be created: errno " + -fd + (fd == -Posix.EEXIST ? " (it exists)" : ""));
        }
        int reserved = Posix.reserve(fd, sizeBytes);
        Posix.close(fd);
        if (reserved < 0) {
            delete(path);
            throw new ThaException("file '" + path + "': " + sizeBytes + " bytes cannot be reserved, errno " + -reserved
                    + (reserved == -Posix.ENOSPC ? " (no space)" : "") + ", free are " + path.toAbsolutePath().getParent().toFile().getUsableSpace()
                    + "; make room or choose a smaller size");
        }
    }

    private static void createFilled(Path path, long sizeBytes) {
        Set<OpenOption> options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
        try (SeekableByteChannel channel = Files.newByteChannel(
                path, options, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            ByteBuffer zeros = ByteBuffer.allocate(FILL_LENGTH);
            for (long left = sizeBytes; left > 0; left -= zeros.position()) {
                zeros.clear().limit((int) Math.min(left, FILL_LENGTH));
                while (zeros.hasRemaining()) {
                    channel.write(zeros);
                }
            }
        } catch (IOException e) {
            delete(path);
            throw new ThaException("file '" + path + "' of " + sizeBytes + " bytes cannot be created: " + e, e);
        }
    }

    private static long checkedSize(Path path, long leastBytes) {
        Map<String, Object> found;
        try {
            found = Files.readAttributes(path, "unix:uid,mode,size,isRegularFile", LinkOption.NOFOLLOW_LINKS);
        } catch (IOException e) {
            throw new ThaException("file '" + path + "' cannot be examined: " + e, e);
        }
        return checked(path, found, leastBytes);
    }

    private static long checked(Path path, Map<String, Object> found, long leastBytes) {
        if (!Boolean.TRUE.equals(found.get("isRegularFile"))) {
            throw new ThaException("'" + path + "' is not a regular file (a symbolic link is not followed)");
        }
        int mode = (Integer) found.get("mode") & MODE_MASK;
        if (mode != FILE_MODE) {
            throw new ThaException("file '" + path + "' has mode " + Integer.toOctalString(mode) + ", expected 600; do not trust its content");
        }
        if (Posix.available() && (Integer) found.get("uid") != Posix.effectiveUser()) {
            throw new ThaException("file '" + path + "' belongs to user " + found.get("uid") + ", expected " + Posix.effectiveUser());
        }
        long size = (Long) found.get("size");
        if (size < leastBytes) {
            throw new CorruptRegionException("file '" + path + "' has " + size + " bytes, expected at least " + leastBytes + "; it was truncated");
        }
        return size;
    }

    private static MappedFile mapShared(Path path, long sizeBytes) {
        try {
            MappedBytes bytes = MappedBytes.singleMappedBytes(new File(path.toString()), sizeBytes);
            return new MappedFile(path, bytes.addressForRead(0), sizeBytes, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException("file '" + path + "' cannot be mapped", e);
        }
    }

    private static MappedFile mapPosix(Path path, long leastBytes, int protection, int flags) {
        int access = flags == Posix.MAP_SHARED ? Posix.O_RDONLY : Posix.O_RDWR;
        int fd = Posix.open(path.toString(), access | Posix.O_NOFOLLOW | Posix.O_CLOEXEC, 0);
        if (fd < 0) {
            throw new ThaException("file '" + path + "' cannot be opened: errno " + -fd + (fd == -Posix.ELOOP ? " (a symbolic link)" : ""));
        }
        try {
            // The descriptor's own attributes: what is checked is what is mapped.
            long size = checked(path, Files.readAttributes(Path.of("/proc/self/fd/" + fd), "unix:uid,mode,size,isRegularFile"), leastBytes);
            long address = Posix.map(fd, size, protection, flags);
            if (address < 0 && address > -FILL_LENGTH) {
                throw new ThaException("file '" + path + "' of " + size + " bytes cannot be mapped: errno " + -address);
            }
            return new MappedFile(path, address, size, null);
        } catch (IOException e) {
            throw new UncheckedIOException("file '" + path + "' cannot be examined", e);
        } finally {
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

    /** Makes the pages of a range present and writable; 0 or a negative errno, also where the kernel cannot. */
    public int populate(long offset, long lengthBytes) {
        return Posix.available() ? Posix.advise(address + offset, lengthBytes, Posix.MADV_POPULATE_WRITE) : -Posix.EAGAIN;
    }

    /** From now on {@link #close} leaves the mapping in place. */
    public MappedFile neverUnmap() {
        FOR_EVER.add(this);
        return this;
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
