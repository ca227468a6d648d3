package io.tha.pool;

import static io.tha.pool.SlotDescriptor.CHECK_OFFSET;
import static io.tha.pool.SlotDescriptor.DELETED_KEY;
import static io.tha.pool.SlotDescriptor.ID_OFFSET;
import static io.tha.pool.SlotDescriptor.NAME_OFFSET;

import io.tha.PoolFullException;
import io.tha.ThaException;
import io.tha.layout.Layout;
import io.tha.memory.LineMarks;
import io.tha.memory.MappedFile;
import io.tha.memory.Memory;
import io.tha.memory.ObjectMemory;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.IntPredicate;
import java.util.function.LongConsumer;

/**
 * State outside the heap: objects with layouts, in a memory-mapped file whose space is reserved when it is created.
 *
 * <p>An object is named once for all by its <em>handle</em>, a long that is not 0. It has a name of its own ({@link #allocate}) or an
 * implicit one, {@code prefix#n} ({@link #allocateDynamic}). Its fields are reached by the field objects of its layout; an access with the
 * handle of a deleted object is an exception.
 *
 * <p>Memory of a deleted object, and its name, are free again when the transaction that deleted it is decided.
 *
 * <p>Threads: one at a time per group, different groups in parallel; registration by any thread. {@link #close} must not race with use.
 */
public final class ThaPool extends ObjectMemory implements AutoCloseable {
    private final PoolMemory memory;
    private final PageTable pages;
    private final Registry registry;
    private final LineMarks lineMarks;
    private final SlabAllocator slabs;
    private final ObjectNames names;
    private final SlotClasses classes;
    private MappedFile file;
    private PoolStructure.TouchListener touchListener;
    private boolean closed;

    private ThaPool(MappedFile file, PoolMemory memory) {
        this.file = file;
        this.memory = memory;
        pages = new PageTable(memory);
        registry = new Registry(memory);
        lineMarks = new LineMarks(memory.pageCount(), PageEntryDescriptor.LENGTH);
        slabs = new SlabAllocator(memory, pages, lineMarks);
        names = new ObjectNames(memory, registry, slabs);
        classes = new SlotClasses(memory, registry, names);
        attachMapping();
    }

    /**
     * Creates a pool in a new file and reserves its space.
     *
     * @param path must not exist, in a directory with mode 0700
     * @param sizeBytes from {@link PoolMemory#MIN_SIZE} on, rounded up to whole pages of 4 KiB
     * @throws ThaException if there is not so much space (nothing is left behind)
     */
    public static ThaPool create(Path path, long sizeBytes) {
        MappedFile file = MappedFile.create(path, PoolMemory.checkedSize(sizeBytes));
        try {
            return new ThaPool(file, PoolMemory.format(file));
        } catch (RuntimeException | Error e) {
            file.discard();
            throw e;
        }
    }

    /**
     * Opens a file that a pool or a committed image left: names and free memory are derived from its slots.
     *
     * @throws io.tha.CorruptRegionException if it is none, or damaged
     */
    public static ThaPool open(Path path) {
        ThaPool pool = map(MappedFile.open(path, PoolMemory.MIN_SIZE));
        try {
            new PoolRebuild(pool).run();
            return pool;
        } catch (RuntimeException | Error e) {
            pool.close();
            throw e;
        }
    }

    /** Over a file that another process writes: nothing is derived from its slots, and nothing written to it. */
    static ThaPool over(MappedFile file) {
        return map(file);
    }

    private static ThaPool map(MappedFile file) {
        try {
            return new ThaPool(file, PoolMemory.validate(file));
        } catch (RuntimeException | Error e) {
            file.close();
            throw e;
        }
    }

    /** Registers layouts; those that are registered already are left as they are. */
    public void register(Layout... layouts) {
        refuseIfClosed();
        for (Layout layout : layouts) {
            registry.register(layout);
        }
    }

    /**
     * Removes a layout that has no objects.
     *
     * @throws IllegalStateException if it has
     */
    public void unregister(Layout layout) {
        refuseIfClosed();
        LayoutEntry entry = registry.entryOf(layout);
        refuseIfUsed(page -> pages.layoutId(page) == entry.id(), "layout '" + layout.name() + "'");
        registry.unregister(entry);
        classes.forgetLayout(entry.id()).forEach(slabs::releaseEmpty);
    }

    /** The id of the group with this name, created if it is missing. */
    public int createGroup(String name) {
        refuseIfClosed();
        NameSlots.checkText(name);
        return registry.createGroup(name);
    }

    /**
     * Removes a group that has no objects.
     *
     * @throws IllegalStateException if it has
     */
    public void removeGroup(int group) {
        refuseIfClosed();
        checkGroup(group);
        if (group == Registry.DEFAULT_GROUP) {
            throw new IllegalArgumentException("the default group cannot be removed");
        }
        refuseIfUsed(page -> pages.groupId(page) == group, "group '" + registry.groupName(group) + "'");
        registry.removeGroup(group);
        classes.forgetGroup(group).forEach(slabs::releaseEmpty);
    }

    private void refuseIfUsed(IntPredicate ofIt, String what) {
        new SlotScanner(memory, pages).forEachSlot((page, body, check) -> {
            if (ofIt.test(page) && SlotScanner.isInUse(check, body)) {
                throw new IllegalStateException(what + " has objects, '" + nameAt(body) + "' for one; delete them and commit first");
            }
        });
    }

    /** A new, zeroed object with a name, in the default group. */
    public long allocate(Layout layout, String name) {
        return allocate(layout, name, Registry.DEFAULT_GROUP);
    }

    /**
     * A new, zeroed object with a name.
     *
     * @param layout registered before
     * @param name of 1 to 1022 bytes in UTF-8, without {@code #}, unique in the pool
     * @param group of {@link #createGroup}
     * @return its handle
     * @throws PoolFullException if no memory is left; nothing is changed
     * @throws IllegalArgumentException if the name is taken, also by an object whose deletion is not committed yet
     */
    public long allocate(Layout layout, String name, int group) {
        refuseIfReadOnly();
        SlotClass slots = classes.of(registry.entryOf(layout), checkGroup(group));
        long nameWord = names.store(name);
        long handle;
        try {
            handle = slabs.take(slots);
        } catch (PoolFullException e) {
            names.release(nameWord);
            throw e;
        }
        fill(slots, handle, nameWord);
        if (!names.enter(nameWord, bodyOffset(handle))) {
            names.release(nameWord);
            slabs.give(slots, handle);
            throw new IllegalArgumentException("pool file '" + memory.path() + "': the name '" + name
                    + "' is taken; names are unique, and that of a deleted object is free when its transaction is decided");
        }
        classes.pending(group).addCreated(handle);
        return handle;
    }

    /** A new, zeroed object with an implicit name, in the default group. */
    public long allocateDynamic(Layout layout, String prefix) {
        return allocateDynamic(layout, prefix, Registry.DEFAULT_GROUP);
    }

    /** A new, zeroed object with the implicit name {@code <layout>#n}, in the default group. */
    public long allocateDynamic(Layout layout) {
        return allocateDynamic(layout, layout.name(), Registry.DEFAULT_GROUP);
    }

    /**
     * A new, zeroed object with the implicit name {@code prefix#n}; makes no garbage.
     *
     * @param layout registered before
     * @param prefix as a name; n counts from 1 for each
     * @param group of {@link #createGroup}
     * @return its handle
     * @throws PoolFullException if no memory is left; nothing is changed
     */
    public long allocateDynamic(Layout layout, String prefix, int group) {
        refuseIfReadOnly();
        SlotClass slots = classes.of(registry.entryOf(layout), checkGroup(group));
        Prefix numbers = registry.prefix(prefix);
        long handle = slabs.take(slots);
        // After the slot, so that a pool that is full uses up no number.
        long nameWord = numbers.takeName();
        fill(slots, handle, nameWord);
        names.enter(nameWord, bodyOffset(handle));
        classes.pending(group).addCreated(handle);
        return handle;
    }

    /** Makes a slot that was taken a live object. */
    private void fill(SlotClass slots, long handle, long nameWord) {
        long slot = memory.base() + SlotDescriptor.slotOf(bodyOffset(handle));
        Memory.zero(slot + SlotDescriptor.HEADER_LENGTH, slots.bodyBytes);
        Memory.putLong(slot + ID_OFFSET, memory.takeObjectId());
        Memory.putLong(slot + NAME_OFFSET, nameWord);
        Memory.putLong(slot + CHECK_OFFSET, handle ^ slots.key);
    }

    /** Deletes an object; its memory and its name are free again when the transaction is decided. */
    public void delete(long handle) {
        refuseIfReadOnly();
        SlotClass slots = requireLive(handle);
        Memory.putLong(checkAddress(handle), handle ^ DELETED_KEY);
        classes.pending(slots.groupId).addDeleted(handle);
    }

    /** The handle of the object with this name, or 0. */
    public long find(String name) {
        refuseIfClosed();
        long body = names.find(name);
        return body == 0 ? 0 : liveHandleAt(body);
    }

    /** The name of a live object. */
    public String nameOf(long handle) {
        requireLive(handle);
        return nameAt(bodyOffset(handle));
    }

    private String nameAt(long body) {
        return names.text(Memory.getLong(memory.base() + SlotDescriptor.slotOf(body) + NAME_OFFSET));
    }

    /** Unique in the pool for all time. */
    public long objectIdOf(long handle) {
        requireLive(handle);
        return Memory.getLong(memory.base() + SlotDescriptor.slotOf(bodyOffset(handle)) + ID_OFFSET);
    }

    public Layout layoutOf(long handle) {
        return registry.layout(requireLive(handle).layoutId).layout();
    }

    public int groupOf(long handle) {
        return requireLive(handle).groupId;
    }

    public boolean isLive(long handle) {
        return handle != 0 && liveHandleAt(bodyOffset(handle)) == handle;
    }

    /**
     * The object that a pointer points to, or into.
     *
     * @return its handle, or 0 if there is none of that generation
     */
    public long objectAt(long pointer) {
        refuseIfClosed();
        long body = pages.bodyAt(bodyOffset(pointer));
        long handle = body < 0 || bodyOffset(pointer) < body ? 0 : liveHandleAt(body);
        return handle != 0 && generation(handle) == generation(pointer) ? handle : 0;
    }

    /** Calls with the handle of every live object, in the order of addresses. */
    public void forEach(LongConsumer handles) {
        refuseIfClosed();
        new SlotScanner(memory, pages).forEachSlot((page, body, check) -> {
            long handle = pages.groupId(page) == NameSlots.GROUP_ID ? 0 : liveHandleAt(body);
            if (handle != 0) {
                handles.accept(handle);
            }
        });
    }

    /**
     * The address of a live object's body, for code that reads and writes memory by itself: its fields lie at their layout's offsets. It must
     * keep to the object's size, and to its lifetime. Writes by address are found only by a tracker that sees them.
     */
    public long address(long handle) {
        requireLive(handle);
        return base() + bodyOffset(handle);
    }

    /**
     * Says that this part of an object will be written, or was written since the group's last transaction, by code that the application's tracker
     * may not notice: a system call such as {@code read(2)}, a device, or under {@code SOFTWARE} any code that writes by address. It holds until the
     * group's transaction is flushed or decided; before the call, since under {@code MPROTECT} the kernel refuses to write (EFAULT) otherwise.
     *
     * @param handle of a live object
     * @param offset in its body
     * @param lengthBytes within its body
     */
    public void touch(long handle, long offset, long lengthBytes) {
        refuseIfReadOnly();
        SlotClass slots = requireLive(handle);
        Objects.checkFromIndexSize(offset, lengthBytes, slots.bodyBytes);
        if (touchListener != null && lengthBytes > 0) {
            touchListener.touched(slots.groupId, bodyOffset(handle) + offset, lengthBytes);
        }
    }

    /** Bytes that no slab has taken yet; objects may still fit into slabs when this is 0. */
    public long freeBytes() {
        return (long) slabs.freePages() << LineMarks.PAGE_SHIFT;
    }

    /** The inner face, for the engine. */
    public PoolStructure structure() {
        return new PoolStructure(this);
    }

    /** The handle of the live object whose body begins here, or 0. */
    long liveHandleAt(long body) {
        refuseIfClosed();
        if (pages.bodyAt(body) != body) {
            return 0;
        }
        int page = (int) (body >>> LineMarks.PAGE_SHIFT);
        SlotClass slots = classes.onPage(pages.layoutId(page), pages.groupId(page));
        int generation = slots == null ? -1 : SlotDescriptor.generationIn(Memory.getLong(memory.base() + body - CHECK_WORD_LENGTH), body, slots.key);
        return generation < 0 ? 0 : handle(body, generation);
    }

    private SlotClass requireLive(long handle) {
        refuseIfClosed();
        long body = bodyOffset(handle);
        if (pages.bodyAt(body) == body) {
            int page = (int) (body >>> LineMarks.PAGE_SHIFT);
            SlotClass slots = classes.onPage(pages.layoutId(page), pages.groupId(page));
            if (slots != null && Memory.getLong(checkAddress(handle)) == (handle ^ slots.key)) {
                return slots;
            }
        }
        throw rejected(handle, 0);
    }

    private long checkAddress(long handle) {
        return memory.base() + bodyOffset(handle) - CHECK_WORD_LENGTH;
    }

    private int checkGroup(int group) {
        if (registry.groupName(group) == null) {
            throw new IllegalArgumentException("pool file '" + memory.path() + "': there is no group " + group + "; create it first");
        }
        return group;
    }

    /** What follows would reach memory that is not mapped any more. */
    private void refuseIfClosed() {
        if (closed) {
            throw new IllegalStateException("pool file '" + memory.path() + "' is closed; open it again");
        }
    }

    private void refuseIfReadOnly() {
        refuseIfClosed();
        if (isReadOnly()) {
            throw writeRefused();
        }
    }

    @Override
    protected RuntimeException rejected(long handle, long layoutKey) {
        refuseIfClosed();
        return new HandleDiagnosis(memory, pages, registry).explain(handle, layoutKey);
    }

    @Override
    protected RuntimeException writeRefused() {
        return new IllegalStateException(
                "pool file '" + memory.path() + "' is a standby's: it can be read, and written after a takeover");
    }

    /** Only the standby's follower writes from now on, if set. */
    void setReadOnly(boolean refuseWrites) {
        readOnly(refuseWrites);
    }

    /** Whether written lines are marked from now on. */
    void setTracked(boolean tracked) {
        marks(tracked ? lineMarks : null);
    }

    void setTouchListener(PoolStructure.TouchListener listener) {
        touchListener = listener;
    }

    /** Goes on over another mapping of the same file, which the pool owns from now on; the caller keeps the old one. */
    MappedFile remap(MappedFile mapping) {
        MappedFile old = file;
        file = mapping;
        memory.remap(mapping.address());
        attachMapping();
        return old;
    }

    private void attachMapping() {
        attach(memory.base(), memory.sizeBytes());
        lineMarks.groups(memory.pageEntry(0) + PageEntryDescriptor.GROUP_ID_OFFSET);
    }

    MappedFile file() {
        return file;
    }

    PoolMemory memory() {
        return memory;
    }

    PageTable pages() {
        return pages;
    }

    Registry registry() {
        return registry;
    }

    LineMarks lineMarks() {
        return lineMarks;
    }

    SlabAllocator slabs() {
        return slabs;
    }

    ObjectNames names() {
        return names;
    }

    SlotClasses classes() {
        return classes;
    }

    /** Unmaps; the file stays. Every later access is an exception. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        detach();
        names.close();
        slabs.close();
        lineMarks.close();
        file.close();
    }
}
