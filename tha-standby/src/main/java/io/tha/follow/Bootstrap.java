package io.tha.follow;

import io.tha.layout.ElementCursor;
import io.tha.layout.Layout;
import io.tha.memory.LineMarks;
import io.tha.memory.Memory;
import io.tha.memory.ObjectMemory;
import io.tha.pool.CommittedImage;
import io.tha.pool.LayoutEntry;
import io.tha.pool.PageTable;
import io.tha.pool.PoolStructure;

/**
 * Copies the committed image, slot by slot, while its active goes on: fuzzy, to be made right by redo; docs/formats.md 5.3. The active takes no lock
 * for it and does not know.
 */
final class Bootstrap {
    private final CommittedImage image;
    /** Slots between two looks at the log: some tenths of a millisecond. */
    private static final int STRIDE = 4_096;

    private final ElementCursor cursor = new ElementCursor();
    private final Replica replica;
    private final Runnable pulse;
    private int slots;

    /** Copies; calls the pulse again and again meanwhile. */
    Bootstrap(CommittedImage image, Replica replica, Runnable pulse) {
        this.image = image;
        this.replica = replica;
        this.pulse = pulse;
    }

    /** Objects first, then their contents, so that pointers find what they point to. */
    void run() {
        image.readRegistry().forEach(0, image.registryUsed(), replica.registry()::acceptFromImage);
        image.scanner().forEachSlot(this::object);
        replica.peers().forEach(this::content);
    }

    private void count() {
        if (++slots % STRIDE == 0) {
            pulse.run();
        }
    }

    private void object(int slabFirstPage, long body, long check) {
        count();
        PageTable pages = image.pages();
        LayoutEntry entry = replica.registry().layout(pages.layoutId(slabFirstPage));
        int group = replica.registry().group(pages.groupId(slabFirstPage));
        if (entry == null || group < 0) {
            return;
        }
        int generation = image.liveGeneration(body, check, entry.key());
        if (generation > 0) {
            replica.copyObject(image, entry, group, ObjectMemory.handle(body, generation), slabFirstPage);
        }
    }

    private void content(long peerHandle, long local) {
        count();
        PoolStructure pool = replica.pool();
        long body = ObjectMemory.bodyOffset(local);
        Layout layout = pool.layoutOn((int) (body >>> LineMarks.PAGE_SHIFT)).layout();
        Memory.copy(image.address(ObjectMemory.bodyOffset(peerHandle)), pool.memory().base() + body, layout.sizeBytes());
        if (layout.hasPointers()) {
            replica.pointers().convert(layout, body, 0, layout.sizeBytes());
        }
        if (layout.hasLocals()) {
            clearLocals(layout, pool.memory().base() + body);
        }
    }

    /** An image has none, but the pool of an active without an image has its own. */
    private void clearLocals(Layout layout, long address) {
        for (int at = 0; at < layout.sizeBytes(); at = cursor.end()) {
            cursor.seek(layout, at);
            if (cursor.isLocal()) {
                Memory.zero(address + cursor.start(), cursor.end() - cursor.start());
            }
        }
    }
}
