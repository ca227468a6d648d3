package io.tha.follow;

import static io.tha.region.FrameDescriptor.HANDLE_OFFSET;
import static io.tha.region.FrameDescriptor.IDENTITY_GROUP_ID_OFFSET;
import static io.tha.region.FrameDescriptor.IDENTITY_LAYOUT_ID_OFFSET;
import static io.tha.region.FrameDescriptor.IDENTITY_NAME_KIND_OFFSET;
import static io.tha.region.FrameDescriptor.IDENTITY_NUMBER_OFFSET;
import static io.tha.region.FrameDescriptor.IDENTITY_OBJECT_ID_OFFSET;
import static io.tha.region.FrameDescriptor.IDENTITY_PART_START_OFFSET;
import static io.tha.region.FrameDescriptor.IDENTITY_PREFIX_ID_OFFSET;
import static io.tha.region.FrameDescriptor.IDENTITY_TEXT_LENGTH_OFFSET;
import static io.tha.region.FrameDescriptor.IDENTITY_TEXT_OFFSET;
import static io.tha.region.FrameDescriptor.NAME_KIND_IMPLICIT;
import static io.tha.region.FrameDescriptor.NAME_KIND_STATIC;

import io.tha.layout.ElementCursor;
import io.tha.layout.FieldType;
import io.tha.layout.Layout;
import io.tha.memory.LineMarks;
import io.tha.memory.Memory;
import io.tha.memory.ObjectMemory;
import io.tha.pool.LayoutEntry;
import io.tha.pool.NameWord;
import io.tha.pool.ObjectHash;
import io.tha.pool.PoolStructure;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Mends an object with what the active has sent once more: an IDENTITY frame and the UPDATE frames behind it. What differs is told by its name before
 * it is written.
 *
 * <p>Threads: the follower's.
 */
final class ScrubRepair {
    private final PoolStructure pool;
    private final Replica replica;
    private final ScrubCheck check;
    private final ObjectHash hash;
    private final ElementCursor cursor = new ElementCursor();
    private final NameWord name = new NameWord();
    private final List<ScrubFinding> fields = new ArrayList<>();
    private ScrubFindings findings;
    /** Of the object at hand, the active's; 0 for none. */
    private long peerHandle;

    private int partStart;
    private String objectName;
    private String layoutName;
    private ScrubFinding beyondRepair;

    ScrubRepair(Replica replica, ScrubCheck check, ScrubFindings findings) {
        this.replica = replica;
        this.check = check;
        this.findings = findings;
        pool = replica.pool();
        hash = ObjectHash.of(pool);
    }

    void report(ScrubFindings to) {
        findings = to;
    }

    /** Who an object is. */
    void identity(long address, int lengthBytes) {
        long handle = Memory.getLong(address + HANDLE_OFFSET);
        long local = replica.peers().find(handle);
        if (local == 0) {
            // It is missing, which the next SCRUB frame tells.
            return;
        }
        peerHandle = handle;
        partStart = Memory.getInt(address + IDENTITY_PART_START_OFFSET);
        long body = ObjectMemory.bodyOffset(local);
        PeerLayout layout = replica.registry().layout(Memory.getShort(address + IDENTITY_LAYOUT_ID_OFFSET) & 0xFFFF);
        LayoutEntry entry = layout == null ? null : layout.local();
        int group = replica.registry().group(Memory.getShort(address + IDENTITY_GROUP_ID_OFFSET) & 0xFFFF);
        name(address, lengthBytes);
        objectName = name.isDynamic() ? pool.prefixText(name.prefixId()) + '#' + name.number() : name.text();
        layoutName = entry == null ? null : entry.layout().name();
        if (entry == null || !entry.equals(pool.layoutAt(body)) || pool.pages().groupId((int) (body >>> LineMarks.PAGE_SHIFT)) != group) {
            beyondRepair = new ScrubFinding(objectName, layoutName, null, null, "the page table of the copy has another layout or group");
            return;
        }
        mendSlot(local, body, entry, Memory.getLong(address + IDENTITY_OBJECT_ID_OFFSET));
    }

    private void name(long address, int lengthBytes) {
        int kind = Memory.getInt(address + IDENTITY_NAME_KIND_OFFSET);
        int length = Memory.getInt(address + IDENTITY_TEXT_LENGTH_OFFSET);
        int prefix = kind == NAME_KIND_IMPLICIT ? replica.registry().prefix(Memory.getInt(address + IDENTITY_PREFIX_ID_OFFSET)) : -1;
        if (prefix >= 0) {
            name.setDynamic(prefix, Memory.getLong(address + IDENTITY_NUMBER_OFFSET));
        } else if (kind == NAME_KIND_STATIC && length > 0 && length <= lengthBytes - IDENTITY_TEXT_OFFSET) {
            byte[] text = new byte[length];
            Memory.copyTo(address + IDENTITY_TEXT_OFFSET, text, 0, length);
            name.setStatic(new String(text, StandardCharsets.UTF_8));
        } else {
            throw Replica.corrupt("IDENTITY with a name of kind " + kind + ", which cannot be");
        }
    }

    private void mendSlot(long local, long body, LayoutEntry entry, long objectId) {
        if (pool.checkWord(body) != (local ^ entry.key())) {
            tell(ScrubFinding.CHECK_WORD, pool.checkWord(body), local ^ entry.key());
            pool.mendCheckWord(local, entry);
        }
        if (pool.objectId(body) != objectId) {
            tell(ScrubFinding.OBJECT_ID, pool.objectId(body), objectId);
            pool.mendId(body, objectId);
        }
        String found = pool.soundName(body);
        if (!objectName.equals(found)) {
            tell(ScrubFinding.NAME, found, objectName);
            if (!pool.mendName(body, name)) {
                beyondRepair = new ScrubFinding(objectName, layoutName, ScrubFinding.NAME, found, "the text of the name is damaged");
            }
        }
    }

    private void tell(String field, Object had, Object has) {
        fields.add(new ScrubFinding(objectName, layoutName, field, had, has));
    }

    /** Whether an UPDATE that was not compared belongs to the object at hand. */
    boolean isOf(long handle) {
        return peerHandle == handle && handle != 0;
    }

    /**
     * Writes the elements that differ in a range of the object at hand.
     *
     * @param source address of the range's bytes as the active has them
     */
    void mend(Layout layout, long body, int start, int end, long source) {
        long theirs = source - start;
        for (int at = start; at < end; ) {
            cursor.seek(layout, at);
            int runEnd = Math.min(cursor.isRaw() ? cursor.end() : cursor.runEnd(), end);
            if (cursor.isLocal()) {
                at = runEnd;
            } else if (cursor.type() == FieldType.POINTER) {
                if (cursor.start() != at || cursor.end() > end) {
                    throw Replica.corrupt("UPDATE behind an IDENTITY cuts a pointer");
                }
                mendPointer(layout, body, at, Memory.getLong(theirs + at));
                at += Long.BYTES;
            } else {
                at = mendValue(layout, pool.memory().base() + body, theirs, at, runEnd);
            }
        }
    }

    /** Mends the first element of a run that differs; returns up to where all is equal. */
    private int mendValue(Layout layout, long mine, long theirs, int from, int runEnd) {
        long equal = Memory.mismatch(theirs + from, mine + from, runEnd - from);
        if (equal < 0) {
            return runEnd;
        }
        cursor.seek(layout, from + (int) equal);
        int start = Math.max(from, cursor.start());
        int end = cursor.isRaw() ? differingEnd(mine, theirs, start, runEnd) : Math.min(cursor.end(), runEnd);
        boolean isWhole = !cursor.isRaw() && start == cursor.start() && end == cursor.end();
        FieldType type = isWhole ? cursor.type() : FieldType.BYTES;
        tell(layout.fieldAt(start), ElementValue.of(type, mine + start, end - start), ElementValue.of(type, theirs + start, end - start));
        Memory.copy(theirs + start, mine + start, end - start);
        return end;
    }

    private static int differingEnd(long mine, long theirs, int start, int limit) {
        int end = start + 1;
        while (end < limit && Memory.getByte(mine + end) != Memory.getByte(theirs + end)) {
            end++;
        }
        return end;
    }

    private void mendPointer(Layout layout, long body, int at, long peerPointer) {
        long present = Memory.getLong(pool.memory().base() + body + at);
        long pointer = peerPointer == 0 ? 0 : replica.pointers().toLocal(peerPointer, cursor.target());
        boolean dangles = pointer == 0 && peerPointer != 0;
        // What dangles has lost its target long ago: its bytes need not be those that it would get today.
        boolean equal = dangles ? present != 0 && hash.target(present) < 0 : present == pointer;
        if (!equal) {
            Object had = pointedTo(present);
            replica.pointers().write(body + at, peerPointer, cursor.target());
            tell(layout.fieldAt(at), had, pointedTo(Memory.getLong(pool.memory().base() + body + at)));
        }
    }

    private Object pointedTo(long pointer) {
        if (pointer == 0) {
            return null;
        }
        long body = hash.target(pointer);
        return body < 0 ? "dangling" : pool.soundName(body);
    }

    /** The transaction was there as long as its frames were used: what was found counts. */
    void end() {
        if (peerHandle == 0) {
            return;
        }
        if (beyondRepair != null) {
            check.rebuild(beyondRepair);
        }
        if (!fields.isEmpty()) {
            findings.repaired(fields);
            fields.clear();
        }
        check.answered(peerHandle, partStart);
        peerHandle = 0;
    }
}
