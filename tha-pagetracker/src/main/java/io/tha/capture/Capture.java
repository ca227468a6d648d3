package io.tha.capture;

import io.tha.memory.CrashPoint;
import io.tha.memory.LineMarks;
import io.tha.memory.ObjectMemory;
import io.tha.pool.LayoutEntry;
import io.tha.pool.PendingChanges;
import io.tha.pool.PoolStructure;
import io.tha.region.LogWriter;
import io.tha.tracker.PageTracker;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The way of a transaction from the pool into frames, and from there into the committed image; or back.
 *
 * <p>Threads: under the application's commit lock, by the thread that writes the groups.
 */
public final class Capture {
    private final PoolStructure pool;
    private final Baseline baseline;
    private final PageTracker tracker;
    private final Audit audit;
    private final LogWriter log;
    private final Differ differ;
    private final FrameSink frames;
    private final RestoreSink restore;
    private final ForeignMemories foreign;
    private final OlderFields olderFields;
    /** Undecided parts of coordinated transactions, in the order in which the application was done with them. */
    private final List<UndecidedPart> undecided = new ArrayList<>();

    public Capture(PoolStructure pool, Baseline baseline, PageTracker tracker, Audit audit, LogWriter log) {
        this.pool = pool;
        this.baseline = baseline;
        this.tracker = tracker;
        this.audit = audit;
        this.log = log;
        OldContent oldContent = baseline.oldContent();
        differ = new Differ(pool, oldContent);
        frames = new FrameSink(pool, log);
        restore = new RestoreSink(pool, oldContent, baseline.image());
        foreign = new ForeignMemories(pool, tracker, audit);
        olderFields = new OlderFields(pool, tracker);
    }

    /** Memory outside the pool whose writes are captured too. */
    public ForeignMemories foreign() {
        return foreign;
    }

    /** Fields that only earlier versions read. */
    public OlderFields olderFields() {
        return olderFields;
    }

    /** Whether layouts, groups or prefixes were registered that no transaction has carried yet. */
    public boolean hasRegistrations() {
        return baseline.registryUsed() < pool.registry().usedBytes();
    }

    /**
     * Whether the last commit is so long ago that joiners, which begin to read there, could soon not do so: what is published meanwhile, and not
     * committed, does not move the image's position. {@link #publishRegistrations} does.
     */
    public boolean isCommitLongAgo() {
        return baseline.image() != null && log.isFarBehind(baseline.image().memory().appliedAcquire());
    }

    /** Publishes registrations, or none, in a transaction of their own, so that they precede whatever needs them. */
    public void publishRegistrations(long transactionId) {
        long used = pool.registry().usedBytes();
        log.begin(transactionId, true);
        pool.registry().forEach(baseline.registryUsed(), used, frames::registration);
        baseline.registered(used, log.publishCommit(null));
    }

    /**
     * Appends what the groups have changed: creates with their contents, and updates.
     *
     * @param early whether this is published before the transaction is decided
     */
    public void append(int[] groups, int groupCount, CapturedChanges changes, boolean early) {
        frames.begin(changes);
        // What was published early cannot be told from what was missed.
        boolean audited = !changes.publishedEarly && undecided.isEmpty() && audit.isDue();
        foreign.take(groups, groupCount, audited);
        tracker.gather();
        if (!olderFields.isEmpty()) {
            olderFields.compute(groups, groupCount);
            tracker.gather();
        }
        // Where something is undecided, the image does not tell what comes before this transaction.
        boolean compares = !changes.publishedEarly && undecided.isEmpty() && baseline.comparison() == Comparison.ACTIVE;
        differ.begin(frames, !compares);
        for (int i = 0; i < groupCount; i++) {
            appendCreates(pool.pending(groups[i]), changes.publishedBelowId, early);
        }
        frames.compared(baseline.comparison() != Comparison.STANDBY);
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

    /**
     * Frames of the transaction were published before its commit: from now on old content does not tell what the other side has. Where there is
     * no image, the marks go on to tell what is to be restored, or sent by another transaction, if this one is not committed.
     */
    public void published(int[] groups, int groupCount, CapturedChanges changes) {
        changes.publishedEarly(pool.memory().nextObjectId());
        for (int i = 0; i < groupCount && hasImage(); i++) {
            tracker.clear(groups[i]);
        }
    }

    /**
     * The application is done with its part of a coordinated transaction, whose frames were published: from now on the groups belong to the next
     * transaction.
     */
    public UndecidedPart detach(int[] groups, int groupCount, CapturedChanges changes) {
        UndecidedPart part = UndecidedPart.detach(pool, Arrays.copyOf(groups, groupCount), changes);
        for (int i = 0; i < groupCount; i++) {
            tracker.clear(groups[i]);
        }
        undecided.add(part);
        return part;
    }

    /** The first undecided part is committed, by a publication that ends at a position. */
    public void commit(UndecidedPart part, long position) {
        baseline.advance(part, position);
        undecided.remove(part);
        part.release();
    }

    /**
     * Undecided parts are aborted: restores what is before them. No transaction is open.
     *
     * @param first of those that are aborted, and with it all behind it
     */
    public void rollBackFrom(UndecidedPart first) {
        restore.someUndecided(true);
        differ.begin(restore, true);
        int from = undecided.indexOf(first);
        for (int i = undecided.size() - 1; i >= from; i--) {
            undecided.get(i).restore(restore, this::restoreWhole);
        }
        for (int i = undecided.size() - 1; i >= from; i--) {
            undecided.remove(i).discard();
        }
        for (int i = 0; i < undecided.size(); i++) {
            undecided.get(i).reapply();
        }
    }

    private boolean hasImage() {
        return baseline.snapshot() == Snapshot.IMAGE;
    }

    /** The transaction was published, and ends at a position. */
    public void advance(CapturedChanges changes, long position) {
        baseline.advance(changes, position);
    }

    /** The transaction is committed: marks and memory of deleted objects are free. */
    public void release(int[] groups, int groupCount, CapturedChanges changes) {
        for (int i = 0; i < groupCount; i++) {
            // Marks first: pages that are given up may be another group's at once.
            tracker.clear(groups[i]);
            pool.commitPending(groups[i]);
        }
        foreign.decided(groups, groupCount);
        changes.clear();
    }

    /** Whether there is anything to restore from. */
    public boolean canRollBack() {
        return baseline.snapshot() != Snapshot.NONE;
    }

    /** The transaction is given up and its changes stay: they go with the next one of their groups. */
    public void abandon(CapturedChanges changes) {
        changes.clear();
    }

    /** Restores what was committed. */
    public void rollback(int[] groups, int groupCount, CapturedChanges changes) {
        for (int i = 0; i < groupCount; i++) {
            pool.reviveDeleted(groups[i]);
        }
        // So that the mirrors are rolled back as everything is, and the memories get what they have then.
        foreign.take(groups, groupCount, false);
        restore.someUndecided(!undecided.isEmpty());
        if (hasImage()) {
            // What was published early has lost its marks; that of new objects is discarded.
            for (int i = 0; i < changes.ranges.size(); i += 2) {
                restore.restore(changes.ranges.getLong(i), changes.ranges.getLong(i + 1));
            }
            differ.begin(restore, !undecided.isEmpty());
        } else {
            differ.beginClipped(restore);
        }
        tracker.gather();
        for (int i = 0; i < groupCount; i++) {
            long createdFrom = unpublishedFrom(pool.pending(groups[i]), 0);
            if (hasImage()) {
                restoreDeleted(pool.pending(groups[i]), createdFrom);
            }
            differ.unknownFrom(createdFrom);
            tracker.collect(groups[i], differ);
            tracker.clear(groups[i]);
            pool.discardCreated(groups[i]);
        }
        for (int i = 0; i < undecided.size(); i++) {
            undecided.get(i).reapply(groups, groupCount);
        }
        foreign.restore(groups, groupCount);
        foreign.decided(groups, groupCount);
        changes.clear();
    }

    private void restoreWhole(long handle) {
        differ.whole(layoutOf(handle), handle);
    }

    /** What was written to an object before it was deleted has lost its marks, and was not published, if something was published in between. */
    private void restoreDeleted(PendingChanges pending, long createdFrom) {
        for (int i = 0; i < pending.deletedCount(); i++) {
            long handle = pending.deleted(i);
            if (objectId(handle) < createdFrom) {
                if (undecided.isEmpty()) {
                    differ.committed(layoutOf(handle), handle);
                } else {
                    restoreWhole(handle);
                }
            }
        }
    }
}
