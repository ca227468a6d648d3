package io.tha.standby;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tha.active.ThaApplication;
import io.tha.active.ThaConfig;
import io.tha.capture.Comparison;
import io.tha.capture.Snapshot;
import io.tha.tracker.TrackerKind;
import io.tha.tracker.Trackers;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** The ways in which an application can find, keep and compare what was written: each must give the same results. */
enum CaptureMode {
    SOFTWARE(TrackerKind.SOFTWARE, Snapshot.IMAGE, Comparison.ACTIVE),
    USERFAULTFD(TrackerKind.USERFAULTFD, Snapshot.IMAGE, Comparison.ACTIVE),
    MPROTECT(TrackerKind.MPROTECT, Snapshot.IMAGE, Comparison.ACTIVE),
    COMPARE(TrackerKind.COMPARE, Snapshot.IMAGE, Comparison.ACTIVE),
    APPLICATION(TrackerKind.APPLICATION, Snapshot.IMAGE, Comparison.ACTIVE),
    SOFTWARE_COMPARED_BY_STANDBY(TrackerKind.SOFTWARE, Snapshot.IMAGE, Comparison.STANDBY),
    SOFTWARE_NOT_COMPARED(TrackerKind.SOFTWARE, Snapshot.IMAGE, Comparison.NOWHERE),
    USERFAULTFD_COMPARED_BY_STANDBY(TrackerKind.USERFAULTFD, Snapshot.IMAGE, Comparison.STANDBY),
    APPLICATION_NOT_COMPARED(TrackerKind.APPLICATION, Snapshot.IMAGE, Comparison.NOWHERE),
    LINES(TrackerKind.SOFTWARE, Snapshot.LINES, Comparison.ACTIVE),
    LINES_COMPARED_BY_STANDBY(TrackerKind.SOFTWARE, Snapshot.LINES, Comparison.STANDBY),
    SOFTWARE_SNAPSHOTLESS(TrackerKind.SOFTWARE, Snapshot.NONE, Comparison.NOWHERE),
    USERFAULTFD_SNAPSHOTLESS(TrackerKind.USERFAULTFD, Snapshot.NONE, Comparison.NOWHERE),
    MPROTECT_SNAPSHOTLESS(TrackerKind.MPROTECT, Snapshot.NONE, Comparison.STANDBY),
    APPLICATION_SNAPSHOTLESS(TrackerKind.APPLICATION, Snapshot.NONE, Comparison.NOWHERE);

    final TrackerKind tracker;
    final Snapshot snapshot;
    final Comparison comparison;

    CaptureMode(TrackerKind tracker, Snapshot snapshot, Comparison comparison) {
        this.tracker = tracker;
        this.snapshot = snapshot;
        this.comparison = comparison;
    }

    ThaConfig configure(ThaConfig.Builder builder) {
        return builder.tracker(tracker).snapshot(snapshot).comparison(comparison).build();
    }

    void requireAvailable() {
        String reason = Trackers.unavailableReason(tracker);
        assumeTrue(reason == null, tracker + " cannot be used here: " + reason);
    }

    boolean comparesOnActive() {
        return comparison == Comparison.ACTIVE;
    }

    boolean canAbort() {
        return snapshot != Snapshot.NONE;
    }

    /** Whether the application must say what it changes. */
    boolean isTold() {
        return tracker == TrackerKind.APPLICATION;
    }

    /** Until the standby is ready, or has failed; no transaction may be open. */
    void awaitReady(ThaApplication active, ThaStandby standby) throws InterruptedException {
        FutureTask<Void> ready = new FutureTask<>(() -> {
            standby.awaitReady();
            return null;
        });
        new Thread(ready).start();
        while (snapshot != Snapshot.IMAGE && !ready.isDone()) {
            if (active.waitingStandbys() > 0) {
                active.admitStandbys(Duration.ofSeconds(10));
            }
        }
        try {
            ready.get();
        } catch (ExecutionException e) {
            throw new AssertionError("standby in mode " + this, e);
        }
    }
}
