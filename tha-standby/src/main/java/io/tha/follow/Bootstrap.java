package io.tha.follow;

import io.tha.memory.CrashPoint;
import io.tha.memory.ObjectMemory;
import io.tha.pool.CommittedImage;
import io.tha.pool.LayoutEntry;
import io.tha.pool.PageTable;
import io.tha.pool.SlabCopy;
import io.tha.pool.SlabGeometry;
import org.agrona.collections.IntArrayList;

/**
 * Copies the committed image while its active goes on: fuzzy, to be made right by redo; docs/formats.md 5.3. The active takes no lock for it and does
 * not know. A slab whose pages are free here goes to the same place, in bulk; the others object by object, as do those with another layout here.
 *
 * <p>Threads: the follower's.
 */
final class Bootstrap {
    private final CommittedImage image;
    private final Replica replica;
    private final PulseEvery pulse;
    private final SlabCopy slabs;
    private final ObjectCopy objects;
    /** First pages of slabs that have no place of their own here. */
    private final IntArrayList others = new IntArrayList();
    /** First pages of slabs that were copied in bulk, and have pointers or local fields. */
    private final IntArrayList withPointers = new IntArrayList();

    private long copiedBytes;
    private int imageEnd;

    /** Copies; calls the pulse again and again meanwhile. */
    Bootstrap(CommittedImage image, Replica replica, Runnable pulse) {
        this.image = image;
        this.replica = replica;
        this.pulse = new PulseEvery(pulse);
        objects = new ObjectCopy(image, replica);
        slabs = new SlabCopy(replica.pool(), image, replica.registry()::prefix, replica::unnamed);
    }

    /** Objects first, then what of their contents has to be converted, so that pointers find what they point to. */
    void run() {
        replica.registry().acceptImage(image.readRegistry(), image.registryUsed());
        image.scanner().forEachSlab((page, slotLength) -> imageEnd = page + SlabGeometry.pages(slotLength));
        slabs.keepPagesBefore(imageEnd);
        image.scanner().forEachSlab(this::slab);
        slabs.end();
        others.forEachInt(page -> image.scanner().forEachSlotOf(page, this::object));
        others.forEachInt(page -> replica.peers().forEachOf(page, this::content));
        withPointers.forEachInt(page -> replica.peers().forEachOf(page, this::content));
    }

    /** How much has been copied. */
    long copiedBytes() {
        return copiedBytes + slabs.copiedBytes();
    }

    private void slab(int page, int slotLength) {
        PageTable pages = image.pages();
        PeerLayout layout = replica.registry().layout(pages.layoutId(page));
        int group = replica.registry().group(pages.groupId(page));
        if (layout == null || group < 0 || layout.peer().slotLength() != slotLength) {
            return;
        }
        LayoutEntry entry = layout.local();
        int objects = layout.isTransformed() ? SlabCopy.NOT_FREE : slabs.copy(page, entry, group);
        count(SlabGeometry.slots(slotLength));
        if (objects == SlabCopy.NOT_FREE) {
            others.addInt(page);
        } else if (objects > 0) {
            replica.peers().putSame(replica.pool(), page, slotLength, entry.key(), replica.pool()::deleteReplica);
            if (entry.layout().hasPointers() || entry.layout().hasLocals()) {
                withPointers.addInt(page);
            }
        }
    }

    private void count(int slots) {
        for (int i = 0; i < slots; i++) {
            CrashPoint.IN_BOOTSTRAP.reached();
        }
        pulse.count(slots);
    }

    private void object(int slabFirstPage, long body, long check) {
        count(1);
        PageTable pages = image.pages();
        PeerLayout layout = replica.registry().layout(pages.layoutId(slabFirstPage));
        int group = replica.registry().group(pages.groupId(slabFirstPage));
        if (layout == null || group < 0) {
            return;
        }
        int generation = image.liveGeneration(body, check, layout.peer().key());
        if (generation > 0) {
            objects.create(layout, group, ObjectMemory.handle(body, generation), slabFirstPage);
        }
    }

    private void content(long peerHandle, long local) {
        count(1);
        copiedBytes += objects.contents(peerHandle, local);
    }
}
