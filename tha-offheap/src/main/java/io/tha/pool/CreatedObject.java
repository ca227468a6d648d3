package io.tha.pool;

import io.tha.memory.LineMarks;
import io.tha.memory.ObjectMemory;

/**
 * What a frame says of a new object, with the addresses of its own side; reused, so that implicit names make no garbage.
 *
 * <p>Threads: one.
 */
public final class CreatedObject {
    long handle;
    long objectId;
    int slotClass;
    int slab;
    int slotLength;
    /** A name word; of a static name the body of its slot. */
    long nameWord;
    /** Of a static name, else null. */
    String text;
    int nameSlab;

    /** Its identity. */
    public CreatedObject set(long objectHandle, long id) {
        handle = objectHandle;
        objectId = id;
        text = null;
        nameWord = 0;
        return this;
    }

    /** Where it is. */
    public void in(int firstPage, int length, int layoutId, int groupId) {
        slab = firstPage;
        slotLength = length;
        slotClass = FollowedSlots.classOf(layoutId, groupId);
    }

    public void nameImplicit(int prefixId, long number) {
        nameWord = Prefix.word(prefixId, number);
    }

    /** A static name, and where its text is. */
    public void nameStatic(String name, long nameSlot, int firstPage) {
        text = name;
        nameWord = nameSlot;
        nameSlab = firstPage;
    }

    long body() {
        return ObjectMemory.bodyOffset(handle);
    }

    int generation() {
        return ObjectMemory.generation(handle);
    }

    int layoutId() {
        return FollowedSlots.layoutId(slotClass);
    }

    int groupId() {
        return FollowedSlots.groupId(slotClass);
    }

    /** Of the slot of a static name. */
    int nameSize() {
        return NameSlots.sizeFor(NameSlots.checkText(text).length);
    }

    int nameClass() {
        return FollowedSlots.classOf(NameSlots.FIRST_LAYOUT_ID + nameSize(), NameSlots.GROUP_ID);
    }

    int nameSlotLength() {
        return SlabGeometry.slotLength(NameSlots.bodyBytes(nameSize()));
    }

    static int pageOf(long body) {
        return (int) (body >>> LineMarks.PAGE_SHIFT);
    }
}
