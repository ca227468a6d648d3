package io.tha.pool;

import static io.tha.pool.PoolHeaderDescriptor.APPLICATIONS;
import static io.tha.pool.PoolHeaderDescriptor.APPLIED_POSITION_OFFSET;
import static io.tha.pool.PoolHeaderDescriptor.CHAIN_ENDS_OFFSET;
import static io.tha.pool.PoolHeaderDescriptor.COPIES_OFFSET;
import static io.tha.pool.PoolHeaderDescriptor.CRC_OFFSET;
import static io.tha.pool.PoolHeaderDescriptor.FILE_SIZE_OFFSET;
import static io.tha.pool.PoolHeaderDescriptor.HEADER_LENGTH;
import static io.tha.pool.PoolHeaderDescriptor.HEADER_LENGTH_OFFSET;
import static io.tha.pool.PoolHeaderDescriptor.MAGIC;
import static io.tha.pool.PoolHeaderDescriptor.MAGIC_OFFSET;
import static io.tha.pool.PoolHeaderDescriptor.MAJOR_VERSION;
import static io.tha.pool.PoolHeaderDescriptor.MINOR_VERSION;
import static io.tha.pool.PoolHeaderDescriptor.NEXT_OBJECT_ID_OFFSET;
import static io.tha.pool.PoolHeaderDescriptor.PAGE_TABLE_OFFSET;
import static io.tha.pool.PoolHeaderDescriptor.POOL_ID_OFFSET;
import static io.tha.pool.PoolHeaderDescriptor.REGISTRY_LENGTH_OFFSET;
import static io.tha.pool.PoolHeaderDescriptor.REGISTRY_USED_OFFSET;
import static io.tha.pool.PoolHeaderDescriptor.VERSION_OFFSET;
import static io.tha.pool.PoolHeaderDescriptor.VERSION_SHIFT;
import static io.tha.pool.PoolHeaderDescriptor.WRITER_OFFSET;

import io.tha.CorruptRegionException;
import io.tha.memory.LineMarks;
import io.tha.memory.MappedFile;
import io.tha.memory.Memory;
import io.tha.memory.TruncatedFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;

/**
 * The memory of a pool or image file whose header has been checked: where its parts are, and its words.
 *
 * <p>Threads: the words as their names say; {@link #remap} before anybody else sees the new base.
 */
public final class PoolMemory {
    /** Below this, metadata would outweigh data. */
    public static final long MIN_SIZE = 256 << 10;

    /** Page numbers are ints. */
    public static final long MAX_SIZE = (long) Integer.MAX_VALUE << LineMarks.PAGE_SHIFT;

    private static final int MIN_REGISTRY_LENGTH = 16 << 10;
    private static final int MAX_REGISTRY_LENGTH = 16 << 20;
    private static final int REGISTRY_SHARE = 64;

    private final Path path;
    private final long sizeBytes;
    private final long poolId;
    private final int pageCount;
    private final long registryOffset;
    private final int registryLength;
    private final int firstDataPage;
    private final boolean isPrivate;
    private long base;

    private PoolMemory(MappedFile file, long sizeBytes, long poolId) {
        this.path = file.path();
        this.base = file.address();
        this.sizeBytes = sizeBytes;
        this.poolId = poolId;
        isPrivate = file.isPrivate();
        pageCount = (int) (sizeBytes >>> LineMarks.PAGE_SHIFT);
        registryOffset = alignPage(PAGE_TABLE_OFFSET + (long) pageCount * PageEntryDescriptor.LENGTH);
        registryLength = (int) alignPage(Math.max(MIN_REGISTRY_LENGTH, Math.min(MAX_REGISTRY_LENGTH, sizeBytes / REGISTRY_SHARE)));
        firstDataPage = (int) ((registryOffset + registryLength) >>> LineMarks.PAGE_SHIFT);
    }

    private static long alignPage(long value) {
        return (value + LineMarks.PAGE_LENGTH - 1) & -LineMarks.PAGE_LENGTH;
    }

    /** The size that is used of what a user asked for: whole pages. */
    static long checkedSize(long sizeBytes) {
        if (sizeBytes < MIN_SIZE || sizeBytes > MAX_SIZE) {
            throw new IllegalArgumentException("pool of " + sizeBytes + " bytes, expected " + MIN_SIZE + " to " + MAX_SIZE);
        }
        return alignPage(sizeBytes);
    }

    /** Writes the header of a new, zeroed file. */
    static PoolMemory format(MappedFile file) {
        long id = ThreadLocalRandom.current().nextLong() | 1;
        PoolMemory memory = new PoolMemory(file, file.sizeBytes(), id);
        long base = memory.base;
        Memory.putInt(base + VERSION_OFFSET, MAJOR_VERSION << VERSION_SHIFT | MINOR_VERSION);
        Memory.putInt(base + HEADER_LENGTH_OFFSET, HEADER_LENGTH);
        Memory.putLong(base + FILE_SIZE_OFFSET, memory.sizeBytes);
        Memory.putLong(base + POOL_ID_OFFSET, id);
        Memory.putInt(base + REGISTRY_LENGTH_OFFSET, memory.registryLength);
        Memory.putLong(base + NEXT_OBJECT_ID_OFFSET, 1);
        Memory.putLong(base + MAGIC_OFFSET, MAGIC);
        Memory.putInt(base + CRC_OFFSET, headerCrc(base));
        return memory;
    }

    /** Checks the header of an existing file before anything else is looked at. */
    static PoolMemory validate(MappedFile file) {
        long base = file.address();
        check(file, "magic number", MAGIC, Memory.getLong(base + MAGIC_OFFSET));
        int major = Memory.getInt(base + VERSION_OFFSET) >>> VERSION_SHIFT;
        if (major != MAJOR_VERSION) {
            throw new CorruptRegionException("pool file '" + file.path() + "' has format version " + major + "."
                    + (Memory.getInt(base + VERSION_OFFSET) & 0xFFFF) + ", this program reads " + MAJOR_VERSION + "." + MINOR_VERSION
                    + "; use the program that wrote it");
        }
        check(file, "header CRC", headerCrc(base), Memory.getInt(base + CRC_OFFSET));
        check(file, "header length", HEADER_LENGTH, Memory.getInt(base + HEADER_LENGTH_OFFSET));
        check(file, "file size", file.sizeBytes(), Memory.getLong(base + FILE_SIZE_OFFSET));
        checkedSize(file.sizeBytes());
        PoolMemory memory = new PoolMemory(file, file.sizeBytes(), Memory.getLong(base + POOL_ID_OFFSET));
        check(file, "registry length", memory.registryLength, Memory.getInt(base + REGISTRY_LENGTH_OFFSET));
        long used = memory.registryUsedAcquire();
        if (used < 0 || used > memory.registryLength || used % Long.BYTES != 0) {
            throw memory.corrupt(REGISTRY_USED_OFFSET, "registry of " + used + " bytes, expected at most " + memory.registryLength);
        }
        return memory;
    }

    private static void check(MappedFile file, String what, long expected, long found) {
        if (expected != found) {
            throw new CorruptRegionException("pool file '" + file.path() + "': " + what + " 0x" + Long.toHexString(found) + ", expected 0x"
                    + Long.toHexString(expected) + "; it is no pool, or damaged: remove it and start anew");
        }
    }

    private static int headerCrc(long base) {
        CRC32C crc = new CRC32C();
        for (int i = 0; i < CRC_OFFSET; i++) {
            crc.update(Memory.getByte(base + i));
        }
        return (int) crc.getValue();
    }

    CorruptRegionException corrupt(long offset, String problem) {
        return new CorruptRegionException(
                "pool file '" + path + "' at offset " + offset + ": " + problem + "; it was damaged, remove it and rebuild from the other side");
    }

    /**
     * Finds out whether the memory is still there: who truncates a mapped file, to nothing or with new content, takes the header with it. A load
     * that meets nothing gives anything, and the JVM's error may come much later. Volatile, so that it is a load of its own; a nanosecond.
     *
     * @throws CorruptRegionException if it is not
     */
    public void requirePresent() {
        if (Memory.getLongVolatile(base + MAGIC_OFFSET) != MAGIC) {
            throw new CorruptRegionException(
                    "pool file '" + path + "' has lost its header: somebody has truncated or overwritten it; files of a domain must be left alone");
        }
    }

    /**
     * Finds out the same by the size of the file, which is the first thing that changes; for who has read much and can wait for a system call. A file
     * that was removed or replaced is still what it was for who has it mapped.
     *
     * @throws CorruptRegionException if the file is shorter than what is mapped, or has lost its header
     */
    public void requireWhole() {
        requirePresent();
        try {
            String truncated = Files.size(path) < sizeBytes ? TruncatedFiles.describe(path.getParent()) : "";
            if (!truncated.isEmpty()) {
                throw new CorruptRegionException(truncated);
            }
        } catch (NoSuchFileException e) {
            // Who has it mapped keeps it.
            return;
        } catch (IOException e) {
            throw new CorruptRegionException("pool file '" + path + "': its size cannot be read: " + e, e);
        }
    }

    /** The same file, mapped elsewhere. */
    void remap(long newBase) {
        base = newBase;
    }

    public Path path() {
        return path;
    }

    public long base() {
        return base;
    }

    public long sizeBytes() {
        return sizeBytes;
    }

    /** Whether this was a private mapping from the beginning: writes to it are nobody else's, and may be watched before there are any. */
    public boolean isPrivate() {
        return isPrivate;
    }

    public long poolId() {
        return poolId;
    }

    public int pageCount() {
        return pageCount;
    }

    public int firstDataPage() {
        return firstDataPage;
    }

    long pageEntry(int page) {
        return base + PAGE_TABLE_OFFSET + (long) page * PageEntryDescriptor.LENGTH;
    }

    /** The first address of the registry. */
    long registry() {
        return base + registryOffset;
    }

    int registryLength() {
        return registryLength;
    }

    long registryUsedAcquire() {
        return Memory.getLongAcquire(base + REGISTRY_USED_OFFSET);
    }

    void registryUsedRelease(long bytes) {
        Memory.putLongRelease(base + REGISTRY_USED_OFFSET, bytes);
    }

    long takeObjectId() {
        return Memory.getAndAddLong(base + NEXT_OBJECT_ID_OFFSET, 1);
    }

    /** Greater than the ids of all objects so far. */
    public long nextObjectId() {
        return Memory.getLong(base + NEXT_OBJECT_ID_OFFSET);
    }

    /** Object ids below this one count as used; called by one thread. */
    void raiseNextObjectId(long nextId) {
        if (nextId > nextObjectId()) {
            Memory.putLong(base + NEXT_OBJECT_ID_OFFSET, nextId);
        }
    }

    /** Everything below this log position is in the file. Pairs with {@link #appliedRelease}. */
    public long appliedAcquire() {
        return Memory.getLongAcquire(base + APPLIED_POSITION_OFFSET);
    }

    /** Release: the changes of the transactions below the position are visible to who acquires it. */
    void appliedRelease(long position) {
        Memory.putLongRelease(base + APPLIED_POSITION_OFFSET, position);
    }

    /**
     * How far the state needs the chain of an application of the domain: it has part in transactions of which that application has entries, all
     * below this number. Of its own application: where it is. Acquire: pairs with {@link #raiseChainEnd}; docs/coordination.md 5.5.
     *
     * @param application by its index, 0 to 63
     */
    public long chainEndAcquire(int application) {
        return Memory.getLongAcquire(chainEnd(application));
    }

    private long chainEnd(int application) {
        if (application < 0 || application >= APPLICATIONS) {
            throw corrupt(CHAIN_ENDS_OFFSET, "application " + application + " is named, expected 0 to " + (APPLICATIONS - 1));
        }
        return base + CHAIN_ENDS_OFFSET + (long) application * Long.BYTES;
    }

    /** The state needs a chain so far, if it did not need more before; by who applies, before {@link #appliedRelease}. */
    public void raiseChainEnd(int application, long end) {
        long address = chainEnd(application);
        if (end > Memory.getLong(address)) {
            Memory.putLongRelease(address, end);
        }
    }

    /** What another file's state needs, this one needs too. */
    public void raiseChainEnds(PoolMemory other) {
        for (int application = 0; application < APPLICATIONS; application++) {
            raiseChainEnd(application, other.chainEndAcquire(application));
        }
    }

    /** {@link #chainEndAcquire} of all applications. */
    public long[] chainEnds() {
        return IntStream.range(0, APPLICATIONS).mapToLong(this::chainEndAcquire).toArray();
    }

    /**
     * The process that may write this image; 0 if the image does not say. Volatile: read before {@link #appliedAcquire}, docs/formats.md 5.6.
     *
     * @return as {@link io.tha.region.ControlFile#processWord} has it
     */
    public long writerVolatile() {
        return Memory.getLongVolatile(base + WRITER_OFFSET);
    }

    /** From now on another process may write the image, unless a third one may by now. */
    public boolean casWriter(long expected, long next) {
        return Memory.compareAndSetLong(base + WRITER_OFFSET, expected, next);
    }

    /**
     * The word that says whether the file may be copied as the committed state: 0 always, since it is an image; odd now, until the word
     * changes; even not now. Acquire: pairs with {@link #openForCopies}.
     */
    public long copiesAcquire() {
        return Memory.getLongAcquire(base + COPIES_OFFSET);
    }

    /** Whether the file may be copied, by what {@link #copiesAcquire} has returned. */
    public static boolean isOpenForCopies(long copies) {
        return copies == 0 || (copies & 1) == 1;
    }

    /** From now on, and until {@link #closeForCopies}, the file is the committed state at a log position; by the active, which holds all groups. */
    public void openForCopies(long position) {
        appliedRelease(position);
        Memory.putLongRelease(base + COPIES_OFFSET, copiesAcquire() | 1);
    }

    /** From now on the file is not the committed state; before anything is written to it. Pairs with the fence of who copies. */
    public void closeForCopies() {
        Memory.putLongVolatile(base + COPIES_OFFSET, (copiesAcquire() | 1) + 1);
    }
}
