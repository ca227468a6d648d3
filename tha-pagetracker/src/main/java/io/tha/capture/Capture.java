package io.tha.capture;

import io.tha.memory.CrashPoint;
import io.tha.memory.LineMarks;
import io.tha.memory.ObjectMemory;
import io.tha.pool.CommittedImage;
import io.tha.pool.LayoutEntry;
import io.tha.pool.PendingChanges;
import io.tha.pool.PoolStructure;
import io.tha.region.LogWriter;
import io.tha.tracker.PageTracker;

/**
 * The way of a transaction from the pool into frames, and from there into the committed image; or back.
 *
 * <p>Threads: under the application's commit lock, by the thread that writes the groups.
 */
public final class Capture {
    private final PoolStructure pool;
    private final CommittedImage image;
    private final PageTracker tracker;
    private final Audit audit;
    private final LogWriter log;
    private final Differ differ;
    private final FrameSink frames;
    private final RestoreSink restore;

    public Capture(PoolStructure pool, CommittedImage image, PageTracker tracker, Audit audit, LogWriter log) {
        this.pool = pool;
        this.image = image;
        this.tracker = tracker;
        this.audit = audit;
        this.log = log;
        differ = new Differ(pool, image);
        frames = new FrameSink(pool, log);
        restore = new RestoreSink(pool, image);
    }

    /** Whether layouts, groups or prefixes were registered that no transaction has carried yet. */
    public boolean hasRegistrations() {
        return image.registryUsed() < pool.registry().usedBytes();
    }

    /** Publishes registrations in a transaction of their own, so that they precede whatever needs them. */
    public void publishRegistrations(long transactionId) {
        long used = pool.registry().usedBytes();
        log.begin(transactionId, true);
        pool.registry().forEach(image.registryUsed(), used, frames::registration);
        long position = log.publishCommit(null);
        image.appendRegistry(pool, used);
        image.appliedRelease(position);
    }

    /**
     * Appends what the groups have changed: creates with their contents, and updates.
     *
     * @param early whether this is published before the transaction is decided
     */
    public void append(int[] groups, int groupCount, CapturedChanges changes, boolean early) {
        frames.begin(changes);
        tracker.gather();
        differ.begin(frames, changes.publishedEarly);
        for (int i = 0; i < groupCount; i++) {
            appendCreates(pool.pending(groups[i]), changes.publishedBelowId, early);
        }
        // What was published early cannot be told from what was missed.
        boolean audited = !changes.publishedEarly && audit.isDue();
        if (audited) {
            differ.sendTo(audit.over(frames));
        }
        for (int i = 0; i < groupCount; i++) {
            differ.unknownFrom(unpublishedFrom(pool.pending(groups[i]), changes.publishedBelowId));
            if (audited) {
                audit.collect(groups[i], differ);
            } else {
                tracker.collect(groups[i], differ);
            }
        }
        CrashPoint.AFTER_COLLECT.reached();
    }

    /** Object ids grow: what the group has created since its last transaction, and not published, has ids from this one on. */
    private long unpublishedFrom(PendingChanges pending, long publishedBelowId) {
        return pending.createdCount() == 0 ? Long.MAX_VALUE : Math.max(publishedBelowId, objectId(pending.created(0)));
    }

    private long objectId(long handle) {
        return pool.objectId(ObjectMemory.bodyOffset(handle));
    }

    /** Also of objects that are deleted already, if the deletion follows later: by then nobody could tell that the other side has never had them. */
    private void appendCreates(PendingChanges pending, long publishedBelowId, boolean early) {
        for (int i = 0; i < pending.createdCount(); i++) {
            long handle = pending.created(i);
            boolean live = !pool.isDeleted(handle);
            if (objectId(handle) >= publishedBelowId && (live || early)) {
                frames.create(handle);
                if (live) {
                    differ.created(layoutOf(handle), handle);
                }
            }
        }
    }

    private LayoutEntry layoutOf(long handle) {
        return pool.layoutOn((int) (ObjectMemory.bodyOffset(handle) >>> LineMarks.PAGE_SHIFT));
    }

    /** Appends deletions of objects that the other side knows; they come last. */
    public void appendDeletes(int[] groups, int groupCount, CapturedChanges changes) {
        for (int i = 0; i < groupCount; i++) {
            PendingChanges pending = pool.pending(groups[i]);
            long unpublishedFrom = unpublishedFrom(pending, changes.publishedBelowId);
            for (int j = 0; j < pending.deletedCount(); j++) {
                if (objectId(pending.deleted(j)) < unpublishedFrom) {
                    frames.delete(pending.deleted(j));
                }
            }
        }
    }

    /** Frames of the transaction were published before its commit: from now on the image does not tell what the other side has. */
    public void published(int[] groups, int groupCount, CapturedChanges changes) {
        changes.publishedEarly(pool.memory().nextObjectId());
        for (int i = 0; i < groupCount; i++) {
            tracker.clear(groups[i]);
        }
    }

    /** Puts what was published into the image. */
    public void advance(CapturedChanges changes, long position) {
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
            deleteInImage(changes.deleted.getLong(i));
        }
        CrashPoint.AFTER_IMAGE_BEFORE_APPLIED.reached();
        image.appliedRelease(position);
        CrashPoint.AFTER_APPLIED.reached();
    }

    /** An object that was created and deleted in one transaction was never in the image. */
    private void deleteInImage(long handle) {
        if (image.contains(handle, layoutOf(handle).key())) {
            image.delete(handle);
        }
    }

    /** The transaction is committed: marks and memory of deleted objects are free. */
    public void release(int[] groups, int groupCount, CapturedChanges changes) {
        for (int i = 0; i < groupCount; i++) {
            // Marks first: pages that are given up may be another group's at once.
            tracker.clear(groups[i]);
            pool.commitPending(groups[i]);
        }
        changes.clear();
    }

    /** Restores the committed image. */
    public void rollback(int[] groups, int groupCount, CapturedChanges changes) {
        for (int i = 0; i < groupCount; i++) {
            pool.reviveDeleted(groups[i]);
        }
        for (int i = 0; i < changes.ranges.size(); i += 2) {
            restorePublished(changes.ranges.getLong(i), changes.ranges.getLong(i + 1));
        }
        differ.begin(restore, false);
        tracker.gather();
        for (int i = 0; i < groupCount; i++) {
            long createdFrom = unpublishedFrom(pool.pending(groups[i]), 0);
            restoreDeleted(pool.pending(groups[i]), createdFrom);
            differ.unknownFrom(createdFrom);
            tracker.collect(groups[i], differ);
            tracker.clear(groups[i]);
            pool.discardCreated(groups[i]);
        }
        changes.clear();
    }

    /** What was written to an object before it was deleted has lost its marks, and was not published, if something was published in between. */
    private void restoreDeleted(PendingChanges pending, long createdFrom) {
        for (int i = 0; i < pending.deletedCount(); i++) {
            long handle = pending.deleted(i);
            if (objectId(handle) < createdFrom) {
                differ.committed(layoutOf(handle), handle);
            }
        }
    }

    /** Ranges that were published early have lost their marks. */
    private void restorePublished(long offset, long length) {
        long body = pool.pages().bodyAt(offset);
        LayoutEntry entry = pool.layoutOn((int) (body >>> LineMarks.PAGE_SHIFT));
        long handle = pool.checkWord(body) ^ entry.key();
        if (image.contains(handle, entry.key())) {
            int start = (int) (offset - body);
            restore.differs(handle, start, start + (int) length);
        }
    }
}
