package io.tha.region;

import static io.tha.region.OutcomeDescriptor.ABORTED;
import static io.tha.region.OutcomeDescriptor.BITS;
import static io.tha.region.OutcomeDescriptor.BLOCKS_OFFSET;
import static io.tha.region.OutcomeDescriptor.BLOCK_COUNT;
import static io.tha.region.OutcomeDescriptor.BLOCK_COUNT_OFFSET;
import static io.tha.region.OutcomeDescriptor.BLOCK_LENGTH;
import static io.tha.region.OutcomeDescriptor.BLOCK_SHIFT;
import static io.tha.region.OutcomeDescriptor.COMMITTED;
import static io.tha.region.OutcomeDescriptor.FILE_LENGTH;
import static io.tha.region.OutcomeDescriptor.HEADER_LENGTH;
import static io.tha.region.OutcomeDescriptor.HEADER_LENGTH_OFFSET;
import static io.tha.region.OutcomeDescriptor.IDS_PER_BLOCK;
import static io.tha.region.OutcomeDescriptor.IDS_PER_BLOCK_OFFSET;
import static io.tha.region.OutcomeDescriptor.MAGIC;
import static io.tha.region.OutcomeDescriptor.MAGIC_OFFSET;
import static io.tha.region.OutcomeDescriptor.MASK;
import static io.tha.region.OutcomeDescriptor.NOTHING;
import static io.tha.region.OutcomeDescriptor.TAGS_OFFSET;
import static io.tha.region.OutcomeDescriptor.UNDECIDED;
import static io.tha.region.OutcomeDescriptor.VERSION;
import static io.tha.region.OutcomeDescriptor.VERSION_OFFSET;

import io.tha.CorruptRegionException;
import io.tha.Outcome;
import io.tha.memory.MappedFile;
import io.tha.memory.Memory;
import java.nio.file.Path;

/**
 * What became of the last transactions, two bits for each, in a file beside what standbys copy; docs/formats.md 3.7.
 *
 * <p>Threads: one writes, the active's under its commit lock or a standby's follower; any read. A joiner may copy it meanwhile.
 */
public final class OutcomeTable implements AutoCloseable {
    /** Outcomes of ids that are this far below the last one are remembered. */
    public static final long IDS = (long) IDS_PER_BLOCK * BLOCK_COUNT;

    private static final int ID_MASK = IDS_PER_BLOCK - 1;
    private static final int IDS_PER_WORD = Long.SIZE / BITS;
    private static final Outcome[] OUTCOMES = {Outcome.UNKNOWN_NEVER_PUBLISHED, Outcome.COMMITTED, Outcome.ABORTED, Outcome.UNDECIDED};

    private final MappedFile file;
    private final long base;

    private OutcomeTable(MappedFile file) {
        this.file = file;
        base = file.address();
    }

    /** Makes one in which nothing is known. */
    public static OutcomeTable create(Path path) {
        OutcomeTable table = new OutcomeTable(MappedFile.create(path, FILE_LENGTH));
        table.file.populate(0, FILE_LENGTH);
        Memory.putLong(table.base + MAGIC_OFFSET, MAGIC);
        Memory.putInt(table.base + VERSION_OFFSET, VERSION);
        Memory.putInt(table.base + HEADER_LENGTH_OFFSET, HEADER_LENGTH);
        Memory.putInt(table.base + IDS_PER_BLOCK_OFFSET, IDS_PER_BLOCK);
        Memory.putInt(table.base + BLOCK_COUNT_OFFSET, BLOCK_COUNT);
        return table;
    }

    /** Opens another process's for copying. */
    private static OutcomeTable open(Path path) {
        OutcomeTable table = new OutcomeTable(MappedFile.openForReading(path, FILE_LENGTH));
        try {
            table.check("magic number", MAGIC, Memory.getLong(table.base + MAGIC_OFFSET));
            table.check("version", VERSION, Memory.getInt(table.base + VERSION_OFFSET));
            table.check("header length", HEADER_LENGTH, Memory.getInt(table.base + HEADER_LENGTH_OFFSET));
            table.check("ids in a block", IDS_PER_BLOCK, Memory.getInt(table.base + IDS_PER_BLOCK_OFFSET));
            table.check("blocks", BLOCK_COUNT, Memory.getInt(table.base + BLOCK_COUNT_OFFSET));
            return table;
        } catch (RuntimeException | Error e) {
            table.close();
            throw e;
        }
    }

    private void check(String what, long expected, long found) {
        if (expected != found) {
            throw new CorruptRegionException("outcome file '" + file.path() + "': " + what + " 0x" + Long.toHexString(found) + ", expected 0x"
                    + Long.toHexString(expected) + "; it was damaged: rebuild the domain");
        }
    }

    /** Takes over what another process's file says, in the place of what this one says; the other may be written meanwhile. */
    public void copyFrom(Path path) {
        try (OutcomeTable other = open(path)) {
            for (int slot = 0; slot < BLOCK_COUNT; slot++) {
                copy(other, slot);
            }
        }
    }

    /**
     * A block that gets another tag meanwhile gets it for an id whose frame the copier has still to read: then it gives the block to that id as the
     * writer has done, whatever it has copied.
     */
    private void copy(OutcomeTable other, int slot) {
        long tag = Memory.getLongAcquire(other.tag(slot));
        if (tag > 0) {
            Memory.copy(other.block(slot), block(slot), BLOCK_LENGTH);
        } else {
            Memory.zero(block(slot), BLOCK_LENGTH);
        }
        Memory.putLongRelease(tag(slot), Math.abs(tag));
    }

    public void committed(long id) {
        put(id, COMMITTED);
    }

    public void aborted(long id) {
        put(id, ABORTED);
    }

    /** Something of it was published; nothing is changed where it was decided already. */
    public void undecided(long id) {
        if (find(id) == NOTHING) {
            put(id, UNDECIDED);
        }
    }

    private void put(long id, int value) {
        long wanted = tagOf(id);
        int slot = slotOf(id);
        long found = Memory.getLong(tag(slot));
        if (found != wanted) {
            if (Math.abs(found) > wanted) {
                return;
            }
            // A reader, and whoever copies this after a death in between, sees that the block is the new one's, and nothing in it.
            Memory.putLongVolatile(tag(slot), -wanted);
            Memory.zero(block(slot), BLOCK_LENGTH);
            Memory.putLongRelease(tag(slot), wanted);
        }
        long word = word(id);
        int shift = shiftOf(id);
        Memory.putLong(word, Memory.getLong(word) & ~((long) MASK << shift) | (long) value << shift);
    }

    /** What became of a transaction. */
    public Outcome outcome(long id) {
        int found = id <= 0 ? NOTHING : find(id);
        return found < 0 ? Outcome.FORGOTTEN : OUTCOMES[found];
    }

    /** The bits of an id, or -1 if a later one has their place. */
    private int find(long id) {
        long wanted = tagOf(id);
        int slot = slotOf(id);
        long tag = Memory.getLongAcquire(tag(slot));
        int bits = (int) (Memory.getLong(word(id)) >>> shiftOf(id)) & MASK;
        Memory.loadFence();
        long again = Memory.getLong(tag(slot));
        if (Math.abs(again) > wanted) {
            return -1;
        }
        return tag == wanted && again == wanted ? bits : NOTHING;
    }

    private static long tagOf(long id) {
        return (id >>> BLOCK_SHIFT) + 1;
    }

    private static int slotOf(long id) {
        return (int) (id >>> BLOCK_SHIFT) & BLOCK_COUNT - 1;
    }

    private long tag(int slot) {
        return base + TAGS_OFFSET + (long) slot * Long.BYTES;
    }

    private long block(int slot) {
        return base + BLOCKS_OFFSET + (long) slot * BLOCK_LENGTH;
    }

    private long word(long id) {
        return block(slotOf(id)) + (id & ID_MASK) / IDS_PER_WORD * Long.BYTES;
    }

    private static int shiftOf(long id) {
        return (int) (id % IDS_PER_WORD) * BITS;
    }

    public Path path() {
        return file.path();
    }

    @Override
    public void close() {
        file.close();
    }
}
