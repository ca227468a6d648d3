package io.tha.region;

import static io.tha.region.LogDescriptor.CAPACITY_OFFSET;
import static io.tha.region.LogDescriptor.CLAIMED_OFFSET;
import static io.tha.region.LogDescriptor.CRC_OFFSET;
import static io.tha.region.LogDescriptor.EPOCH_BEFORE_OFFSET;
import static io.tha.region.LogDescriptor.EPOCH_OFFSET;
import static io.tha.region.LogDescriptor.FIRST_POSITION_OFFSET;
import static io.tha.region.LogDescriptor.FLAGS_OFFSET;
import static io.tha.region.LogDescriptor.HEADER_LENGTH;
import static io.tha.region.LogDescriptor.HEADER_LENGTH_OFFSET;
import static io.tha.region.LogDescriptor.IMAGE_ID_OFFSET;
import static io.tha.region.LogDescriptor.IMAGE_NAME_LENGTH_OFFSET;
import static io.tha.region.LogDescriptor.IMAGE_NAME_OFFSET;
import static io.tha.region.LogDescriptor.MAGIC;
import static io.tha.region.LogDescriptor.MAGIC_OFFSET;
import static io.tha.region.LogDescriptor.MAJOR_VERSION;
import static io.tha.region.LogDescriptor.MINOR_VERSION;
import static io.tha.region.LogDescriptor.OLDEST_UNDECIDED_OFFSET;
import static io.tha.region.LogDescriptor.RING_OFFSET;
import static io.tha.region.LogDescriptor.SEALED;
import static io.tha.region.LogDescriptor.SLEEPERS_OFFSET;
import static io.tha.region.LogDescriptor.TAIL_OFFSET;
import static io.tha.region.LogDescriptor.VERSION_OFFSET;
import static io.tha.region.LogDescriptor.VERSION_SHIFT;

import io.tha.CorruptRegionException;
import io.tha.ThaException;
import io.tha.memory.Checksum;
import io.tha.memory.MappedFile;
import io.tha.memory.Memory;
import io.tha.memory.Posix;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * A log file, mapped: its header and its shared words.
 *
 * <p>Threads: any; what may be written by whom is in docs/formats.md 3.
 */
public final class LogFile implements AutoCloseable {
    private final MappedFile file;
    private final long base;
    private final long capacity;
    private final Checksum headerChecksum;
    private Path path;

    private LogFile(MappedFile file, long capacity) {
        this.file = file;
        this.base = file.address();
        this.capacity = capacity;
        headerChecksum = new Checksum(base, HEADER_LENGTH);
        this.path = file.path();
    }

    /** Reserves a log under a name of its own, to be given its epoch and its final name by {@link #name}. */
    public static LogFile prepare(Path path, LogConfig config) {
        LogFile log = new LogFile(MappedFile.create(path, HEADER_LENGTH + config.capacity()), config.capacity());
        // Now rather than fault by fault in commits; where the kernel cannot, the faults come later.
        log.file.populate(0, log.file.sizeBytes());
        Memory.putInt(log.base + VERSION_OFFSET, MAJOR_VERSION << VERSION_SHIFT | MINOR_VERSION);
        Memory.putInt(log.base + HEADER_LENGTH_OFFSET, HEADER_LENGTH);
        Memory.putLong(log.base + CAPACITY_OFFSET, config.capacity());
        Memory.putInt(log.base + FLAGS_OFFSET, config.checksums() ? LogDescriptor.FLAG_CHECKSUMS : 0);
        Memory.putLong(log.base + OLDEST_UNDECIDED_OFFSET, LogDescriptor.NOTHING_UNDECIDED);
        return log;
    }

    /** From here on its frames will be, and not from 0; before it has its name. */
    void beginAt(long position) {
        Memory.putLong(base + FIRST_POSITION_OFFSET, position);
        Memory.putLong(base + TAIL_OFFSET, position);
        Memory.putLong(base + CLAIMED_OFFSET, position);
    }

    /** Where its first frame is: 0, or where the log before ended, if its image is that one's (docs/formats.md 5.6). */
    public long firstPosition() {
        return Memory.getLong(base + FIRST_POSITION_OFFSET);
    }

    /** Whether its frames tell where static names are. */
    public boolean tellsNameSlots() {
        return (Memory.getInt(base + VERSION_OFFSET) & 0xFFFF) >= 1;
    }

    /**
     * Says, before {@link #name}, that this log begins with the state at the cut of another epoch: who has drained that one's log need not copy the
     * image.
     *
     * @param epochBefore whose log was sealed
     */
    public void continues(long epochBefore) {
        Memory.putLong(base + EPOCH_BEFORE_OFFSET, epochBefore);
    }

    /** The id of the pool file that is the image of this log; before {@link #name}. */
    public void imageId(long poolId) {
        Memory.putLong(base + IMAGE_ID_OFFSET, poolId);
    }

    /**
     * Checks that an image is the one of this log.
     *
     * @throws CorruptRegionException if another file has its name
     */
    public void checkImage(Path image, long poolId) {
        long expected = Memory.getLong(base + IMAGE_ID_OFFSET);
        if (poolId != expected) {
            throw new CorruptRegionException("pool file '" + image + "' has pool id 0x" + Long.toHexString(poolId) + ", log file '" + path
                    + "' expects 0x" + Long.toHexString(expected) + "; somebody has replaced it: rebuild the domain from a standby");
        }
    }

    /** Completes the header and gives the file its name, over one that a takeover left which never served. */
    public void name(Path finalPath, long epoch, String imageName) {
        byte[] image = imageName.getBytes(StandardCharsets.UTF_8);
        if (image.length > LogDescriptor.IMAGE_NAME_LENGTH) {
            throw new IllegalArgumentException("image file name '" + imageName + "' is longer than " + LogDescriptor.IMAGE_NAME_LENGTH + " bytes");
        }
        Memory.putLong(base + EPOCH_OFFSET, epoch);
        Memory.putInt(base + IMAGE_NAME_LENGTH_OFFSET, image.length);
        Memory.copyFrom(image, 0, base + IMAGE_NAME_OFFSET, image.length);
        Memory.putLong(base + MAGIC_OFFSET, MAGIC);
        Memory.putInt(base + CRC_OFFSET, headerChecksum.of(base, CRC_OFFSET));
        Memory.storeFence();
        try {
            Files.move(path, finalPath, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new ThaException("log file '" + path + "' cannot be renamed to '" + finalPath + "': " + e, e);
        }
        path = finalPath;
    }

    /** Opens the log of an epoch after checking its header. */
    public static LogFile open(Path path, long epoch) {
        LogFile log = open(path);
        long found = log.epoch();
        if (found != epoch) {
            log.close();
            throw new CorruptRegionException("log file '" + path + "' is of epoch " + found + ", expected " + epoch
                    + "; somebody has replaced it: put the log back, or begin anew");
        }
        return log;
    }

    /** Opens a log after checking its header. */
    public static LogFile open(Path path) {
        MappedFile file = MappedFile.open(path, HEADER_LENGTH + LogDescriptor.MIN_CAPACITY);
        try {
            return validate(file);
        } catch (RuntimeException | Error e) {
            file.close();
            throw e;
        }
    }

    /** The name of the image that belongs to a log, of which nothing but the header is looked at. */
    static String imageNameOf(Path path) {
        try (MappedFile file = MappedFile.openForReading(path, HEADER_LENGTH + LogDescriptor.MIN_CAPACITY)) {
            return new LogFile(file, checkedCapacity(file)).imageName();
        }
    }

    private static LogFile validate(MappedFile file) {
        LogFile log = new LogFile(file, checkedCapacity(file));
        log.checkedTail();
        file.populate(0, file.sizeBytes());
        return log;
    }

    private static long checkedCapacity(MappedFile file) {
        long base = file.address();
        check(file, "magic number", MAGIC, Memory.getLong(base + MAGIC_OFFSET));
        int version = Memory.getInt(base + VERSION_OFFSET);
        if (version >>> VERSION_SHIFT != MAJOR_VERSION) {
            throw new CorruptRegionException("log file '" + file.path() + "' has format version " + (version >>> VERSION_SHIFT) + "."
                    + (version & 0xFFFF) + ", this program reads " + MAJOR_VERSION + "." + MINOR_VERSION + "; use the program that wrote it");
        }
        check(file, "header CRC", headerCrc(base), Memory.getInt(base + CRC_OFFSET));
        check(file, "header length", HEADER_LENGTH, Memory.getInt(base + HEADER_LENGTH_OFFSET));
        long capacity = Memory.getLong(base + CAPACITY_OFFSET);
        check(file, "file size", HEADER_LENGTH + capacity, file.sizeBytes());
        if (Long.bitCount(capacity) != 1 || capacity < LogDescriptor.MIN_CAPACITY || capacity > LogDescriptor.MAX_CAPACITY) {
            throw new CorruptRegionException("log file '" + file.path() + "': ring of " + capacity + " bytes, expected a power of two");
        }
        return capacity;
    }

    private static void check(MappedFile file, String what, long expected, long found) {
        if (expected != found) {
            throw new CorruptRegionException("log file '" + file.path() + "': " + what + " 0x" + Long.toHexString(found) + ", expected 0x"
                    + Long.toHexString(expected) + "; it is no log, or damaged: rebuild the domain");
        }
    }

    private static int headerCrc(long base) {
        return new Checksum(base, HEADER_LENGTH).of(base, CRC_OFFSET);
    }

    public Path path() {
        return path;
    }

    public long capacity() {
        return capacity;
    }

    public long epoch() {
        return Memory.getLong(base + EPOCH_OFFSET);
    }

    /** The epoch with whose cut this log begins; 0 where it begins with a state that no log leads to. */
    public long epochBefore() {
        return Memory.getLong(base + EPOCH_BEFORE_OFFSET);
    }

    public boolean hasChecksums() {
        return (Memory.getInt(base + FLAGS_OFFSET) & LogDescriptor.FLAG_CHECKSUMS) != 0;
    }

    /** The name, in the same directory, of the image that belongs to this log. */
    public String imageName() {
        int length = Memory.getInt(base + IMAGE_NAME_LENGTH_OFFSET);
        if (length < 0 || length > LogDescriptor.IMAGE_NAME_LENGTH) {
            throw new CorruptRegionException("log file '" + path + "': image name of " + length + " bytes");
        }
        byte[] name = new byte[length];
        Memory.copyTo(base + IMAGE_NAME_OFFSET, name, 0, length);
        return new String(name, StandardCharsets.UTF_8);
    }

    /** The first address of the mapping, and behind how many bytes it ends. */
    Checksum checksum() {
        return new Checksum(base, HEADER_LENGTH + capacity);
    }

    /** Where the byte at a position is. */
    public long address(long position) {
        return base + RING_OFFSET + (position & capacity - 1);
    }

    /** How many bytes are left in the ring from a position on. */
    long leftInRing(long position) {
        return capacity - (position & capacity - 1);
    }

    /** Acquire: pairs with the CAS of a publication; frames below are visible. The lowest bit says sealed. */
    public long tailWordAcquire() {
        return Memory.getLongAcquire(base + TAIL_OFFSET);
    }

    /** The tail, without the seal, after checking it against what a ring can be. */
    public long checkedTail() {
        long tail = tailWordAcquire() & ~SEALED;
        long claimed = claimedWordVolatile() & ~SEALED;
        if (tail < 0 || tail % Long.BYTES != 0 || tail > claimed || claimed % Long.BYTES != 0) {
            throw new CorruptRegionException("log file '" + path + "': tail " + tail + " and claimed " + claimed
                    + ", expected multiples of 8, in this order; the region was damaged, rebuild the domain");
        }
        return tail;
    }

    /** Whether anybody has begun to seal this log: nothing more can be committed then. */
    public boolean isSealBegun() {
        return isSealed(claimedWordVolatile()) || isSealed(tailWordAcquire());
    }

    public static boolean isSealed(long word) {
        return (word & SEALED) != 0;
    }

    boolean casTail(long expected, long next) {
        return Memory.compareAndSetLong(base + TAIL_OFFSET, expected, next);
    }

    long claimedWordVolatile() {
        return Memory.getLongVolatile(base + CLAIMED_OFFSET);
    }

    boolean casClaimed(long expected, long next) {
        return Memory.compareAndSetLong(base + CLAIMED_OFFSET, expected, next);
    }

    /** Whether the bytes from a position on have not been given to later frames. */
    public boolean isReadable(long position) {
        // The second look comes after the loads from the ring that it confirms.
        Memory.loadFence();
        return position >= (claimedWordVolatile() & ~SEALED) - capacity;
    }

    /** Acquire: pairs with {@link #oldestUndecidedRelease}. */
    public long oldestUndecidedAcquire() {
        return Memory.getLongAcquire(base + OLDEST_UNDECIDED_OFFSET);
    }

    void oldestUndecidedRelease(long position) {
        Memory.putLongRelease(base + OLDEST_UNDECIDED_OFFSET, position);
    }

    /** The address of the futex on which readers park. */
    long sleepers() {
        return base + SLEEPERS_OFFSET;
    }

    /** Wakes who is parked there. */
    void wakeSleepers() {
        if (Memory.getIntVolatile(sleepers()) != 0) {
            Memory.putIntVolatile(sleepers(), 0);
            if (Posix.available()) {
                Posix.futexWake(sleepers(), Integer.MAX_VALUE);
            }
        }
    }

    long reader(int slot) {
        return base + LogDescriptor.READERS_OFFSET + (long) slot * LogDescriptor.READER_LENGTH;
    }

    @Override
    public void close() {
        file.close();
    }
}
