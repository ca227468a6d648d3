package io.tha.capture;

import static io.tha.region.FrameDescriptor.HEADER_LENGTH;
import static io.tha.region.FrameDescriptor.MAX_SCRUB_ENTRIES;
import static io.tha.region.FrameDescriptor.SCRUB_COUNT_OFFSET;
import static io.tha.region.FrameDescriptor.SCRUB_ENTRIES_OFFSET;
import static io.tha.region.FrameDescriptor.SCRUB_ENTRY_HASH_OFFSET;
import static io.tha.region.FrameDescriptor.SCRUB_ENTRY_LENGTH;
import static io.tha.region.FrameDescriptor.SCRUB_FROM_OFFSET;
import static io.tha.region.FrameDescriptor.SCRUB_PART_LENGTH_OFFSET;
import static io.tha.region.FrameDescriptor.SCRUB_PART_START_OFFSET;
import static io.tha.region.FrameDescriptor.SCRUB_TO_OFFSET;

import io.tha.layout.ReplicatedRuns;
import io.tha.memory.LineMarks;
import io.tha.memory.Memory;
import io.tha.memory.ObjectMemory;
import io.tha.pool.CommittedImage;
import io.tha.pool.LayoutEntry;
import io.tha.pool.ObjectHash;
import io.tha.pool.PoolStructure;
import io.tha.pool.SlabGeometry;

/**
 * Walks the committed image, some objects at a time, and writes their hashes into the body of a SCRUB frame; docs/formats.md 3.8. The bounds keep a
 * slice at some tens of microseconds, since commits wait meanwhile.
 *
 * <p>Threads: under the commit lock.
 */
public final class ScrubSlice implements AutoCloseable {
    /** Of objects, or of a part of one. */
    static final int MAX_BYTES = 64 << 10;

    /** Slots and free pages. */
    private static final int MAX_STEPS = 4_096;
    /** Targets of pointers are anywhere, and each may be waited for. */
    private static final long MAX_NANOS = 50_000;
    /** From one look at the time to the next; so many objects are done in any case. */
    private static final int OBJECTS_A_LOOK = 8;

    private final PoolStructure pool;
    private final CommittedImage image;
    private final ObjectHash hash;
    private final ReplicatedRuns runs = new ReplicatedRuns();
    private final long frame = Memory.allocate(SCRUB_ENTRIES_OFFSET + (long) MAX_SCRUB_ENTRIES * SCRUB_ENTRY_LENGTH);
    private final long begin;
    private final long end;
    /** Everything before was hashed in this round. */
    private long at;
    /** The object at hand and where its next part begins, if that is not 0. */
    private long partHandle;

    private int partStart;
    private int count;
    private int objects;

    public ScrubSlice(PoolStructure pool, CommittedImage image) {
        this.pool = pool;
        this.image = image;
        hash = ObjectHash.of(image, pool);
        begin = (long) image.memory().firstDataPage() << LineMarks.PAGE_SHIFT;
        end = image.memory().sizeBytes();
        at = begin;
    }

    /** Hashes what comes next; returns the length of the frame's body. */
    public int fill() {
        count = 0;
        objects = 0;
        if (at == end) {
            at = begin;
        }
        if (partStart == 0 || !continuePart()) {
            partStart = 0;
            walk();
        }
        Memory.putLong(frame + SCRUB_COUNT_OFFSET, count);
        return SCRUB_ENTRIES_OFFSET - HEADER_LENGTH + count * SCRUB_ENTRY_LENGTH;
    }

    /** The address of the body. */
    public long body() {
        return frame + HEADER_LENGTH;
    }

    /** How many objects were finished by the last slice. */
    public int objects() {
        return objects;
    }

    /** Whether the last slice was the last one of a round. */
    public boolean endsRound() {
        return at == end;
    }

    /** False if the object is gone. */
    private boolean continuePart() {
        long body = ObjectMemory.bodyOffset(partHandle);
        LayoutEntry entry = image.layoutOn(pool, (int) (body >>> LineMarks.PAGE_SHIFT));
        boolean lives = entry != null && image.pages().bodyAt(body) == body && image.liveHandle(entry, body) == partHandle;
        if (lives) {
            part(entry, partHandle, body);
        }
        return lives;
    }

    private void walk() {
        long from = at;
        long bytes = 0;
        long begun = System.nanoTime();
        boolean late = false;
        for (int steps = 0; at < end && steps < MAX_STEPS && count < MAX_SCRUB_ENTRIES && bytes < MAX_BYTES && !late; steps++) {
            int page = (int) (at >>> LineMarks.PAGE_SHIFT);
            LayoutEntry entry = image.layoutOn(pool, page);
            long body = entry == null ? -1 : nextBody(entry, page);
            if (body < 0) {
                at = entry == null ? (page + 1L) << LineMarks.PAGE_SHIFT : slabEnd(entry, page);
                continue;
            }
            long handle = image.liveHandle(entry, body);
            int size = entry.layout().sizeBytes();
            if (handle != 0 && size > MAX_BYTES) {
                at = body;
                if (count == 0) {
                    part(entry, handle, from);
                    return;
                }
                break;
            }
            if (handle != 0) {
                enter(handle, hash.hash(entry, body, 0, size));
                bytes += size;
                objects++;
                late = count % OBJECTS_A_LOOK == 0 && System.nanoTime() - begun > MAX_NANOS;
            }
            at = body + 1;
        }
        range(from, 0, 0);
    }

    /** The first body of a slot at or behind the place where the walk is; -1 if the slab has none. */
    private long nextBody(LayoutEntry entry, int page) {
        int first = image.pages().slabFirstPage(page);
        long inSlab = at - SlabGeometry.bodyOffset(first, entry.slotLength(), 0);
        long slot = inSlab <= 0 ? 0 : (inSlab + entry.slotLength() - 1) / entry.slotLength();
        return slot < entry.slabSlots() ? SlabGeometry.bodyOffset(first, entry.slotLength(), (int) slot) : -1;
    }

    private long slabEnd(LayoutEntry entry, int page) {
        return (image.pages().slabFirstPage(page) + (long) SlabGeometry.pages(entry.slotLength())) << LineMarks.PAGE_SHIFT;
    }

    /** The next part of a large object; before it, from an offset on, there is no other one. */
    private void part(LayoutEntry entry, long handle, long from) {
        int size = entry.layout().sizeBytes();
        int partEnd = runs.cut(entry.layout(), Math.min(size, partStart + MAX_BYTES));
        long body = ObjectMemory.bodyOffset(handle);
        enter(handle, hash.hash(entry, body, partStart, partEnd));
        at = body + 1;
        range(from, partStart, partEnd - partStart);
        partHandle = handle;
        partStart = partEnd == size ? 0 : partEnd;
        objects = partStart == 0 ? 1 : 0;
    }

    private void enter(long handle, long objectHash) {
        long entry = frame + SCRUB_ENTRIES_OFFSET + (long) count * SCRUB_ENTRY_LENGTH;
        Memory.putLong(entry, handle);
        Memory.putLong(entry + SCRUB_ENTRY_HASH_OFFSET, objectHash);
        count++;
    }

    private void range(long from, int start, int lengthBytes) {
        Memory.putLong(frame + SCRUB_FROM_OFFSET, from);
        Memory.putLong(frame + SCRUB_TO_OFFSET, at);
        Memory.putInt(frame + SCRUB_PART_START_OFFSET, start);
        Memory.putInt(frame + SCRUB_PART_LENGTH_OFFSET, lengthBytes);
    }

    @Override
    public void close() {
        Memory.free(frame);
    }
}
