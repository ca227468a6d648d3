package io.tha.follow;

import static io.tha.region.FrameDescriptor.CREATE_GROUP_ID_OFFSET;
import static io.tha.region.FrameDescriptor.CREATE_LAYOUT_ID_OFFSET;
import static io.tha.region.FrameDescriptor.CREATE_NAME_KIND_OFFSET;
import static io.tha.region.FrameDescriptor.CREATE_NUMBER_OFFSET;
import static io.tha.region.FrameDescriptor.CREATE_OBJECT_ID_OFFSET;
import static io.tha.region.FrameDescriptor.CREATE_PREFIX_ID_OFFSET;
import static io.tha.region.FrameDescriptor.CREATE_SLAB_OFFSET;
import static io.tha.region.FrameDescriptor.CREATE_SLOT_LENGTH_OFFSET;
import static io.tha.region.FrameDescriptor.CREATE_TEXT_LENGTH_OFFSET;
import static io.tha.region.FrameDescriptor.CREATE_TEXT_OFFSET;
import static io.tha.region.FrameDescriptor.FLAGS_OFFSET;
import static io.tha.region.FrameDescriptor.FLAG_NOT_COMPARED;
import static io.tha.region.FrameDescriptor.HANDLE_OFFSET;
import static io.tha.region.FrameDescriptor.PARTICIPANT_APPLICATION_OFFSET;
import static io.tha.region.FrameDescriptor.PARTICIPANT_ENTRY_OFFSET;
import static io.tha.region.FrameDescriptor.REGISTRATION_ID_OFFSET;
import static io.tha.region.FrameDescriptor.REGISTRATION_KIND_OFFSET;
import static io.tha.region.FrameDescriptor.REGISTRATION_TEXT_LENGTH_OFFSET;
import static io.tha.region.FrameDescriptor.REGISTRATION_TEXT_OFFSET;
import static io.tha.region.FrameDescriptor.UPDATE_BYTES_OFFSET;
import static io.tha.region.FrameDescriptor.UPDATE_FIELD_OFFSET;
import static io.tha.region.FrameDescriptor.UPDATE_LENGTH_OFFSET;

import io.tha.CorruptRegionException;
import io.tha.layout.Layout;
import io.tha.memory.LineMarks;
import io.tha.memory.Memory;
import io.tha.memory.ObjectMemory;
import io.tha.pool.LayoutEntry;
import io.tha.pool.NameWord;
import io.tha.pool.PoolStructure;
import io.tha.pool.RegistryKind;
import io.tha.pool.RegistryRecord;
import io.tha.region.FrameDescriptor;
import io.tha.region.FrameHandler;
import io.tha.region.FrameType;
import io.tha.region.LogReader;
import java.nio.charset.StandardCharsets;
import java.util.function.LongSupplier;
import org.agrona.collections.LongArrayList;

/**
 * The standby's own copy: applies the frames of committed transactions to its pool. Nothing in a frame is trusted: sizes, offsets and ids are
 * checked before use.
 *
 * <p>Until {@link #endRedo}, frames are redone over a fuzzy copy, or over a state whose objects have been looked for in a fuzzy image: what they name
 * may be missing, or there already; names that objects get then are entered at the end.
 *
 * <p>Threads: the follower's.
 */
final class Replica implements FrameHandler, Translation, AutoCloseable {
    private final PoolStructure pool;
    private final PeerSpace peers;
    private final PeerRegistry registry;
    private final Pointers pointers;
    private final ChangedElements changed;
    private final TransformedObjects transformed;
    private final boolean copies;
    private final NameWord name = new NameWord();
    /** Objects here that the other side has deleted: nothing in the log names them. */
    private final LongArrayList orphans = new LongArrayList();
    /** Objects here whose names are not in the index. */
    private final LongArrayList unnamed = new LongArrayList();
    private final ScrubCheck scrubCheck;
    private final ScrubRepair scrubRepair;
    /** The active's handle of an object that is sent once more, for who has asked for it; 0 for none. */
    private long repeated;

    private boolean redoing = true;
    private boolean ahead;
    private LongSupplier copiedBytes = () -> 0;
    private long deletedOrphans;
    private long missingDeletes;
    private long transactions;
    private long uncomparedBytes;
    private long changedBytes;

    /**
     * In a pool here.
     *
     * @param peers for the peer's pool; closed with this
     * @param copies whether the pool is filled from the peer's; otherwise it is the state with which the peer's log begins
     */
    Replica(PoolStructure pool, PeerSpace peers, Joiner.Version version, boolean copies) {
        this.pool = pool;
        this.peers = peers;
        this.copies = copies;
        registry = new PeerRegistry(pool.pool(), version.layouts());
        pointers = new Pointers(peers, pool, registry, version.losses());
        changed = new ChangedElements(pool, pointers);
        transformed = new TransformedObjects(pool, registry, pointers, version.losses());
        ScrubFindings findings = new ScrubFindings();
        scrubCheck = new ScrubCheck(pool, peers, registry, findings);
        scrubRepair = new ScrubRepair(this, scrubCheck, findings);
    }

    /** Where it tells what scrubbing finds. */
    void report(ScrubFindings findings) {
        scrubCheck.report(findings);
        scrubRepair.report(findings);
    }

    /** Asks for what scrubbing has found to differ. */
    void requestRepair(LogReader reader) {
        scrubCheck.request(reader);
    }

    /** Tells {@link #copiedBytes}. */
    void countCopied(LongSupplier bytes) {
        copiedBytes = bytes;
    }

    /** How much of the state was copied from the image so far. */
    long copiedBytes() {
        return copiedBytes.getAsLong();
    }

    PeerRegistry registry() {
        return registry;
    }

    PeerSpace peers() {
        return peers;
    }

    Pointers pointers() {
        return pointers;
    }

    TransformedObjects transformed() {
        return transformed;
    }

    @Override
    public PoolStructure pool() {
        return pool;
    }

    @Override
    public Layout layoutOf(int peerId) {
        PeerLayout layout = registry.layout(peerId);
        return layout == null ? null : layout.peer().layout();
    }

    @Override
    public Layout peerLayout(long local) {
        return layoutHere(local).peer().layout();
    }

    /** Of an object here. */
    PeerLayout layoutHere(long local) {
        PeerLayout layout = registry.of(entryHere(local));
        if (layout == null) {
            throw corrupt("an object of a layout that was removed");
        }
        return layout;
    }

    @Override
    public boolean isSame(Layout peerLayout) {
        LayoutEntry same = pool.registry().layout(peerLayout.name());
        return same != null && same.layout().equals(peerLayout);
    }

    @Override
    public int prefixOf(int peerId) {
        return registry.prefix(peerId);
    }

    @Override
    public long toLocal(long peerHandle) {
        return peers.find(peerHandle);
    }

    @Override
    public long peerHandleAt(long peerOffset) {
        return peers.peerHandleAt(peerOffset);
    }

    @Override
    public long pointerToLocal(long peerPointer, String pointsTo) {
        return pointers.toLocal(peerPointer, pointsTo);
    }

    @Override
    public void frame(int type, long address, int lengthBytes) {
        switch (type) {
            case FrameType.UPDATE -> update(address, lengthBytes);
            case FrameType.CREATE -> create(address, lengthBytes);
            case FrameType.DELETE -> delete(Memory.getLong(address + HANDLE_OFFSET));
            case FrameType.IDENTITY -> {
                repeated = Memory.getLong(address + HANDLE_OFFSET);
                // A copy that is not consistent yet is right when it is.
                if (!redoing && !ahead) {
                    scrubRepair.identity(address, lengthBytes);
                }
            }
            case FrameType.LAYOUT, FrameType.GROUP, FrameType.PREFIX -> register(address, lengthBytes);
            case FrameType.PARTICIPANT -> pool.memory()
                    .raiseChainEnd(Memory.getInt(address + PARTICIPANT_APPLICATION_OFFSET), Memory.getLong(address + PARTICIPANT_ENTRY_OFFSET) + 1);
            default -> {
                // Intents have no effect on the copy.
            }
        }
    }

    @Override
    public void committed(long transactionId, long endPosition) {
        transactions++;
        repeated = 0;
        scrubRepair.end();
        if (!redoing) {
            transformed.settle();
            pointers.settle();
        }
    }

    @Override
    public void scrub(long address, int lengthBytes) {
        if (!redoing && !ahead) {
            scrubCheck.compare(address, lengthBytes);
        }
    }

    @Override
    public void scrubbed(long endPosition) {
        if (!redoing && !ahead) {
            scrubCheck.confirm();
        }
    }

    /** Whether the copy has more than the log has committed: what scrubbing tells of the state without that is not for it. */
    void ahead(boolean isAhead) {
        ahead = isAhead;
    }

    /** Whether the active sends an object once more as it was before what the copy is ahead by. */
    private boolean isBehind(long peerHandle) {
        return ahead && repeated == peerHandle;
    }

    /** How many were applied. */
    long transactions() {
        return transactions;
    }

    /** How many bytes of updates came that the active had not compared. */
    long uncomparedBytes() {
        return uncomparedBytes;
    }

    /** How many of the {@link #uncomparedBytes} differed from the copy, and were written. */
    long changedBytes() {
        return changedBytes;
    }

    private void update(long address, int lengthBytes) {
        long peerHandle = Memory.getLong(address + HANDLE_OFFSET);
        long local = peers.find(peerHandle);
        if (local == 0) {
            missing("UPDATE", peerHandle);
            return;
        }
        PeerLayout differing = differing(local);
        Layout layout = differing == null ? entryHere(local).layout() : differing.peer().layout();
        int start = Memory.getInt(address + UPDATE_FIELD_OFFSET);
        int length = Memory.getInt(address + UPDATE_LENGTH_OFFSET);
        if (start < 0 || length < 0 || length > lengthBytes - UPDATE_BYTES_OFFSET || length > layout.sizeBytes() - start) {
            throw corrupt("UPDATE of " + length + " bytes at " + start + " of an object of " + layout.sizeBytes() + " bytes, in a frame of "
                    + lengthBytes);
        }
        boolean isCompared = (Memory.getShort(address + FLAGS_OFFSET) & FLAG_NOT_COMPARED) == 0;
        if (!isCompared || differing != null || scrubRepair.isOf(peerHandle)) {
            updateOtherwise(address, isCompared, local, differing);
            return;
        }
        long body = ObjectMemory.bodyOffset(local);
        Memory.copy(address + UPDATE_BYTES_OFFSET, pool.memory().base() + body + start, length);
        if (layout.hasPointers()) {
            pointers.convert(layout, body, start, start + length);
        }
    }

    /** An update that is not simply copied; apart, so that the usual one stays small enough for the compiler to inline it. */
    private void updateOtherwise(long address, boolean isCompared, long local, PeerLayout differing) {
        long peerHandle = Memory.getLong(address + HANDLE_OFFSET);
        int start = Memory.getInt(address + UPDATE_FIELD_OFFSET);
        int length = Memory.getInt(address + UPDATE_LENGTH_OFFSET);
        long source = address + UPDATE_BYTES_OFFSET;
        if (isBehind(peerHandle)) {
            return;
        }
        uncomparedBytes += isCompared ? 0 : length;
        long body = ObjectMemory.bodyOffset(local);
        if (differing != null) {
            // What is sent once more may be cut anywhere. It is nobody's here: such objects are not compared.
            if (repeated != peerHandle) {
                transformed.object(differing, peerHandle, local).write(start, start + length, source);
                changedBytes += isCompared ? 0 : length;
            }
        } else if (scrubRepair.isOf(peerHandle)) {
            scrubRepair.mend(entryHere(local).layout(), body, start, start + length, source);
        } else {
            changedBytes += changed.write(entryHere(local).layout(), body, start, start + length, source);
        }
    }

    /** What the active has for an object here, if that differs; null otherwise. Where nothing differs, as nearly always, it is one look. */
    private PeerLayout differing(long local) {
        PeerLayout layout = registry.transforms() ? layoutHere(local) : null;
        return layout != null && layout.isTransformed() ? layout : null;
    }

    private LayoutEntry entryHere(long local) {
        return pool.layoutOn((int) (ObjectMemory.bodyOffset(local) >>> LineMarks.PAGE_SHIFT));
    }

    private void create(long address, int lengthBytes) {
        int layoutId = Memory.getShort(address + CREATE_LAYOUT_ID_OFFSET) & 0xFFFF;
        int groupId = Memory.getShort(address + CREATE_GROUP_ID_OFFSET) & 0xFFFF;
        PeerLayout layout = registry.layout(layoutId);
        int group = registry.group(groupId);
        if (layout == null || group < 0) {
            throw corrupt("CREATE with layout " + layoutId + " and group " + groupId + ", which were not registered");
        }
        int nameKind = Memory.getInt(address + CREATE_NAME_KIND_OFFSET);
        if (nameKind == FrameDescriptor.NAME_KIND_STATIC) {
            name.setStatic(text(address, lengthBytes, CREATE_TEXT_LENGTH_OFFSET, CREATE_TEXT_OFFSET));
        } else if (nameKind == FrameDescriptor.NAME_KIND_IMPLICIT) {
            int prefix = registry.prefix(Memory.getInt(address + CREATE_PREFIX_ID_OFFSET));
            if (prefix < 0) {
                throw corrupt("CREATE with a prefix that was not registered");
            }
            name.setDynamic(prefix, Memory.getLong(address + CREATE_NUMBER_OFFSET));
        } else {
            name.setNone();
        }
        create(
                layout,
                group,
                Memory.getLong(address + HANDLE_OFFSET),
                Memory.getInt(address + CREATE_SLAB_OFFSET),
                Memory.getLong(address + CREATE_OBJECT_ID_OFFSET));
        int slotLength = layout.peer().slotLength();
        if (slotLength != Memory.getInt(address + CREATE_SLOT_LENGTH_OFFSET)) {
            throw corrupt("CREATE with slots of " + Memory.getInt(address + CREATE_SLOT_LENGTH_OFFSET) + " bytes, expected " + slotLength);
        }
    }

    /** An object with the name that was set; replaces what is in its slot. */
    private void create(PeerLayout layout, int group, long peerHandle, int slabFirstPage, long objectId) {
        if (!peers.isPossible(slabFirstPage, layout.peer().slotLength(), peerHandle)) {
            throw corrupt("CREATE of handle 0x" + Long.toHexString(peerHandle) + " in a slab at page " + slabFirstPage + ", where it cannot be");
        }
        long occupant = peers.peerHandleAt(ObjectMemory.bodyOffset(peerHandle));
        if (occupant != 0) {
            if (!redoing) {
                throw corrupt("CREATE of handle 0x" + Long.toHexString(peerHandle) + " in the slot of the live object 0x"
                        + Long.toHexString(occupant));
            }
            if (occupant == peerHandle) {
                if (!copies) {
                    // A handle is one object's for ever: the one that was found in the slot was another one.
                    throw corrupt("CREATE of handle 0x" + Long.toHexString(peerHandle) + " with id " + objectId + ", which object "
                            + pool.objectId(ObjectMemory.bodyOffset(peers.find(peerHandle))) + " had already");
                }
                long here = peers.find(peerHandle);
                pool.resetReplica(here, objectId, name);
                initialize(layout, peerHandle, here);
                unnamed.addLong(here);
                return;
            }
            delete(occupant);
        }
        long local = pool.createReplica(layout.local(), group, objectId, name);
        peers.put(slabFirstPage, layout.peer().slotLength(), peerHandle, local, pool::deleteReplica);
        initialize(layout, peerHandle, local);
        if (redoing) {
            unnamed.addLong(local);
        } else if (!pool.enterName(local)) {
            throw corrupt("CREATE with the name '" + name + "', which another object has");
        }
        pointers.created(peerHandle, layout.peer().layout().sizeBytes());
    }

    private void initialize(PeerLayout layout, long peerHandle, long local) {
        if (layout.isTransformed()) {
            transformed.object(layout, peerHandle, local).initialize();
        }
    }

    /** An object here that was copied, or found, and whose name has to be entered at the end of the redo. */
    void unnamed(long local) {
        unnamed.addLong(local);
    }

    /** An object here that the other side has not any more. */
    void orphan(long local) {
        orphans.addLong(local);
    }

    /** Before the log is redone: what the other side has deleted meanwhile is not named by it, and would hold memory and names. */
    void deleteOrphans() {
        orphans.forEachLong(local -> {
            if (pool.pool().isLive(local)) {
                pool.deleteReplica(local);
                deletedOrphans++;
            }
        });
        orphans.clear();
        orphans.trimToSize();
    }

    private void delete(long peerHandle) {
        long local = peers.find(peerHandle);
        if (local == 0) {
            missing("DELETE", peerHandle);
            missingDeletes++;
            return;
        }
        pool.deleteReplica(local);
        peers.remove(peerHandle);
        transformed.forget(peerHandle);
    }

    private void missing(String what, long peerHandle) {
        if (!redoing && !isBehind(peerHandle)) {
            throw corrupt(what + " of handle 0x" + Long.toHexString(peerHandle) + ", which names no object");
        }
    }

    private void register(long address, int lengthBytes) {
        RegistryKind kind = RegistryKind.of(Memory.getInt(address + REGISTRATION_KIND_OFFSET));
        if (kind == null) {
            throw corrupt("registration of kind " + Memory.getInt(address + REGISTRATION_KIND_OFFSET));
        }
        String text = text(address, lengthBytes, REGISTRATION_TEXT_LENGTH_OFFSET, REGISTRATION_TEXT_OFFSET);
        registry.accept(new RegistryRecord(kind, Memory.getInt(address + REGISTRATION_ID_OFFSET), text));
    }

    private static String text(long address, int lengthBytes, int lengthOffset, int textOffset) {
        int length = Memory.getInt(address + lengthOffset);
        if (length < 0 || length > lengthBytes - textOffset) {
            throw corrupt("text of " + length + " bytes in a frame of " + lengthBytes);
        }
        byte[] text = new byte[length];
        Memory.copyTo(address + textOffset, text, 0, length);
        return new String(text, StandardCharsets.UTF_8);
    }

    /** The copy is the committed state now: names can be entered. */
    void endRedo() {
        if (!copies) {
            checkOrphans();
        }
        unnamed.forEachLong(local -> {
            boolean isNamed = !pool.pool().isLive(local) || pool.enterName(local) || pool.isFound(local);
            if (!isNamed) {
                throw corrupt("after redo the object 0x" + Long.toHexString(local) + " of this side has no name of its own");
            }
        });
        unnamed.clear();
        unnamed.trimToSize();
        transformed.endRedo();
        pointers.settle();
        redoing = false;
    }

    /**
     * Checks, after a redo over all that followed a state, that as many objects were not found as the log has deleted of those that were not found.
     *
     * @throws CorruptRegionException if not: an object was taken for another one
     */
    private void checkOrphans() {
        if (deletedOrphans != missingDeletes) {
            throw corrupt(deletedOrphans + " objects were not found in the image, and " + missingDeletes + " of those that the log deletes");
        }
    }

    /** Whether a layout here differs from the active's: the copy is what this version has of the state, and no other may go on with it. */
    boolean transforms() {
        return registry.transforms();
    }

    boolean isRedoing() {
        return redoing;
    }

    static CorruptRegionException corrupt(String problem) {
        return new CorruptRegionException("transaction log: " + problem + "; the region was damaged, rebuild this standby");
    }

    @Override
    public void close() {
        scrubCheck.close();
        peers.close();
    }
}
