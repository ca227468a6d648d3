package io.tha.pool;

import static io.tha.pool.SlotDescriptor.CHECK_OFFSET;
import static io.tha.pool.SlotDescriptor.FIRST_GENERATION;
import static io.tha.pool.SlotDescriptor.FREE_KEY;
import static io.tha.pool.SlotDescriptor.HEADER_LENGTH;
import static io.tha.pool.SlotDescriptor.ID_OFFSET;
import static io.tha.pool.SlotDescriptor.NAME_OFFSET;

import io.tha.CorruptRegionException;
import io.tha.memory.Memory;
import io.tha.memory.ObjectMemory;
import java.nio.charset.StandardCharsets;

/**
 * Puts the last transaction of a sealed log into the image that its active left, over whatever part of it is there; docs/formats.md 5.6. Each step
 * sets a state, so all may be repeated: by who dies in between, and by its successor.
 *
 * <p>Threads: one, of the process that the image's writer word names.
 */
public final class ImageRedo {
    private final CommittedImage image;
    private final PoolMemory memory;
    private final PageTable pages;
    private final Registry registry;
    private long registryEnd;

    /**
     * Redo for an image.
     *
     * @param pool that has followed it: its registry has what the frames name, which it has checked
     */
    public ImageRedo(CommittedImage image, FollowedPool pool) {
        this.image = image;
        memory = image.memory();
        pages = image.pages();
        registry = pool.pool().registry();
        registryEnd = memory.registryUsedAcquire();
    }

    /** A registration; {@link #registered} follows the last one. */
    public void register(RegistryRecord found) {
        if (memory.registryUsedAcquire() == registry.usedBytes()) {
            return;
        }
        byte[] text = found.text().getBytes(StandardCharsets.UTF_8);
        long end = registryEnd + RegistryDescriptor.length(text.length);
        if (end > memory.registryLength()) {
            throw memory.corrupt(registryEnd, "the registry has no room for " + found.kind() + " " + found.id());
        }
        Registry.write(memory.registry() + registryEnd, found, text);
        registryEnd = end;
    }

    /** The registrations of a transaction are all there, or none. */
    public void registered() {
        memory.registryUsedRelease(registryEnd);
    }

    /** The state needs the chain of an application of the domain so far. */
    public void needs(int application, long chainEnd) {
        memory.raiseChainEnd(application, chainEnd);
    }

    /** An object with an empty body, as {@link CommittedImage#create} makes it. */
    public void create(CreatedObject object) {
        takeSlab(object.slab, object.slotLength, object.slotClass, object.generation() - 1);
        if (object.text != null) {
            writeName(object);
        } else {
            raiseCounter(object.nameWord);
        }
        LayoutEntry entry = registry.layout(object.layoutId());
        long slot = memory.base() + SlotDescriptor.slotOf(object.body());
        Memory.putLong(slot + ID_OFFSET, object.objectId);
        Memory.putLong(slot + NAME_OFFSET, object.nameWord);
        Memory.zero(slot + HEADER_LENGTH, entry.layout().sizeBytes());
        Memory.putLong(slot + CHECK_OFFSET, object.handle ^ entry.key());
        memory.raiseNextObjectId(object.objectId + 1);
    }

    private void writeName(CreatedObject object) {
        // Handles of name slots leave the process of nobody: their generations may begin anew.
        takeSlab(object.nameSlab, object.nameSlotLength(), object.nameClass(), 0);
        long body = object.nameWord;
        long slot = memory.base() + SlotDescriptor.slotOf(body);
        long key = NameSlots.key(object.nameSize());
        long check = Memory.getLong(slot + CHECK_OFFSET);
        int generation = Math.max(SlotDescriptor.generationIn(check, body, FREE_KEY), SlotDescriptor.generationIn(check, body, key));
        Memory.zero(memory.base() + body, NameSlots.bodyBytes(object.nameSize()));
        NameSlots.write(memory.base() + body, NameSlots.checkText(object.text));
        Memory.putLong(slot + ID_OFFSET, 0);
        Memory.putLong(slot + NAME_OFFSET, 0);
        Memory.putLong(slot + CHECK_OFFSET, ObjectMemory.handle(body, Math.max(generation, FIRST_GENERATION)) ^ key);
    }

    private void raiseCounter(long nameWord) {
        Prefix prefix = registry.prefix(Prefix.id(nameWord));
        if (prefix == null) {
            throw memory.corrupt(0, "a name with prefix " + Prefix.id(nameWord) + ", which was not registered");
        }
        long address = memory.registry() + prefix.counterOffset();
        if (Prefix.number(nameWord) >= Memory.getLong(address)) {
            Memory.putLong(address, Prefix.number(nameWord) + 1);
        }
    }

    /** Where a page of the slab is not as it should be, none of its slots was taken before this transaction. */
    private void takeSlab(int firstPage, int slotLength, int slotClass, int leastFloor) {
        int pageCount = SlabGeometry.pages(slotLength);
        boolean same = true;
        for (int page = firstPage; page < firstPage + pageCount; page++) {
            same &= pages.slotLength(page) == slotLength && pages.slabFirstPage(page) == firstPage
                    && FollowedSlots.classOf(pages.layoutId(page), pages.groupId(page)) == slotClass;
        }
        if (same) {
            return;
        }
        int floor = leastFloor;
        for (int page = firstPage; page < firstPage + pageCount; page++) {
            image.dissolveSlab(page);
            floor = Math.max(floor, pages.generationFloor(page));
        }
        for (int i = 0; i < SlabGeometry.slots(slotLength); i++) {
            long body = SlabGeometry.bodyOffset(firstPage, slotLength, i);
            long free = ObjectMemory.handle(body, Math.max(floor + 1, FIRST_GENERATION)) ^ FREE_KEY;
            Memory.putLong(memory.base() + SlotDescriptor.slotOf(body) + CHECK_OFFSET, free);
        }
        for (int page = firstPage; page < firstPage + pageCount; page++) {
            pages.generationFloor(page, floor);
        }
        pages.assign(firstPage, slotLength, FollowedSlots.layoutId(slotClass), FollowedSlots.groupId(slotClass));
    }

    /** New bytes of an object. */
    public void update(long handle, int start, long source, int lengthBytes) {
        LayoutEntry entry = entryOf(handle);
        if (entry == null || start < 0 || lengthBytes < 0 || lengthBytes > entry.layout().sizeBytes() - start) {
            throw new CorruptRegionException("transaction log: UPDATE of " + lengthBytes + " bytes at " + start + " of handle 0x"
                    + Long.toHexString(handle) + ", which is no such object; the region was damaged, rebuild the domain");
        }
        image.update(ObjectMemory.bodyOffset(handle) + start, source, lengthBytes);
    }

    /** The object is gone, unless it was so already. */
    public void delete(long handle) {
        if (entryOf(handle) != null) {
            image.delete(handle);
        }
    }

    /** The layout of a live object of the image; null if it is none. */
    private LayoutEntry entryOf(long handle) {
        long body = ObjectMemory.bodyOffset(handle);
        LayoutEntry entry = pages.bodyAt(body) == body ? registry.layout(pages.layoutId(CreatedObject.pageOf(body))) : null;
        return entry != null && image.contains(handle, entry.key()) ? entry : null;
    }
}
