package io.tha.follow;

import static io.tha.region.FrameDescriptor.SCRUB_COUNT_OFFSET;
import static io.tha.region.FrameDescriptor.SCRUB_ENTRIES_OFFSET;
import static io.tha.region.FrameDescriptor.SCRUB_ENTRY_HASH_OFFSET;
import static io.tha.region.FrameDescriptor.SCRUB_ENTRY_LENGTH;
import static io.tha.region.FrameDescriptor.SCRUB_FROM_OFFSET;
import static io.tha.region.FrameDescriptor.SCRUB_PART_LENGTH_OFFSET;
import static io.tha.region.FrameDescriptor.SCRUB_PART_START_OFFSET;
import static io.tha.region.FrameDescriptor.SCRUB_TO_OFFSET;

import io.tha.CorruptRegionException;
import io.tha.layout.ReplicatedRuns;
import io.tha.memory.Memory;
import io.tha.memory.ObjectMemory;
import io.tha.pool.LayoutEntry;
import io.tha.pool.ObjectHash;
import io.tha.pool.PoolStructure;
import io.tha.region.LogReader;
import io.tha.transform.Dangling;
import org.agrona.collections.LongArrayList;

/**
 * Compares the copy with the hashes of a SCRUB frame, at the very transaction boundary where they were made, and asks the active for what differs;
 * docs/formats.md 3.8.
 *
 * <p>Threads: the follower's.
 */
final class ScrubCheck {
    /** The others are found again in the next round. */
    private static final int MAX_SUSPECTS = 256;

    private final PoolStructure pool;
    private final PeerSpace peers;
    private final PeerRegistry registry;
    private final ObjectHash hash;
    private final ReplicatedRuns runs = new ReplicatedRuns();
    private final PeerSpace.PairConsumer counter = this::count;
    private final LongArrayList found = new LongArrayList();
    /** Each a handle of the active, and the part of the object. */
    private final LongArrayList suspects = new LongArrayList();

    private ScrubFindings findings;
    private int here;
    private int count;
    private int partStart;
    private int partLength;
    private ScrubFinding damage;
    private String malformed;
    private boolean asked;

    ScrubCheck(PoolStructure pool, PeerSpace peers, PeerRegistry registry, ScrubFindings findings) {
        this.pool = pool;
        this.peers = peers;
        this.registry = registry;
        this.findings = findings;
        hash = ObjectHash.of(pool);
    }

    void report(ScrubFindings to) {
        findings = to;
    }

    /** Compares; nothing counts before {@link #confirm}. */
    void compare(long address, int lengthBytes) {
        found.clear();
        damage = null;
        malformed = null;
        long from = Memory.getLong(address + SCRUB_FROM_OFFSET);
        long to = Memory.getLong(address + SCRUB_TO_OFFSET);
        count = Memory.getInt(address + SCRUB_COUNT_OFFSET);
        partStart = Memory.getInt(address + SCRUB_PART_START_OFFSET);
        partLength = Memory.getInt(address + SCRUB_PART_LENGTH_OFFSET);
        boolean fits = count >= 0 && count <= (lengthBytes - SCRUB_ENTRIES_OFFSET) / SCRUB_ENTRY_LENGTH;
        if (!fits || from < 0 || from > to || partStart < 0 || partLength < 0 || partLength > 0 && count != 1) {
            malformed = "SCRUB of " + count + " objects from " + from + " to " + to + " in a frame of " + lengthBytes;
            return;
        }
        long behind = from;
        for (int i = 0; i < count && damage == null && malformed == null; i++) {
            long entry = address + SCRUB_ENTRIES_OFFSET + (long) i * SCRUB_ENTRY_LENGTH;
            long peerHandle = Memory.getLong(entry);
            long body = ObjectMemory.bodyOffset(peerHandle);
            if (body < behind || body >= to) {
                malformed = "SCRUB of handle 0x" + Long.toHexString(peerHandle) + ", expected one from " + behind + " to " + to;
            } else {
                compare(peerHandle, Memory.getLong(entry + SCRUB_ENTRY_HASH_OFFSET));
            }
            behind = body + 1;
        }
        here = 0;
        peers.forEachIn(from, to, counter);
        if (here != count && damage == null) {
            damage = new ScrubFinding(null, null, null, here + " objects", "the active has " + count + " at " + from + " to " + to);
        }
    }

    private void count(long peerHandle, long local) {
        here++;
    }

    private void compare(long peerHandle, long expected) {
        long local = peers.find(peerHandle);
        if (local == 0) {
            damage = new ScrubFinding(null, null, null, null, "the active has an object 0x" + Long.toHexString(peerHandle));
            return;
        }
        long body = ObjectMemory.bodyOffset(local);
        LayoutEntry entry = pool.layoutAt(body);
        if (entry == null) {
            damage = new ScrubFinding(null, null, null, null, "the page table of the copy has no slot for an object at " + body);
            return;
        }
        PeerLayout layout = registry.of(entry);
        if (layout == null) {
            damage = new ScrubFinding(null, entry.layout().name(), null, null, "the active has no such layout");
            return;
        }
        if (!isComparable(layout)) {
            return;
        }
        int size = entry.layout().sizeBytes();
        int end = partLength == 0 ? size : partStart + partLength;
        if (end < partStart || end > size || runs.cut(entry.layout(), partStart) != partStart || runs.cut(entry.layout(), end) != end) {
            malformed = "SCRUB of " + partLength + " bytes at " + partStart + " of an object of " + size;
        } else if (pool.checkWord(body) != (local ^ entry.key()) || hash.hash(entry, body, partStart, end) != expected) {
            found.addLong(peerHandle);
        }
    }

    /** Whether equal objects have equal hashes: not those whose fields, or whose pointers' targets, differ between the versions. */
    private boolean isComparable(PeerLayout layout) {
        boolean hasOwnPointers = registry.transforms() || layout.conversions().dangling() == Dangling.NULL;
        return !layout.isTransformed() && !(layout.local().layout().hasPointers() && hasOwnPointers);
    }

    /** The frame could be read all the while. */
    void confirm() {
        if (malformed != null) {
            throw new CorruptRegionException("transaction log: " + malformed + "; the region was damaged, rebuild this standby");
        }
        if (damage != null) {
            rebuild(damage);
        }
        findings.scrubbed(partStart == 0 ? count : 0);
        for (int i = 0; i < found.size(); i++) {
            suspect(found.getLong(i), part(partStart, partLength));
        }
    }

    /** Gives up the copy: another one is built of the active's image. */
    void rebuild(ScrubFinding finding) {
        findings.rebuilt(finding);
        throw new CorruptRegionException("pool file '" + pool.memory().path() + "' is not what the active has: " + finding
                + "; this standby builds its copy anew");
    }

    private static long part(int start, int lengthBytes) {
        return (long) lengthBytes << Integer.SIZE | start;
    }

    private void suspect(long peerHandle, long part) {
        int known = indexOf(peerHandle, (int) part);
        if (known == 0) {
            // Asked for a round ago, and not answered: the slot's next owner may have overwritten it.
            asked = false;
        } else if (known < 0 && suspects.size() < 2 * MAX_SUSPECTS) {
            suspects.addLong(peerHandle);
            suspects.addLong(part);
            findings.suspected();
            findings.unrepaired(suspects.size() / 2);
        }
    }

    private int indexOf(long peerHandle, int start) {
        for (int i = 0; i < suspects.size(); i += 2) {
            if (suspects.getLong(i) == peerHandle && (int) suspects.getLong(i + 1) == start) {
                return i;
            }
        }
        return -1;
    }

    /** The content of a part of an object has come. */
    void answered(long peerHandle, int start) {
        int known = indexOf(peerHandle, start);
        if (known >= 0) {
            remove(known);
        }
    }

    private void remove(int index) {
        suspects.removeAt(index + 1);
        suspects.removeAt(index);
        asked &= index > 0;
        findings.unrepaired(suspects.size() / 2);
    }

    /** Asks for the first suspect, unless that was done. */
    void request(LogReader reader) {
        while (!suspects.isEmpty() && peers.find(suspects.getLong(0)) == 0) {
            remove(0);
        }
        if (!suspects.isEmpty() && !asked) {
            int length = (int) (suspects.getLong(1) >>> Integer.SIZE);
            reader.request(suspects.getLong(0), (int) suspects.getLong(1), length == 0 ? Integer.MAX_VALUE : length);
            asked = true;
        }
    }

    /** The copy is given up, or has become an active's. */
    void close() {
        findings.unrepaired(0);
    }
}
