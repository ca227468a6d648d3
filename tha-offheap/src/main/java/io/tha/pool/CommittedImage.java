package io.tha.pool;

import static io.tha.pool.SlotDescriptor.CHECK_OFFSET;
import static io.tha.pool.SlotDescriptor.FREE_KEY;
import static io.tha.pool.SlotDescriptor.HEADER_LENGTH;
import static io.tha.pool.SlotDescriptor.NAME_OFFSET;

import io.tha.memory.LineMarks;
import io.tha.memory.MappedFile;
import io.tha.memory.Memory;
import io.tha.memory.ObjectMemory;
import java.nio.file.Path;

/**
 * The committed state of a pool, in a shared file of the same format and with the same addresses. Only commits advance it, each after its
 * publication. It serves diff, rollback, and the bootstrap of standbys that join late.
 *
 * <p>Threads: written under the application's commit lock; another process may read it at any time and redoes the log over what it saw.
 *
 * <p>Publication: {@link #appliedRelease}.
 */
public final class CommittedImage implements AutoCloseable {
    private final MappedFile file;
    private final PoolMemory memory;
    private final PageTable pages;

    private CommittedImage(MappedFile file, PoolMemory memory) {
        this.file = file;
        this.memory = memory;
        pages = new PageTable(memory);
    }

    /** The image of a pool without objects, in a new file. */
    public static CommittedImage create(Path path, ThaPool pool) {
        MappedFile file = MappedFile.create(path, pool.memory().sizeBytes());
        return new CommittedImage(file, PoolMemory.format(file));
    }

    /** What a standby's pool file has become: complete already. */
    public static CommittedImage over(MappedFile file) {
        return new CommittedImage(file, PoolMemory.validate(file));
    }

    /** The image that an active advances, to be advanced by this process once it has {@linkplain PoolMemory#casWriter taken it over}. */
    public static CommittedImage open(Path path) {
        MappedFile file = MappedFile.open(path, PoolMemory.MIN_SIZE);
        try {
            return over(file);
        } catch (RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /** The image that an active advances, or left. */
    public static CommittedImage openForReading(Path path) {
        MappedFile file = MappedFile.openForReading(path, PoolMemory.MIN_SIZE);
        try {
            return over(file);
        } catch (RuntimeException | Error e) {
            file.close();
            throw e;
        }
    }

    public PoolMemory memory() {
        return memory;
    }

    public PageTable pages() {
        return pages;
    }

    /** What is registered in it now; for readers. */
    public Registry readRegistry() {
        return new Registry(memory);
    }

    /** The layout of the objects on a page; null where there are none but the engine's own. */
    public LayoutEntry layoutOn(PoolStructure pool, int page) {
        boolean none = !pages.isSound(page) || pages.groupId(page) == NameSlots.GROUP_ID;
        LayoutEntry entry = none ? null : pool.registry().layout(pages.layoutId(page));
        return entry != null && entry.slotLength() == pages.slotLength(page) ? entry : null;
    }

    /** The handle of the live object of this layout whose body begins here, or 0. */
    public long liveHandle(LayoutEntry entry, long body) {
        int generation = SlotDescriptor.generationIn(checkWord(body), body, entry.key());
        return generation > 0 ? ObjectMemory.handle(body, generation) : 0;
    }

    /** A walk over its slots; for readers. */
    public SlotScanner scanner() {
        return new SlotScanner(memory, pages);
    }

    /** The address of the byte at an offset. */
    public long address(long offset) {
        return memory.base() + offset;
    }

    /** Whether this object was committed. */
    public boolean contains(long handle, long layoutKey) {
        return checkWord(ObjectMemory.bodyOffset(handle)) == (handle ^ layoutKey);
    }

    private long checkWord(long body) {
        return Memory.getLong(memory.base() + SlotDescriptor.slotOf(body) + CHECK_OFFSET);
    }

    /** The generation of a live object of this layout in a slot, or -1. */
    public int liveGeneration(long body, long check, long layoutKey) {
        return SlotDescriptor.generationIn(check, body, layoutKey);
    }

    public long objectId(long body) {
        return Memory.getLong(memory.base() + SlotDescriptor.slotOf(body) + SlotDescriptor.ID_OFFSET);
    }

    /**
     * The id of the object that a check word has said to live in a slot, or -1 if another word is there by now. Check words of a slot do not come
     * twice, so the id is that object's. Pairs with the fences of {@link #create}.
     */
    public long objectId(long body, long check) {
        Memory.loadFence();
        long id = objectId(body);
        Memory.loadFence();
        return checkWord(body) == check ? id : -1;
    }

    /** The name that a slot holds; {@code NONE} where it cannot be followed, since the active is changing it. */
    public NameWord nameWord(long body, NameWord into) {
        long word = Memory.getLong(memory.base() + SlotDescriptor.slotOf(body) + NAME_OFFSET);
        boolean sound = Prefix.isDynamic(word)
                || pages.bodyAt(word) == word && pages.groupId((int) (word >>> LineMarks.PAGE_SHIFT)) == NameSlots.GROUP_ID;
        if (!sound) {
            return into.setNone();
        }
        into.set(word, memory.base());
        return into.isStatic() && !NameSlots.isName(into.text()) ? into.setNone() : into;
    }

    /** How many bytes of the pool's registry it has. */
    public long registryUsed() {
        return memory.registryUsedAcquire();
    }

    /** Layouts, groups and prefixes that the pool has registered up to a byte of its registry. */
    public void appendRegistry(PoolStructure pool, long usedBytes) {
        long done = memory.registryUsedAcquire();
        Memory.copy(pool.memory().registry() + done, memory.registry() + done, usedBytes - done);
        memory.registryUsedRelease(usedBytes);
    }

    /** An object with an empty body. */
    public void create(PoolStructure pool, long handle) {
        long body = ObjectMemory.bodyOffset(handle);
        takeSlab(pool, body);
        long from = pool.memory().base() + SlotDescriptor.slotOf(body);
        long to = memory.base() + SlotDescriptor.slotOf(body);
        long nameWord = Memory.getLong(from + NAME_OFFSET);
        if (Prefix.isDynamic(nameWord)) {
            raiseCounter(pool, nameWord);
        } else if (nameWord != 0) {
            copyName(pool, nameWord);
        }
        int bodyBytes = pool.layoutOn((int) (body >>> LineMarks.PAGE_SHIFT)).layout().sizeBytes();
        // The check word that is there says free. Who reads it before and behind the id, and finds it the same, has an id that goes with it.
        Memory.storeFence();
        Memory.copy(from, to, CHECK_OFFSET);
        Memory.zero(to + HEADER_LENGTH, bodyBytes);
        Memory.storeFence();
        Memory.putLong(to + CHECK_OFFSET, handle ^ pool.layoutOn((int) (body >>> LineMarks.PAGE_SHIFT)).key());
        memory.raiseNextObjectId(pool.objectId(body) + 1);
    }

    private void raiseCounter(PoolStructure pool, long nameWord) {
        long offset = pool.registry().prefix(Prefix.id(nameWord)).counterOffset();
        long next = Memory.getLong(memory.registry() + offset);
        if (Prefix.number(nameWord) >= next) {
            Memory.putLong(memory.registry() + offset, Prefix.number(nameWord) + 1);
        }
    }

    private void copyName(PoolStructure pool, long nameBody) {
        takeSlab(pool, nameBody);
        long slot = SlotDescriptor.slotOf(nameBody);
        int slotLength = pages.slotLength((int) (nameBody >>> LineMarks.PAGE_SHIFT));
        Memory.copy(pool.memory().base() + slot, memory.base() + slot, slotLength);
    }

    /** Makes the pages of an object those of its slab, as they are in the pool; its other slots become free. */
    private void takeSlab(PoolStructure pool, long body) {
        int page = (int) (body >>> LineMarks.PAGE_SHIFT);
        int slotLength = pool.pages().slotLength(page);
        int first = pool.pages().slabFirstPage(page);
        if (isSame(pool, page)) {
            return;
        }
        int pageCount = SlabGeometry.pages(slotLength);
        for (int i = first; i < first + pageCount; i++) {
            dissolveSlab(i);
        }
        for (int i = 0; i < SlabGeometry.slots(slotLength); i++) {
            long other = SlabGeometry.bodyOffset(first, slotLength, i);
            Memory.putLong(memory.base() + SlotDescriptor.slotOf(other) + CHECK_OFFSET, freeWord(pool, first, other));
        }
        Memory.copy(pool.memory().pageEntry(first), memory.pageEntry(first), (long) pageCount * PageEntryDescriptor.LENGTH);
    }

    private boolean isSame(PoolStructure pool, int page) {
        return Memory.mismatch(pool.memory().pageEntry(page), memory.pageEntry(page), PageEntryDescriptor.LENGTH) < 0;
    }

    private long freeWord(PoolStructure pool, int page, long body) {
        int group = pool.pages().groupId(page);
        SlotClass slots = pool.pool().classes().onPage(pool.pages().layoutId(page), group);
        long check = pool.checkWord(body);
        if (check == 0) {
            return 0;
        }
        int generation = Math.max(
                SlotDescriptor.generationIn(check, body, FREE_KEY),
                Math.max(SlotDescriptor.generationIn(check, body, SlotDescriptor.DELETED_KEY), SlotDescriptor.generationIn(check, body, slots.key)));
        return ObjectMemory.handle(body, Math.max(generation, SlotDescriptor.FIRST_GENERATION)) ^ FREE_KEY;
    }

    /**
     * Gives back the pages of the slab that a page belongs to, if any, with the generations that its slots had: pages that the next slab does not
     * cover have nobody else to tell. A slab whose first page is given back has its floors, and others may have pages of it: somebody has died here.
     */
    void dissolveSlab(int page) {
        int slotLength = pages.slotLength(page);
        if (slotLength == 0) {
            return;
        }
        int first = pages.slabFirstPage(page);
        int end = first + SlabGeometry.pages(slotLength);
        if (isOf(first, first, slotLength)) {
            int highest = VacatedSlabs.highestGeneration(memory, first, slotLength);
            for (int i = first; i < end; i++) {
                pages.generationFloor(i, Math.max(highest, pages.generationFloor(i)));
            }
            Memory.storeFence();
        }
        for (int i = first; i < end; i++) {
            if (isOf(i, first, slotLength)) {
                pages.release(i);
            }
        }
    }

    private boolean isOf(int page, int slab, int slotLength) {
        return pages.slabFirstPage(page) == slab && pages.slotLength(page) == slotLength;
    }

    /** New bytes of an object. */
    public void update(long offset, long source, long lengthBytes) {
        Memory.copy(source, memory.base() + offset, lengthBytes);
    }

    /** The object is gone, and with it the text of its name. */
    public void delete(long handle) {
        long body = ObjectMemory.bodyOffset(handle);
        long nameWord = Memory.getLong(memory.base() + SlotDescriptor.slotOf(body) + NAME_OFFSET);
        if (nameWord != 0 && !Prefix.isDynamic(nameWord)) {
            long check = checkWord(nameWord);
            for (int size = 0; size < NameSlots.SIZE_COUNT; size++) {
                int generation = SlotDescriptor.generationIn(check, nameWord, NameSlots.key(size));
                if (generation >= 0) {
                    free(nameWord, generation);
                }
            }
        }
        free(body, ObjectMemory.generation(handle));
    }

    private void free(long body, int generation) {
        long word = generation == SlotDescriptor.LAST_GENERATION ? 0 : ObjectMemory.handle(body, generation + 1) ^ FREE_KEY;
        Memory.putLong(memory.base() + SlotDescriptor.slotOf(body) + CHECK_OFFSET, word);
    }

    /** Release: everything below this log position is in the image. Pairs with {@link PoolMemory#appliedAcquire} of a bootstrap. */
    public void appliedRelease(long position) {
        memory.appliedRelease(position);
    }

    @Override
    public void close() {
        file.close();
    }
}
