package io.tha.capture;

import io.tha.layout.ElementCursor;
import io.tha.memory.LineMarks;
import io.tha.memory.Memory;
import io.tha.memory.ObjectMemory;
import io.tha.pool.CommittedImage;
import io.tha.pool.NameWord;
import io.tha.pool.PoolStructure;
import io.tha.pool.RegistryRecord;
import io.tha.region.FrameDescriptor;
import io.tha.region.FrameType;
import io.tha.region.LogWriter;
import java.nio.charset.StandardCharsets;

/** Puts registrations, objects and ranges of bytes into frames; docs/formats.md 3.2. */
final class FrameSink implements RangeSink {
    private static final byte[] NO_TEXT = {};

    private final PoolStructure pool;
    private final LogWriter log;
    private final NameWord name = new NameWord();
    private final ElementCursor cursor = new ElementCursor();
    private CapturedChanges changes;
    private int updateFlags;

    FrameSink(PoolStructure pool, LogWriter log) {
        this.pool = pool;
        this.log = log;
    }

    /** Begins a capture; ranges count as {@link #compared} until that says otherwise. */
    void begin(CapturedChanges captured) {
        changes = captured;
        updateFlags = 0;
    }

    /**
     * Of the ranges that follow.
     *
     * @param yes whether they are known to differ from what the standbys have; if not, the standbys are told to look for themselves
     */
    void compared(boolean yes) {
        updateFlags = yes ? 0 : FrameDescriptor.FLAG_NOT_COMPARED;
    }

    void registration(RegistryRecord registration) {
        byte[] text = registration.text().getBytes(StandardCharsets.UTF_8);
        int type =
                switch (registration.kind()) {
                    case LAYOUT, LAYOUT_REMOVED -> FrameType.LAYOUT;
                    case GROUP, GROUP_REMOVED -> FrameType.GROUP;
                    case PREFIX -> FrameType.PREFIX;
                };
        long frame = log.append(type, FrameDescriptor.REGISTRATION_TEXT_OFFSET + text.length);
        Memory.putInt(frame + FrameDescriptor.REGISTRATION_KIND_OFFSET, registration.kind().number());
        Memory.putInt(frame + FrameDescriptor.REGISTRATION_ID_OFFSET, registration.id());
        Memory.putLong(frame + FrameDescriptor.REGISTRATION_TEXT_LENGTH_OFFSET, text.length);
        Memory.copyFrom(text, 0, frame + FrameDescriptor.REGISTRATION_TEXT_OFFSET, text.length);
        log.seal();
    }

    void create(long handle) {
        long body = ObjectMemory.bodyOffset(handle);
        int page = (int) (body >>> LineMarks.PAGE_SHIFT);
        pool.nameWord(body, name);
        byte[] text = name.isStatic() ? name.text().getBytes(StandardCharsets.UTF_8) : NO_TEXT;
        long frame = log.append(FrameType.CREATE, FrameDescriptor.CREATE_TEXT_OFFSET + text.length);
        Memory.putLong(frame + FrameDescriptor.HANDLE_OFFSET, handle);
        Memory.putLong(frame + FrameDescriptor.CREATE_OBJECT_ID_OFFSET, pool.objectId(body));
        Memory.putShort(frame + FrameDescriptor.CREATE_LAYOUT_ID_OFFSET, (short) pool.pages().layoutId(page));
        Memory.putShort(frame + FrameDescriptor.CREATE_GROUP_ID_OFFSET, (short) pool.pages().groupId(page));
        Memory.putInt(frame + FrameDescriptor.CREATE_SLAB_OFFSET, pool.pages().slabFirstPage(page));
        Memory.putInt(frame + FrameDescriptor.CREATE_SLOT_LENGTH_OFFSET, pool.pages().slotLength(page));
        Memory.putInt(frame + FrameDescriptor.CREATE_NAME_KIND_OFFSET, kind());
        if (name.isStatic()) {
            long nameSlot = pool.staticNameSlot(body);
            Memory.putLong(frame + FrameDescriptor.CREATE_NAME_SLOT_OFFSET, nameSlot);
            Memory.putInt(frame + FrameDescriptor.CREATE_NAME_SLAB_OFFSET, pool.pages().slabFirstPage((int) (nameSlot >>> LineMarks.PAGE_SHIFT)));
        } else {
            Memory.putLong(frame + FrameDescriptor.CREATE_NUMBER_OFFSET, name.isDynamic() ? name.number() : 0);
            Memory.putInt(frame + FrameDescriptor.CREATE_PREFIX_ID_OFFSET, name.isDynamic() ? name.prefixId() : 0);
        }
        Memory.putInt(frame + FrameDescriptor.CREATE_TEXT_LENGTH_OFFSET, text.length);
        Memory.copyFrom(text, 0, frame + FrameDescriptor.CREATE_TEXT_OFFSET, text.length);
        log.seal();
        changes.created.addLong(handle);
    }

    private int kind() {
        if (name.isStatic()) {
            return FrameDescriptor.NAME_KIND_STATIC;
        }
        return name.isDynamic() ? FrameDescriptor.NAME_KIND_IMPLICIT : FrameDescriptor.NAME_KIND_NONE;
    }

    @Override
    public void differs(long handle, int start, int end) {
        long body = ObjectMemory.bodyOffset(handle);
        update(handle, start, end, pool.memory().base() + body);
        changes.ranges.addLong(body + start);
        changes.ranges.addLong((long) end - start);
    }

    /** A range of an object, with the bytes that it has at an address where the object begins. */
    private void update(long handle, int start, int end, long source) {
        int next;
        for (int at = start; at < end; at = next) {
            next = end - at <= FrameDescriptor.MAX_UPDATE_LENGTH ? end : cut(handle, at);
            int length = next - at;
            long frame = log.append(FrameType.UPDATE, updateFlags, FrameDescriptor.UPDATE_BYTES_OFFSET + length);
            Memory.putLong(frame + FrameDescriptor.HANDLE_OFFSET, handle);
            Memory.putLong(frame + FrameDescriptor.UPDATE_FIELD_OFFSET, (long) length << Integer.SIZE | at);
            Memory.copy(source + at, frame + FrameDescriptor.UPDATE_BYTES_OFFSET, length);
            log.seal();
        }
    }

    /** Where the first frame of a long range ends: between two elements, unless one of them is longer than a frame. */
    private int cut(long handle, int at) {
        int most = at + FrameDescriptor.MAX_UPDATE_LENGTH;
        cursor.seek(pool.layoutOn((int) (ObjectMemory.bodyOffset(handle) >>> LineMarks.PAGE_SHIFT)).layout(), most);
        return cursor.isRaw() || cursor.start() <= at ? most : cursor.start();
    }

    /** A range of an object as it was committed; who has it already need not write it. */
    void repeat(CommittedImage image, long handle, int start, int end) {
        updateFlags = FrameDescriptor.FLAG_NOT_COMPARED;
        update(handle, start, end, image.address(ObjectMemory.bodyOffset(handle)));
    }

    /** Who a committed object is; its {@link #repeat} follows. */
    void identity(CommittedImage image, long handle, int start, int lengthBytes) {
        long body = ObjectMemory.bodyOffset(handle);
        image.nameWord(body, name);
        byte[] text = name.isStatic() ? name.text().getBytes(StandardCharsets.UTF_8) : NO_TEXT;
        long frame = log.append(FrameType.IDENTITY, FrameDescriptor.FLAG_SKIPPABLE, FrameDescriptor.IDENTITY_TEXT_OFFSET + text.length);
        Memory.putLong(frame + FrameDescriptor.HANDLE_OFFSET, handle);
        Memory.putInt(frame + FrameDescriptor.IDENTITY_PART_START_OFFSET, start);
        Memory.putInt(frame + FrameDescriptor.IDENTITY_PART_LENGTH_OFFSET, lengthBytes);
        Memory.putLong(frame + FrameDescriptor.IDENTITY_OBJECT_ID_OFFSET, image.objectId(body));
        Memory.putLong(frame + FrameDescriptor.IDENTITY_NUMBER_OFFSET, name.isDynamic() ? name.number() : 0);
        Memory.putInt(frame + FrameDescriptor.IDENTITY_NAME_KIND_OFFSET, kind());
        Memory.putInt(frame + FrameDescriptor.IDENTITY_PREFIX_ID_OFFSET, name.isDynamic() ? name.prefixId() : 0);
        int page = (int) (body >>> LineMarks.PAGE_SHIFT);
        Memory.putShort(frame + FrameDescriptor.IDENTITY_LAYOUT_ID_OFFSET, (short) image.pages().layoutId(page));
        Memory.putShort(frame + FrameDescriptor.IDENTITY_GROUP_ID_OFFSET, (short) image.pages().groupId(page));
        Memory.putInt(frame + FrameDescriptor.IDENTITY_TEXT_LENGTH_OFFSET, text.length);
        Memory.copyFrom(text, 0, frame + FrameDescriptor.IDENTITY_TEXT_OFFSET, text.length);
        log.seal();
    }

    void delete(long handle) {
        long frame = log.append(FrameType.DELETE, FrameDescriptor.DELETE_LENGTH);
        Memory.putLong(frame + FrameDescriptor.HANDLE_OFFSET, handle);
        log.seal();
        changes.deleted.addLong(handle);
    }
}
