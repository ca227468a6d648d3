package io.tha.pool;

import static io.tha.pool.SlotDescriptor.CHECK_OFFSET;
import static io.tha.pool.SlotDescriptor.NAME_OFFSET;

import io.tha.CorruptRegionException;
import io.tha.memory.LineMarks;
import io.tha.memory.MappedFile;
import io.tha.memory.Memory;
import io.tha.memory.ObjectMemory;

/**
 * A pool over a private mapping of the committed image that another process advances. Objects are in the image; what a pool keeps beside its file
 * (names, pages taken, slabs with room) is derived from the image once, fuzzily, and then kept up by what the log says; docs/formats.md 5.6. Nothing
 * is written to the mapping, since a page that is written stops following the image.
 *
 * <p>Until {@link #endRedo} frames are redone over what the image had: what they name may be missing, or there already.
 *
 * <p>Threads: the follower's.
 */
public final class FollowedPool implements AutoCloseable {
    /** Slabs between two looks at the log: some tenths of a millisecond. */
    private static final int STRIDE = 64;

    private final ThaPool pool;
    private final PoolMemory memory;
    private final PageTable pages;
    private final Registry registry;
    private final SlabAllocator slabs;
    private final ObjectNames names;
    private final SlotClasses classes;
    private final FollowedSlots slots;
    private boolean redoing = true;
    private boolean repeating;

    private FollowedPool(ThaPool pool) {
        this.pool = pool;
        memory = pool.memory();
        pages = pool.pages();
        registry = pool.registry();
        slabs = pool.slabs();
        names = pool.names();
        classes = pool.classes();
        slots = new FollowedSlots(memory);
    }

    /** Over a private mapping of an image, which the pool owns from now on; nothing is known of its objects before {@link #scan}. */
    public static FollowedPool over(MappedFile image) {
        ThaPool pool = ThaPool.over(image);
        pool.setReadOnly(true);
        return new FollowedPool(pool);
    }

    public ThaPool pool() {
        return pool;
    }

    /** Looks at all slots of the image, while it is being advanced; calls the pulse again and again meanwhile. */
    public void scan(Runnable pulse) {
        for (int page = memory.firstDataPage(); page < memory.pageCount(); ) {
            int slotLength = pages.slotLength(page);
            boolean isSlab = pages.isSound(page) && pages.slabFirstPage(page) == page && pages.slotLength(page) == slotLength;
            if (isSlab) {
                slots.put(page, slotLength, FollowedSlots.classOf(pages.layoutId(page), pages.groupId(page)));
            }
            page += isSlab ? SlabGeometry.pages(slotLength) : 1;
        }
        int looked = 0;
        for (int slab = slots.nextSlab(0); slab >= 0; slab = slots.nextSlab(slab + 1)) {
            scan(slab);
            if (++looked % STRIDE == 0) {
                pulse.run();
            }
        }
    }

    private void scan(int slab) {
        LayoutEntry entry = registry.layout(FollowedSlots.layoutId(slots.slotClass(slab)));
        int slotLength = slots.slotLength(slab);
        if (entry == null || FollowedSlots.groupId(slots.slotClass(slab)) == NameSlots.GROUP_ID || entry.slotLength() != slotLength) {
            // Name slots are found by the objects whose names they have.
            return;
        }
        for (int i = 0; i < SlabGeometry.slots(slotLength); i++) {
            long body = SlabGeometry.bodyOffset(slab, slotLength, i);
            int generation = SlotDescriptor.generationIn(checkWord(body), body, entry.key());
            if (generation > 0) {
                scanObject(slots.record(slab, i), generation, body);
            }
        }
    }

    private void scanObject(long slotRecord, int generation, long body) {
        long nameWord = Memory.getLong(memory.base() + SlotDescriptor.slotOf(body) + NAME_OFFSET);
        long nameRecord = Prefix.isDynamic(nameWord) ? 0 : slots.record(nameWord);
        boolean isStatic = nameRecord != 0 && isNameSlot(nameWord);
        if (isStatic) {
            FollowedSlots.set(nameRecord, 1, 0, 0);
            FollowedSlots.set(slotRecord, generation, nameWord, NameHash.of(NameSlots.read(memory.base() + nameWord)));
        } else {
            // A name that cannot be followed is being changed: a frame that is still to be read sets it.
            FollowedSlots.set(slotRecord, generation, 0, Prefix.isDynamic(nameWord) ? nameWord : 0);
        }
    }

    /** Also that its text ends in the slot. */
    private boolean isNameSlot(long nameSlot) {
        int page = CreatedObject.pageOf(nameSlot);
        int room = slots.slotLength(page) - SlotDescriptor.HEADER_LENGTH - Short.BYTES;
        return FollowedSlots.groupId(slots.slotClass(page)) == NameSlots.GROUP_ID
                && (Memory.getShort(memory.base() + nameSlot) & 0xFFFF) <= room;
    }

    private long checkWord(long body) {
        return Memory.getLong(memory.base() + SlotDescriptor.slotOf(body) + CHECK_OFFSET);
    }

    /** A registration that was published. */
    public void register(RegistryRecord found) {
        boolean removes = found.kind() == RegistryKind.LAYOUT_REMOVED && registry.layout(found.id()) != null
                || found.kind() == RegistryKind.GROUP_REMOVED && registry.groupName(found.id()) != null;
        registry.follow(found);
        if (!removes) {
            return;
        }
        (found.kind() == RegistryKind.LAYOUT_REMOVED ? classes.forgetLayout(found.id()) : classes.forgetGroup(found.id()))
                .forEach(slabs::followForgotten);
    }

    /** Whether what follows may be in the image already, since somebody has died who had committed it at a takeover before. */
    public void repeating(boolean mayBeThere) {
        repeating = mayBeThere;
    }

    /** An object that was created and committed. */
    public void create(CreatedObject object) {
        long body = object.body();
        checkPossible(object, object.slab, object.slotLength, body);
        if (object.text != null) {
            checkPossible(object, object.nameSlab, object.nameSlotLength(), object.nameWord);
        }
        takeSlab(object.slab, object.slotLength, object.slotClass);
        long slotRecord = slots.record(body);
        if (FollowedSlots.isLive(slotRecord)) {
            if (repeating && FollowedSlots.generation(slotRecord) == object.generation()) {
                return;
            }
            refuseUnlessRedoing(object.handle, "CREATE in the slot of a live object");
            forgetNameSlot(slotRecord);
        }
        long name = object.nameWord;
        if (object.text != null) {
            name = NameHash.of(object.text);
            takeSlab(object.nameSlab, object.nameSlotLength(), object.nameClass());
            long nameRecord = slots.record(object.nameWord);
            if (FollowedSlots.isLive(nameRecord)) {
                refuseUnlessRedoing(object.handle, "CREATE with a name in the slot of another name");
            } else {
                FollowedSlots.set(nameRecord, 1, 0, 0);
                taken(object.nameSlab);
            }
        }
        FollowedSlots.set(slotRecord, object.generation(), object.text == null ? 0 : object.nameWord, name);
        taken(object.slab);
        if (!redoing) {
            enter(slotRecord, body);
        }
    }

    private void checkPossible(CreatedObject object, int slab, int slotLength, long body) {
        if (!slots.isPossible(slab, slotLength, body)) {
            throw corrupt("CREATE", object.handle, "is in a slab at page " + slab + ", or has its name in one, where it cannot be");
        }
    }

    private void refuseUnlessRedoing(long handle, String problem) {
        if (!redoing) {
            throw corrupt("frame", handle, problem);
        }
    }

    /** Pages get a slab of this shape, if they have not got it; those that they had are without objects, or are so when redo is over. */
    private void takeSlab(int firstPage, int slotLength, int slotClass) {
        if (slots.has(firstPage, slotLength, slotClass)) {
            return;
        }
        for (int page = firstPage; page < firstPage + SlabGeometry.pages(slotLength); page++) {
            if (slots.slabAt(page) != 0) {
                dissolve(slots.slabAt(page));
            }
        }
        slots.put(firstPage, slotLength, slotClass);
        if (!redoing) {
            requireClass(firstPage);
            adopt(firstPage);
        }
    }

    private void dissolve(int slab) {
        if (!redoing) {
            for (int i = 0; i < SlabGeometry.slots(slots.slotLength(slab)); i++) {
                if (FollowedSlots.isLive(slots.record(slab, i))) {
                    throw corrupt("CREATE", SlabGeometry.bodyOffset(slab, slots.slotLength(slab), i) << ObjectMemory.GENERATION_BITS,
                            "is a live object whose page is taken for others");
                }
            }
            slabs.followDissolved(slotClass(slab), slab, slots.slotLength(slab));
        }
        slots.remove(slab);
    }

    private void adopt(int slab) {
        if (!slabs.followCarved(slab, slots.slotLength(slab), FollowedSlots.groupId(slots.slotClass(slab)))) {
            throw corrupt("CREATE", (long) slab << LineMarks.PAGE_SHIFT << ObjectMemory.GENERATION_BITS, "is in a slab that overlaps another");
        }
    }

    /** Null where layout or group were removed. */
    private SlotClass slotClass(int slab) {
        int slotClass = slots.slotClass(slab);
        boolean removed = registry.isRemovedGroup(FollowedSlots.groupId(slotClass));
        SlotClass found = removed ? null : classes.onPage(FollowedSlots.layoutId(slotClass), FollowedSlots.groupId(slotClass));
        if (found != null && found.slotLength != slots.slotLength(slab)) {
            throw corrupt("slab", (long) slab << LineMarks.PAGE_SHIFT << ObjectMemory.GENERATION_BITS, "has slots of "
                    + slots.slotLength(slab) + " bytes, expected " + found.slotLength);
        }
        return found;
    }

    private SlotClass requireClass(int slab) {
        SlotClass found = slotClass(slab);
        if (found == null) {
            throw corrupt("CREATE", (long) slab << LineMarks.PAGE_SHIFT << ObjectMemory.GENERATION_BITS, "has a layout that was not registered");
        }
        return found;
    }

    private void taken(int slab) {
        if (!redoing) {
            slabs.followTaken(requireClass(slab), slab, 1);
        }
    }

    private void enter(long slotRecord, long body) {
        long name = FollowedSlots.name(slotRecord);
        long nameSlot = FollowedSlots.nameSlot(slotRecord);
        if (nameSlot != 0 && slots.record(nameSlot) != 0 && FollowedSlots.isLive(slots.record(nameSlot))) {
            names.followStatic(name, body);
        } else if (nameSlot != 0 || !Prefix.isDynamic(name) || !names.followImplicit(name, body)) {
            throw corrupt("object", ObjectMemory.handle(body, FollowedSlots.generation(slotRecord)), "has no name of its own");
        }
    }

    private void forgetNameSlot(long slotRecord) {
        long nameRecord = FollowedSlots.nameSlot(slotRecord) == 0 ? 0 : slots.record(FollowedSlots.nameSlot(slotRecord));
        if (nameRecord != 0) {
            FollowedSlots.clear(nameRecord);
        }
    }

    /** An object that was deleted, and its deletion committed. */
    public void delete(long handle) {
        long body = ObjectMemory.bodyOffset(handle);
        long slotRecord = slots.record(body);
        if (slotRecord == 0 || !FollowedSlots.isLive(slotRecord) || FollowedSlots.generation(slotRecord) != ObjectMemory.generation(handle)) {
            if (!repeating) {
                refuseUnlessRedoing(handle, "DELETE of no object");
            }
            return;
        }
        long nameSlot = FollowedSlots.nameSlot(slotRecord);
        forgetNameSlot(slotRecord);
        FollowedSlots.clear(slotRecord);
        if (redoing) {
            return;
        }
        if (nameSlot != 0) {
            names.followStaticGone(FollowedSlots.name(slotRecord), body);
            given(slots.slabAt(CreatedObject.pageOf(nameSlot)));
        } else {
            names.followImplicitGone(FollowedSlots.name(slotRecord), body);
        }
        // A slot whose generations are used up stays taken.
        if (ObjectMemory.generation(handle) != SlotDescriptor.LAST_GENERATION) {
            given(slots.slabAt(CreatedObject.pageOf(body)));
        }
    }

    private void given(int slab) {
        slabs.followGiven(requireClass(slab), slab);
    }

    /** What was derived is what the log says at the position where the follower is: pages, slabs and names are entered. */
    public void endRedo() {
        redoing = false;
        for (int slab = slots.nextSlab(0); slab >= 0; slab = slots.nextSlab(slab + 1)) {
            SlotClass slotClass = slotClass(slab);
            adopt(slab);
            int inUse = inUse(slab);
            if (inUse > 0) {
                slabs.followTaken(requireClass(slab), slab, inUse);
            } else {
                slabs.followVacated(slab, slots.slotLength(slab));
            }
            if (slotClass != null && slotClass.groupId != NameSlots.GROUP_ID) {
                enterNames(slab);
            }
        }
    }

    /** Those without generations too, as the image says. */
    private int inUse(int slab) {
        int count = 0;
        // A slab that the image does not have yet has no check words: their zeros say nothing.
        boolean isThere = pages.slabFirstPage(slab) == slab && pages.slotLength(slab) == slots.slotLength(slab)
                && FollowedSlots.classOf(pages.layoutId(slab), pages.groupId(slab)) == slots.slotClass(slab);
        for (int i = 0; i < SlabGeometry.slots(slots.slotLength(slab)); i++) {
            boolean retired = isThere && checkWord(SlabGeometry.bodyOffset(slab, slots.slotLength(slab), i)) == 0;
            count += FollowedSlots.isLive(slots.record(slab, i)) || retired ? 1 : 0;
        }
        return count;
    }

    private void enterNames(int slab) {
        for (int i = 0; i < SlabGeometry.slots(slots.slotLength(slab)); i++) {
            if (FollowedSlots.isLive(slots.record(slab, i))) {
                enter(slots.record(slab, i), SlabGeometry.bodyOffset(slab, slots.slotLength(slab), i));
            }
        }
    }

    /** Whether what was derived is not yet what the log says. */
    public boolean isRedoing() {
        return redoing;
    }

    private CorruptRegionException corrupt(String what, long handle, String problem) {
        return new CorruptRegionException("transaction log and image '" + memory.path() + "': " + what + " of handle 0x" + Long.toHexString(handle)
                + ": " + problem + "; the region was damaged, rebuild this standby");
    }

    /** Gives back what following needs; the pool stays. */
    @Override
    public void close() {
        slots.close();
    }
}
