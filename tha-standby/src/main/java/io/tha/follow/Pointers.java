package io.tha.follow;

import io.tha.layout.ElementCursor;
import io.tha.layout.FieldType;
import io.tha.layout.Layout;
import io.tha.memory.LineMarks;
import io.tha.memory.Memory;
import io.tha.memory.ObjectMemory;
import io.tha.pool.PoolStructure;
import io.tha.transform.Dangling;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.agrona.collections.Long2ObjectHashMap;
import org.agrona.collections.LongArrayList;

/**
 * Converts the peer's pointers to this side's. A pointer to what does not exist here (yet) becomes a marker, a value below every handle, and
 * is mended when its object is created.
 *
 * <p>Threads: the follower's.
 */
final class Pointers {
    /** Markers are below the first handle that can be, and different from each other for a long time. */
    private static final long MARKER_COUNT = (ObjectMemory.FIRST_BODY_OFFSET << ObjectMemory.GENERATION_BITS) - 1;

    private final PeerSpace peers;
    private final PoolStructure pool;
    private final ElementCursor cursor = new ElementCursor();
    private final PeerRegistry registry;
    private final Losses losses;
    private final TreeMap<Long, List<Unresolved>> unresolved = new TreeMap<>();
    private final Long2ObjectHashMap<Unresolved> byMarker = new Long2ObjectHashMap<>();
    /** Since the last transaction was complete. */
    private final LongArrayList recent = new LongArrayList();

    private long nextMarker;

    /** A field here that should hold the conversion of a peer's pointer, which is declared to point to a layout of the peer. */
    private record Unresolved(long fieldOffset, long marker, long peerPointer, String pointsTo) {}

    Pointers(PeerSpace peers, PoolStructure pool, PeerRegistry registry, Losses losses) {
        this.peers = peers;
        this.pool = pool;
        this.registry = registry;
        this.losses = losses;
    }

    /** Converts the pointers in a range of an object whose bytes were just copied. */
    void convert(Layout layout, long body, int start, int end) {
        int at = start;
        while (at < end) {
            cursor.seek(layout, at);
            if (cursor.type() != FieldType.POINTER || cursor.isRaw()) {
                at = Math.max(cursor.runEnd(), cursor.end());
                continue;
            }
            int runEnd = Math.min(cursor.runEnd(), end);
            for (int offset = cursor.start(); offset + Long.BYTES <= runEnd; offset += Long.BYTES) {
                convert(body + offset, cursor.target());
            }
            at = cursor.runEnd();
        }
    }

    private void convert(long fieldOffset, String pointsTo) {
        long address = pool.memory().base() + fieldOffset;
        long peerPointer = Memory.getLong(address);
        if (peerPointer != 0) {
            long pointer = toLocal(peerPointer, pointsTo);
            Memory.putLong(address, pointer != 0 ? pointer : remember(fieldOffset, peerPointer, pointsTo));
        }
    }

    /**
     * Writes the conversion of a peer's pointer to a field that does not have it yet. A field whose object has been deleted since it was written
     * does not tell any more what it was converted from, and is written once more, as a marker.
     *
     * @param pointsTo the layout that the peer declares for what it points to; empty for any
     * @return whether it was written
     */
    boolean write(long fieldOffset, long peerPointer, String pointsTo) {
        long address = pool.memory().base() + fieldOffset;
        long present = Memory.getLong(address);
        long pointer = peerPointer == 0 ? 0 : toLocal(peerPointer, pointsTo);
        boolean dangles = pointer == 0 && peerPointer != 0;
        if (dangles ? isRemembered(fieldOffset, present, peerPointer) : present == pointer) {
            return false;
        }
        Memory.putLong(address, dangles ? remember(fieldOffset, peerPointer, pointsTo) : pointer);
        return true;
    }

    private boolean isRemembered(long fieldOffset, long marker, long peerPointer) {
        Unresolved field = byMarker.get(marker);
        return field != null && field.fieldOffset == fieldOffset && field.peerPointer == peerPointer;
    }

    /** What a pointer of the peer is here; 0 if it leads nowhere. */
    long toLocal(long peerPointer, String pointsTo) {
        long peerHandle = peers.peerHandleAt(ObjectMemory.bodyOffset(peerPointer));
        long inside = ObjectMemory.bodyOffset(peerPointer) - ObjectMemory.bodyOffset(peerHandle);
        if (peerHandle == 0 || inside < 0 || ObjectMemory.generation(peerHandle) != ObjectMemory.generation(peerPointer)) {
            return 0;
        }
        long local = peers.find(peerHandle);
        if (registry.transforms()) {
            inside = insideHere(local, inside, pointsTo);
        }
        return inside < 0 ? 0 : ObjectMemory.handle(ObjectMemory.bodyOffset(local) + inside, ObjectMemory.generation(local));
    }

    /** Where in an object here is what the peer has at an offset in it; negative if nowhere. */
    private long insideHere(long local, long inside, String pointsTo) {
        PeerLayout layout = registry.of(pool.layoutOn((int) (ObjectMemory.bodyOffset(local) >>> LineMarks.PAGE_SHIFT)));
        if (layout == null || !layout.isTransformed()) {
            return inside;
        }
        return inside >= layout.peer().layout().sizeBytes() ? -1 : layout.transformation().targetOffset((int) inside, pointsTo);
    }

    private long remember(long fieldOffset, long peerPointer, String pointsTo) {
        nextMarker = nextMarker % MARKER_COUNT + 1;
        Unresolved field = new Unresolved(fieldOffset, nextMarker, peerPointer, pointsTo);
        unresolved.computeIfAbsent(ObjectMemory.bodyOffset(peerPointer), offset -> new ArrayList<>(1)).add(field);
        byMarker.put(nextMarker, field);
        recent.addLong(nextMarker);
        return nextMarker;
    }

    /** An object of this size has been created: pointers to it, and into it, find it now. */
    void created(long peerHandle, int sizeBytes) {
        if (unresolved.isEmpty()) {
            return;
        }
        long body = ObjectMemory.bodyOffset(peerHandle);
        var candidates = unresolved.subMap(body, true, body + sizeBytes, false);
        for (List<Unresolved> fields : candidates.values()) {
            fields.removeIf(field -> isDecided(field, peerHandle));
        }
        candidates.values().removeIf(List::isEmpty);
    }

    /** Generations of a slot only grow: what pointed to an earlier one will never find it. */
    private boolean isDecided(Unresolved field, long peerHandle) {
        int difference = ObjectMemory.generation(field.peerPointer) - ObjectMemory.generation(peerHandle);
        long address = pool.memory().base() + field.fieldOffset;
        // A field that holds something else by now was written again since.
        if (difference == 0 && Memory.getLong(address) == field.marker) {
            long pointer = toLocal(field.peerPointer, field.pointsTo);
            Memory.putLong(address, pointer == 0 ? field.marker : pointer);
        }
        if (difference <= 0) {
            byMarker.remove(field.marker);
        }
        return difference <= 0;
    }

    /**
     * The transaction is complete: what was not found by now dangles.
     *
     * @throws io.tha.LayoutMismatchException if a layout's policy is to fail
     */
    void settle() {
        if (recent.isEmpty()) {
            return;
        }
        for (int i = 0; i < recent.size(); i++) {
            Unresolved field = byMarker.get(recent.getLong(i));
            if (field != null && Memory.getLong(pool.memory().base() + field.fieldOffset) == field.marker) {
                dangles(field);
            }
        }
        recent.clear();
    }

    private void dangles(Unresolved field) {
        long body = pool.pages().bodyAt(field.fieldOffset);
        if (body < 0 || pool.liveHandleAt(body) == 0) {
            return;
        }
        Layout layout = pool.layoutOn((int) (body >>> LineMarks.PAGE_SHIFT)).layout();
        PeerLayout of = registry.of(pool.layoutOn((int) (body >>> LineMarks.PAGE_SHIFT)));
        Dangling policy = of == null ? Dangling.KEEP : of.conversions().dangling();
        if (policy == Dangling.NULL) {
            Memory.putLong(pool.memory().base() + field.fieldOffset, 0);
            byMarker.remove(field.marker);
            unresolved.computeIfPresent(ObjectMemory.bodyOffset(field.peerPointer), (offset, fields) -> without(field, fields));
        }
        String path = layout.fieldAt((int) (field.fieldOffset - body));
        losses.dangles(new DanglingPointer(pool.soundName(body), layout.name(), path, describe(field.peerPointer), policy));
    }

    private static List<Unresolved> without(Unresolved field, List<Unresolved> fields) {
        fields.remove(field);
        return fields.isEmpty() ? null : fields;
    }

    private String describe(long peerPointer) {
        long peerHandle = peers.peerHandleAt(ObjectMemory.bodyOffset(peerPointer));
        if (peerHandle == 0 || ObjectMemory.generation(peerHandle) != ObjectMemory.generation(peerPointer)) {
            return "handle 0x" + Long.toHexString(peerPointer) + " of the active, an object that was deleted or never replicated";
        }
        String name = pool.soundName(ObjectMemory.bodyOffset(peers.find(peerHandle)));
        return "byte " + (ObjectMemory.bodyOffset(peerPointer) - ObjectMemory.bodyOffset(peerHandle)) + " of '" + name
                + "' on the active, of which this version has nothing";
    }
}
