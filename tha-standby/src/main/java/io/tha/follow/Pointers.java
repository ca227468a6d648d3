package io.tha.follow;

import io.tha.layout.ElementCursor;
import io.tha.layout.FieldType;
import io.tha.layout.Layout;
import io.tha.memory.Memory;
import io.tha.memory.ObjectMemory;
import io.tha.pool.PoolStructure;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.agrona.collections.Long2ObjectHashMap;

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
    private final TreeMap<Long, List<Dangling>> dangling = new TreeMap<>();
    private final Long2ObjectHashMap<Dangling> byMarker = new Long2ObjectHashMap<>();
    private long nextMarker;

    /** A field here that should hold the conversion of a peer's pointer. */
    private record Dangling(long fieldOffset, long marker, long peerPointer) {}

    Pointers(PeerSpace peers, PoolStructure pool) {
        this.peers = peers;
        this.pool = pool;
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
                convert(body + offset);
            }
            at = cursor.runEnd();
        }
    }

    private void convert(long fieldOffset) {
        long address = pool.memory().base() + fieldOffset;
        long peerPointer = Memory.getLong(address);
        if (peerPointer != 0) {
            long pointer = toLocal(peerPointer);
            Memory.putLong(address, pointer != 0 ? pointer : remember(fieldOffset, peerPointer));
        }
    }

    /**
     * Writes the conversion of a peer's pointer to a field that does not have it yet. A field whose object has been deleted since it was written
     * does not tell any more what it was converted from, and is written once more, as a marker.
     *
     * @return whether it was written
     */
    boolean write(long fieldOffset, long peerPointer) {
        long address = pool.memory().base() + fieldOffset;
        long present = Memory.getLong(address);
        long pointer = peerPointer == 0 ? 0 : toLocal(peerPointer);
        boolean dangles = pointer == 0 && peerPointer != 0;
        if (dangles ? isRemembered(fieldOffset, present, peerPointer) : present == pointer) {
            return false;
        }
        Memory.putLong(address, dangles ? remember(fieldOffset, peerPointer) : pointer);
        return true;
    }

    private boolean isRemembered(long fieldOffset, long marker, long peerPointer) {
        Dangling field = byMarker.get(marker);
        return field != null && field.fieldOffset == fieldOffset && field.peerPointer == peerPointer;
    }

    long toLocal(long peerPointer) {
        long peerHandle = peers.peerHandleAt(ObjectMemory.bodyOffset(peerPointer));
        long inside = ObjectMemory.bodyOffset(peerPointer) - ObjectMemory.bodyOffset(peerHandle);
        if (peerHandle == 0 || inside < 0 || ObjectMemory.generation(peerHandle) != ObjectMemory.generation(peerPointer)) {
            return 0;
        }
        long local = peers.find(peerHandle);
        return ObjectMemory.handle(ObjectMemory.bodyOffset(local) + inside, ObjectMemory.generation(local));
    }

    private long remember(long fieldOffset, long peerPointer) {
        nextMarker = nextMarker % MARKER_COUNT + 1;
        Dangling field = new Dangling(fieldOffset, nextMarker, peerPointer);
        dangling.computeIfAbsent(ObjectMemory.bodyOffset(peerPointer), offset -> new ArrayList<>(1)).add(field);
        byMarker.put(nextMarker, field);
        return nextMarker;
    }

    /** An object of this size has been created: pointers to it, and into it, find it now. */
    void created(long peerHandle, int sizeBytes) {
        if (dangling.isEmpty()) {
            return;
        }
        long body = ObjectMemory.bodyOffset(peerHandle);
        var candidates = dangling.subMap(body, true, body + sizeBytes, false);
        for (List<Dangling> fields : candidates.values()) {
            fields.removeIf(field -> isDecided(field, peerHandle));
        }
        candidates.values().removeIf(List::isEmpty);
    }

    /** Generations of a slot only grow: what pointed to an earlier one will never find it. */
    private boolean isDecided(Dangling field, long peerHandle) {
        int difference = ObjectMemory.generation(field.peerPointer) - ObjectMemory.generation(peerHandle);
        long address = pool.memory().base() + field.fieldOffset;
        // A field that holds something else by now was written again since.
        if (difference == 0 && Memory.getLong(address) == field.marker) {
            Memory.putLong(address, toLocal(field.peerPointer));
        }
        if (difference <= 0) {
            byMarker.remove(field.marker);
        }
        return difference <= 0;
    }
}
