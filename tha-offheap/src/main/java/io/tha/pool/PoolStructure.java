package io.tha.pool;

import static io.tha.pool.SlotDescriptor.CHECK_OFFSET;
import static io.tha.pool.SlotDescriptor.DELETED_KEY;
import static io.tha.pool.SlotDescriptor.ID_OFFSET;
import static io.tha.pool.SlotDescriptor.NAME_OFFSET;

import io.tha.PoolFullException;
import io.tha.memory.LineMarks;
import io.tha.memory.MappedFile;
import io.tha.memory.Memory;
import io.tha.memory.ObjectMemory;

/**
 * The inner face of a pool, for the engine: what capture reads, what a standby's follower writes, and what a transaction decides. A service
 * has no use for it.
 *
 * <p>Threads: as the pool's; a follower is the only writer of a standby's pool.
 */
public final class PoolStructure {
    private final ThaPool pool;
    private final PoolMemory memory;
    private final PageTable pages;

    PoolStructure(ThaPool pool) {
        this.pool = pool;
        this.memory = pool.memory();
        this.pages = pool.pages();
    }

    public ThaPool pool() {
        return pool;
    }

    public PoolMemory memory() {
        return memory;
    }

    public PageTable pages() {
        return pages;
    }

    public Registry registry() {
        return pool.registry();
    }

    /** Written lines by page, and which page is whose group's. */
    public LineMarks lineMarks() {
        return pool.lineMarks();
    }

    /** Behind the last page that was ever used. */
    public int endOfUsedPages() {
        return pool.slabs().endOfUsedPages();
    }

    /** Whether the service's writes are marked. */
    public void setTracked(boolean tracked) {
        pool.setTracked(tracked);
    }

    /** Who is told of writes that others make; see {@link ThaPool#touch}. */
    public void setTouchListener(TouchListener listener) {
        pool.setTouchListener(listener);
    }

    /** Whether only the follower writes. */
    public void setReadOnly(boolean readOnly) {
        pool.setReadOnly(readOnly);
    }

    /** Goes on over another mapping of the same file; returns the one before. */
    public MappedFile remap(MappedFile mapping) {
        return pool.remap(mapping);
    }

    /** The pool's file, of which the pool will go on over a private mapping, as the committed image. */
    public CommittedImage sharedImage() {
        return CommittedImage.over(pool.file());
    }

    /** What a group has created and deleted since its last decided transaction. */
    public PendingChanges pending(int group) {
        return pool.classes().pending(group);
    }

    /** The layout of the objects on a page; null for the engine's own. */
    public LayoutEntry layoutOn(int page) {
        return pages.groupId(page) == NameSlots.GROUP_ID ? null : pool.registry().layout(pages.layoutId(page));
    }

    /** The check word of the slot whose body begins here. */
    public long checkWord(long body) {
        return Memory.getLong(memory.base() + SlotDescriptor.slotOf(body) + CHECK_OFFSET);
    }

    /** The handle of the live object whose body begins here, or 0. */
    public long liveHandleAt(long body) {
        return pool.liveHandleAt(body);
    }

    public boolean isDeleted(long handle) {
        return checkWord(ObjectMemory.bodyOffset(handle)) == (handle ^ DELETED_KEY);
    }

    public long objectId(long body) {
        return Memory.getLong(memory.base() + SlotDescriptor.slotOf(body) + ID_OFFSET);
    }

    /** The name of the object whose body begins here, as its slot holds it. */
    public NameWord nameWord(long body, NameWord into) {
        return into.set(Memory.getLong(memory.base() + SlotDescriptor.slotOf(body) + NAME_OFFSET), memory.base());
    }

    /** The body of the slot that has the static name of the object whose body begins here. */
    public long staticNameSlot(long body) {
        return Memory.getLong(memory.base() + SlotDescriptor.slotOf(body) + NAME_OFFSET);
    }

    /** Like {@link #pending}; from now on the group has none, and the caller decides these. */
    public PendingChanges detachPending(int group) {
        return pool.classes().detachPending(group);
    }

    /** {@link #commitPending(PendingChanges)} of what a group has pending. */
    public void commitPending(int group) {
        commitPending(pending(group));
    }

    /** {@link #reviveDeleted(PendingChanges)} of what a group has pending. */
    public void reviveDeleted(int group) {
        reviveDeleted(pending(group));
    }

    /** {@link #discardCreated(PendingChanges)} of what a group has pending. */
    public void discardCreated(int group) {
        discardCreated(pending(group));
    }

    /** The transaction is committed: memory and names of deleted objects are free. */
    public void commitPending(PendingChanges pending) {
        for (int i = 0; i < pending.deletedCount(); i++) {
            free(pending.deleted(i));
        }
        pending.clear();
    }

    /** A transaction is rolled back, first half: deleted objects are live again. */
    public void reviveDeleted(PendingChanges pending) {
        for (int i = 0; i < pending.deletedCount(); i++) {
            long handle = pending.deleted(i);
            long body = ObjectMemory.bodyOffset(handle);
            Memory.putLong(memory.base() + SlotDescriptor.slotOf(body) + CHECK_OFFSET, handle ^ slotsOf(body).key);
        }
    }

    /** A transaction is rolled back, second half, when contents are restored: objects that were never committed are gone. */
    public void discardCreated(PendingChanges pending) {
        for (int i = 0; i < pending.createdCount(); i++) {
            free(pending.created(i));
        }
        pending.clear();
    }

    private void free(long handle) {
        long body = ObjectMemory.bodyOffset(handle);
        SlotClass slots = slotsOf(body);
        pool.names().forget(Memory.getLong(memory.base() + SlotDescriptor.slotOf(body) + NAME_OFFSET), body);
        pool.slabs().give(slots, handle);
    }

    private SlotClass slotsOf(long body) {
        int page = (int) (body >>> LineMarks.PAGE_SHIFT);
        return pool.classes().onPage(pages.layoutId(page), pages.groupId(page));
    }

    /** The text of a prefix that has an id here. */
    public String prefixText(int id) {
        return pool.registry().prefix(id).text();
    }

    /** The id here of a prefix. */
    public int prefixId(String text) {
        return pool.registry().prefix(text).id();
    }

    /**
     * A copy of an object of the other side; its name is not in the index before {@link #enterName}.
     *
     * @return its handle here
     * @throws io.tha.PoolFullException with nothing changed
     */
    public long createReplica(LayoutEntry entry, int group, long objectId, NameWord name) {
        SlotClass slots = pool.classes().of(entry, group);
        long nameWord = name.isStatic() ? pool.names().store(name.text()) : name.word();
        long handle;
        try {
            handle = pool.slabs().take(slots);
        } catch (PoolFullException e) {
            if (name.isStatic()) {
                pool.names().release(nameWord);
            }
            throw e;
        }
        if (name.isDynamic()) {
            pool.registry().prefix(name.prefixId()).raise(name.number());
        }
        memory.raiseNextObjectId(objectId + 1);
        long slot = memory.base() + SlotDescriptor.slotOf(ObjectMemory.bodyOffset(handle));
        Memory.zero(slot + SlotDescriptor.HEADER_LENGTH, slots.bodyBytes);
        Memory.putLong(slot + ID_OFFSET, objectId);
        Memory.putLong(slot + NAME_OFFSET, nameWord);
        Memory.putLong(slot + CHECK_OFFSET, handle ^ slots.key);
        return handle;
    }

    /** Empties a replica, and gives it another id and name; the name is not in the index before {@link #enterName}. */
    public void resetReplica(long handle, long objectId, NameWord name) {
        long body = ObjectMemory.bodyOffset(handle);
        long slot = memory.base() + SlotDescriptor.slotOf(body);
        long nameWord = name.isStatic() ? pool.names().store(name.text()) : name.word();
        if (name.isDynamic()) {
            pool.registry().prefix(name.prefixId()).raise(name.number());
        }
        pool.names().forget(Memory.getLong(slot + NAME_OFFSET), body);
        memory.raiseNextObjectId(objectId + 1);
        Memory.putLong(slot + ID_OFFSET, objectId);
        Memory.putLong(slot + NAME_OFFSET, nameWord);
        Memory.zero(slot + SlotDescriptor.HEADER_LENGTH, slotsOf(body).bodyBytes);
    }

    /** The objects of a replica, to be written with fields; valid until the pool becomes an active's. */
    public ObjectMemory replicaMemory() {
        return new ReplicaMemory(memory, pages, registry());
    }

    /** Makes a replica findable; false if its name is taken by another object, or it has none. */
    public boolean enterName(long handle) {
        long body = ObjectMemory.bodyOffset(handle);
        long nameWord = Memory.getLong(memory.base() + SlotDescriptor.slotOf(body) + NAME_OFFSET);
        return nameWord != 0 && pool.names().enter(nameWord, body);
    }

    /** Whether an object is found by its name. */
    public boolean isFound(long handle) {
        String name = pool.nameOf(handle);
        return name != null && pool.find(name) == handle;
    }

    /**
     * Removes a replica.
     *
     * @throws io.tha.CorruptRegionException if what its name is in was damaged
     */
    public void deleteReplica(long handle) {
        long body = ObjectMemory.bodyOffset(handle);
        if (layoutAt(body) == null || nameWord(body) != 0 && !hasSoundName(body)) {
            throw memory.corrupt(body, "the slot of a replica, or the text of its name");
        }
        free(handle);
    }

    /** The layout of the objects whose bodies may begin here; null where the page table, which may be damaged, has none. */
    public LayoutEntry layoutAt(long body) {
        int page = (int) (body >>> LineMarks.PAGE_SHIFT);
        boolean isBody = body > 0 && body < memory.sizeBytes() && pages.isSound(page) && pages.bodyAt(body) == body;
        LayoutEntry entry = isBody ? layoutOn(page) : null;
        return entry != null && entry.slotLength() == pages.slotLength(page) ? entry : null;
    }

    private long nameWord(long body) {
        return Memory.getLong(memory.base() + SlotDescriptor.slotOf(body) + NAME_OFFSET);
    }

    private boolean hasSoundName(long body) {
        long word = nameWord(body);
        return Prefix.isDynamic(word) ? pool.registry().prefix(Prefix.id(word)) != null : NameSlots.soundLength(memory, pages, word) >= 0;
    }

    /** The name in the slot whose body begins here, if it can be followed; else null. */
    public String soundName(long body) {
        return hasSoundName(body) ? pool.names().text(nameWord(body)) : null;
    }

    /** Gives a replica, whose slot was damaged, its id. */
    public void mendId(long body, long objectId) {
        Memory.putLong(memory.base() + SlotDescriptor.slotOf(body) + ID_OFFSET, objectId);
    }

    /** Makes the slot of a replica that of a live object again. */
    public void mendCheckWord(long handle, LayoutEntry entry) {
        Memory.putLong(memory.base() + SlotDescriptor.slotOf(ObjectMemory.bodyOffset(handle)) + CHECK_OFFSET, handle ^ entry.key());
    }

    /**
     * Gives a replica, whose slot was damaged, the name under which it was entered. That of a static name is looked for in all slots of names.
     *
     * @return whether it is there
     */
    public boolean mendName(long body, NameWord name) {
        long word = name.isStatic() ? pool.names().stored(name.text(), pages) : name.word();
        if (word == 0) {
            return false;
        }
        Memory.putLong(memory.base() + SlotDescriptor.slotOf(body) + NAME_OFFSET, word);
        return true;
    }

    /** Is told of writes that others make. */
    public interface TouchListener {
        /**
         * In one object.
         *
         * @param group of the object
         * @param poolOffset of the first byte
         * @param lengthBytes at least 1
         */
        void touched(int group, long poolOffset, long lengthBytes);
    }
}
