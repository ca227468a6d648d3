package io.tha.capture;

import io.tha.memory.CrashPoint;
import io.tha.memory.LineMarks;
import io.tha.memory.ObjectMemory;
import io.tha.memory.Protection;
import io.tha.pool.CommittedImage;
import io.tha.pool.PoolStructure;

/** All of the committed state, in an image that each transaction advances after its publication; docs/formats.md 5.2. */
final class ImageBaseline extends Baseline {
    private final PoolStructure pool;
    private final CommittedImage image;

    ImageBaseline(PoolStructure pool, CommittedImage image, Comparison comparison) {
        super(Snapshot.IMAGE, comparison);
        this.pool = pool;
        this.image = image;
    }

    @Override
    CommittedImage image() {
        return image;
    }

    @Override
    OldContent oldContent() {
        return OldContent.of(image);
    }

    @Override
    public void start() {
        // The image knows what was published.
    }

    @Override
    long registryUsed() {
        return image.registryUsed();
    }

    @Override
    void registered(long usedBytes, long position) {
        image.appendRegistry(pool, usedBytes);
        image.appliedRelease(position);
    }

    @Override
    void advance(CapturedChanges changes, long position) {
        if (Protection.IMAGE_BEFORE_APPLIED.isBroken()) {
            image.appliedRelease(position);
        }
        for (int i = 0; i < changes.created.size(); i++) {
            long handle = changes.created.getLong(i);
            if (!pool.isDeleted(handle)) {
                image.create(pool, handle);
            }
        }
        for (int i = 0; i < changes.ranges.size(); i += 2) {
            long offset = changes.ranges.getLong(i);
            image.update(offset, pool.memory().base() + offset, changes.ranges.getLong(i + 1));
            CrashPoint.IN_IMAGE_ADVANCE.reached();
        }
        for (int i = 0; i < changes.deleted.size(); i++) {
            delete(changes.deleted.getLong(i));
        }
        CrashPoint.AFTER_IMAGE_BEFORE_APPLIED.reached();
        image.appliedRelease(position);
        CrashPoint.AFTER_APPLIED.reached();
    }

    @Override
    void advance(UndecidedPart part, long position) {
        part.advance(image);
        CrashPoint.AFTER_IMAGE_BEFORE_APPLIED.reached();
        image.appliedRelease(position);
    }

    /** An object that was created and deleted in one transaction was never in the image. */
    private void delete(long handle) {
        int page = (int) (ObjectMemory.bodyOffset(handle) >>> LineMarks.PAGE_SHIFT);
        if (image.contains(handle, pool.layoutOn(page).key())) {
            image.delete(handle);
        }
    }
}
