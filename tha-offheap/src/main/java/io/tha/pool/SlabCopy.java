package io.tha.pool;

import static io.tha.pool.SlotDescriptor.CHECK_OFFSET;
import static io.tha.pool.SlotDescriptor.FREE_KEY;
import static io.tha.pool.SlotDescriptor.ID_OFFSET;
import static io.tha.pool.SlotDescriptor.NAME_OFFSET;

import io.tha.memory.LineMarks;
import io.tha.memory.Memory;
import io.tha.memory.ObjectMemory;
import java.util.function.IntUnaryOperator;
import java.util.function.LongConsumer;

/**
 * Copies slabs of another process's file to the same places of an empty pool: their objects have the same handles on both sides then. Bytes are
 * copied in bulk; what is private to a process, free lists and names, is made for the pool while the slab is in the cache. The file may change
 * meanwhile, docs/formats.md 5.3.
 *
 * <p>Threads: one, when nobody else uses the pool.
 */
public final class SlabCopy {
    /** The pages of a slab are taken here by something else, or do not exist; nothing was done. */
    public static final int NOT_FREE = -1;

    private final PoolMemory memory;
    private final PoolStructure pool;
    private final CommittedImage image;
    private final SlabAllocator slabs;
    private final ObjectNames names;
    private final Registry registry;
    private final ImplicitNames.Adder implicitNames;
    private final IntUnaryOperator prefixes;
    private final LongConsumer unnamed;
    private final NameWord imageName = new NameWord();
    private long copiedBytes;
    private long highestId;
    private Prefix prefix;
    private int imagePrefix = -1;
    private long highestNumber;

    /**
     * Prepares copying.
     *
     * @param image of the other process
     * @param prefixes from its ids to those here, -1 for none
     * @param unnamed is told of objects here whose names are not in the index: there is none, or another object has it
     */
    public SlabCopy(PoolStructure pool, CommittedImage image, IntUnaryOperator prefixes, LongConsumer unnamed) {
        this.pool = pool;
        this.image = image;
        this.prefixes = prefixes;
        this.unnamed = unnamed;
        memory = pool.memory();
        slabs = pool.pool().slabs();
        names = pool.pool().names();
        registry = pool.registry();
        implicitNames = names.implicitAdder();
    }

    /** Keeps pages in front of this one free for slabs that are copied, as long as there are others. */
    public void keepPagesBefore(int page) {
        slabs.carveFrom(page);
    }

    /**
     * Copies a slab, unless it is empty.
     *
     * @param slab its first page, on both sides
     * @param entry the layout of its objects, here
     * @param group of its objects, here
     * @return how many objects it has, or {@link #NOT_FREE}
     */
    public int copy(int slab, LayoutEntry entry, int group) {
        SlotClass slots = pool.pool().classes().of(entry, group);
        if (!slabs.takeAt(slots, slab)) {
            return NOT_FREE;
        }
        long start = (long) slab << LineMarks.PAGE_SHIFT;
        long length = (long) SlabGeometry.pages(slots.slotLength) << LineMarks.PAGE_SHIFT;
        Memory.copy(image.address(start), memory.base() + start, length);
        copiedBytes += length;
        if (!hasObjects(slots, slab)) {
            slabs.giveUp(slots, slab);
            return 0;
        }
        int live = 0;
        // From the last one on, so that the list of free ones begins with the first.
        for (int i = SlabGeometry.slots(slots.slotLength) - 1; i >= 0; i--) {
            long body = SlabGeometry.bodyOffset(slab, slots.slotLength, i);
            long check = Memory.getLong(memory.base() + SlotDescriptor.slotOf(body) + CHECK_OFFSET);
            if (isLive(slots, body, check)) {
                accept(body, check ^ slots.key);
                live++;
            } else {
                free(slots, slab, body, check);
            }
        }
        implicitNames.pause();
        slabs.adoptUsed(slab, live);
        return live;
    }

    private boolean hasObjects(SlotClass slots, int slab) {
        for (int i = 0; i < SlabGeometry.slots(slots.slotLength); i++) {
            long body = SlabGeometry.bodyOffset(slab, slots.slotLength, i);
            if (isLive(slots, body, Memory.getLong(memory.base() + SlotDescriptor.slotOf(body) + CHECK_OFFSET))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isLive(SlotClass slots, long body, long check) {
        return SlotDescriptor.generationIn(check, body, slots.key) >= SlotDescriptor.FIRST_GENERATION;
    }

    private void accept(long body, long handle) {
        long slot = memory.base() + SlotDescriptor.slotOf(body);
        highestId = Math.max(highestId, Memory.getLong(slot + ID_OFFSET));
        long nameWord = Memory.getLong(slot + NAME_OFFSET);
        boolean entered;
        if (Prefix.isDynamic(nameWord)) {
            long here = implicitName(nameWord);
            Memory.putLong(slot + NAME_OFFSET, here);
            entered = here != 0 && implicitNames.add(here, body);
        } else {
            // As the image has it by now: redo makes it right where it changes.
            image.nameWord(body, imageName);
            long here = imageName.isStatic() ? names.store(imageName.text()) : 0;
            Memory.putLong(slot + NAME_OFFSET, here);
            entered = here != 0 && names.enter(here, body);
        }
        if (!entered) {
            unnamed.accept(handle);
        }
    }

    private long implicitName(long nameWord) {
        int id = Prefix.id(nameWord);
        if (id != imagePrefix) {
            raisePrefix();
            int here = prefixes.applyAsInt(id);
            prefix = here < 0 ? null : registry.prefix(here);
            imagePrefix = id;
            highestNumber = 0;
        }
        if (prefix == null) {
            return 0;
        }
        highestNumber = Math.max(highestNumber, Prefix.number(nameWord));
        return prefix.nameWord(Prefix.number(nameWord));
    }

    private void raisePrefix() {
        if (prefix != null) {
            prefix.raise(highestNumber);
        }
    }

    /** A slot's generations go on from those that were seen. */
    private void free(SlotClass slots, int slab, long body, long check) {
        int generation = Math.max(SlotDescriptor.generationIn(check, body, FREE_KEY), SlotDescriptor.FIRST_GENERATION);
        Memory.putLong(memory.base() + SlotDescriptor.slotOf(body) + CHECK_OFFSET, ObjectMemory.handle(body, generation) ^ FREE_KEY);
        slabs.adoptFree(slots, slab, body);
    }

    /** Counters go on behind what was copied. */
    public void end() {
        raisePrefix();
        memory.raiseNextObjectId(highestId + 1);
    }

    /** How much was copied so far. */
    public long copiedBytes() {
        return copiedBytes;
    }
}
