package io.tha.follow;

import io.tha.CorruptRegionException;
import io.tha.memory.LineMarks;
import io.tha.memory.ObjectMemory;
import io.tha.pool.CommittedImage;
import io.tha.pool.LayoutEntry;
import io.tha.pool.PoolStructure;
import io.tha.pool.SlotScanner;
import org.agrona.collections.IntArrayList;

/**
 * Finds, for the objects of a pool that is the committed state at some position, which handles they have in the image of another active. Only slot
 * headers are read, while the active goes on; docs/formats.md 5.7. The pool is not changed, and may be read meanwhile.
 *
 * <p>Threads: the follower's.
 */
final class Remapping {
    private final CommittedImage image;
    private final Replica replica;
    private final PoolStructure pool;
    private final PulseEvery pulse;
    private final SlotScanner scanner;
    /** First pages of slabs that are not the same here. */
    private final IntArrayList others = new IntArrayList();

    Remapping(CommittedImage image, Replica replica, PulseEvery pulse) {
        this.image = image;
        this.replica = replica;
        this.pulse = pulse;
        pool = replica.pool();
        scanner = image.scanner();
    }

    void run() {
        replica.registry().adopt(image.readRegistry(), image.registryUsed());
        scanner.forEachSlab(this::slab);
        try (OwnObjects own = new OwnObjects()) {
            pool.pool().forEach(handle -> {
                pulse.count(1);
                if (replica.peers().find(handle) != handle) {
                    own.add(pool.objectId(ObjectMemory.bodyOffset(handle)), handle);
                }
            });
            others.forEachInt(page -> scanner.forEachSlotOf(page, (slab, body, check) -> object(own, slab, body, check)));
            own.forEachMissing(replica::orphan);
        }
    }

    /** A slab that is the same on both sides needs no table. */
    private void slab(int page, int slotLength) {
        LayoutEntry entry = layoutOf(page);
        int group = replica.registry().group(image.pages().groupId(page));
        if (entry == null || group < 0 || entry.slotLength() != slotLength) {
            return;
        }
        SameSlab same = new SameSlab(image, pool, entry, group);
        scanner.forEachSlot(page, slotLength, same);
        pulse.count(same.slots());
        if (same.isSame()) {
            // What overlaps it is not the same any more: its objects are looked for by their ids, and not found.
            replica.peers().putSame(pool, page, slotLength, entry.key(), handle -> {});
        } else if (same.hasObjects()) {
            others.addInt(page);
        }
    }

    /** Of a slab of the image; the same on both sides, else nothing would be looked for. */
    private LayoutEntry layoutOf(int slab) {
        PeerLayout layout = replica.registry().layout(image.pages().layoutId(slab));
        return layout == null ? null : layout.local();
    }

    private void object(OwnObjects own, int slab, long body, long check) {
        pulse.count(1);
        LayoutEntry entry = layoutOf(slab);
        int group = replica.registry().group(image.pages().groupId(slab));
        int generation = entry == null || group < 0 ? 0 : image.liveGeneration(body, check, entry.key());
        long id = generation > 0 ? image.objectId(body, check) : -1;
        long local = id > 0 ? own.find(id) : 0;
        if (local == 0) {
            // Created behind the state that the pool has, or deleted this moment: the log says more.
            return;
        }
        int page = (int) (ObjectMemory.bodyOffset(local) >>> LineMarks.PAGE_SHIFT);
        long peerHandle = ObjectMemory.handle(body, generation);
        boolean fits = pool.pages().layoutId(page) == entry.id() && pool.pages().groupId(page) == group
                && replica.peers().isPossible(slab, entry.slotLength(), peerHandle);
        if (!fits) {
            throw new CorruptRegionException("image '" + image.memory().path() + "' has object " + id + " with layout '" + entry.layout().name()
                    + "' in group " + group + ", this standby otherwise; its copy is made anew");
        }
        replica.peers().put(slab, entry.slotLength(), peerHandle, local, replica::orphan);
    }

    /** Whether a slab has the same objects in the same places on both sides. */
    private static final class SameSlab implements SlotScanner.SlotConsumer {
        private final CommittedImage image;
        private final PoolStructure pool;
        private final LayoutEntry entry;
        private final int group;
        private int slots;
        private boolean same = true;
        private boolean hasObjects;

        SameSlab(CommittedImage image, PoolStructure pool, LayoutEntry entry, int group) {
            this.image = image;
            this.pool = pool;
            this.entry = entry;
            this.group = group;
        }

        int slots() {
            return slots;
        }

        boolean hasObjects() {
            return hasObjects;
        }

        boolean isSame() {
            return same && hasObjects;
        }

        @Override
        public void accept(int page, long body, long check) {
            if (slots++ == 0) {
                same = body < pool.memory().sizeBytes() && pool.pages().bodyAt(body) == body && pool.pages().slabFirstPage(page) == page
                        && pool.pages().layoutId(page) == entry.id() && pool.pages().groupId(page) == group;
            }
            boolean live = image.liveGeneration(body, check, entry.key()) > 0;
            hasObjects |= live;
            // Not beyond the first difference: there need not be such a slot here.
            same = same && (live
                    ? pool.checkWord(body) == check && pool.objectId(body) == image.objectId(body, check)
                    : image.liveGeneration(body, pool.checkWord(body), entry.key()) < 0);
        }
    }
}
