package io.tha.standby;

import io.tha.FencedException;
import io.tha.Outcome;
import io.tha.active.ThaApplication;
import io.tha.active.ThaConfig;
import io.tha.active.ThaCoordinator;
import io.tha.active.Transaction;
import io.tha.coordination.DecisionFile;
import io.tha.memory.CrashPoint;
import io.tha.region.ControlFile;
import io.tha.region.DomainFiles;
import io.tha.region.LogFile;
import io.tha.region.TailSealer;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A participant of coordinated transactions that stands still between two steps while others go on. Arguments: domain directory, what happens
 * meanwhile: {@code ABORT}, while it rolls one back, an earlier one is aborted; {@code DONE}, when it has published a part, another process takes
 * over and completes that. Prints {@code END} with what it was told.
 */
final class StoppedParticipantNode {
    private static final String NAME = "app";
    private static final Duration SOON = Duration.ofSeconds(20);

    private final Path directory;
    private final ThaApplication application;
    private final ThaCoordinator coordinator;
    private volatile boolean happened;
    private long coordinated;

    private StoppedParticipantNode(Path directory) {
        this.directory = directory;
        ThaConfig config = ThaConfig.builder().poolBytes(1 << 20).ringBytes(64 << 10).lease(Duration.ZERO).scrubShare(0).build();
        application = ThaApplication.open(directory, NAME, config);
        application.register(IntentNode.COUNTER);
        application.pool().allocate(IntentNode.COUNTER, "counter");
        application.begin().commit();
        ThaApplication.open(directory, "other", config);
        coordinator = ThaCoordinator.open(directory);
    }

    public static void main(String[] args) {
        StoppedParticipantNode node = new StoppedParticipantNode(Path.of(args[0]));
        System.out.println("END " + (args[1].equals("ABORT") ? node.abortEarlier() : node.completeDone()));
        Runtime.getRuntime().halt(0);
    }

    private long add() {
        long id = coordinator.begin(NAME, "other");
        try (Transaction part = application.join(id)) {
            IntentNode.VALUE.add(application.pool(), application.pool().find("counter"), 1);
            part.done();
        }
        return id;
    }

    private void once(CrashPoint where, Runnable what) {
        CrashPoint.observe(point -> {
            if (point == where && !happened) {
                happened = true;
                what.run();
            }
        });
    }

    private String abortEarlier() {
        long earlier = add();
        long later = add();
        once(CrashPoint.AFTER_ROLLED_BACK_BEFORE_ABORT, () -> coordinator.abort(earlier));
        coordinator.abort(later);
        Outcome ofLater = application.awaitDecision(later, SOON);
        Outcome ofEarlier = application.awaitDecision(earlier, SOON);
        application.begin().commit();
        return ofEarlier + " " + ofLater + " " + IntentNode.VALUE.get(application.pool(), application.pool().find("counter"));
    }

    private String completeDone() {
        once(CrashPoint.AFTER_DONE_PUBLISHED, () -> {
            seal();
            try (ControlFile control = ControlFile.open(directory); DecisionFile file = DecisionFile.openOrCreate(directory)) {
                file.decisions().completeDone(coordinated, control.findApplication(NAME));
            }
        });
        coordinated = coordinator.begin(NAME, "other");
        try (Transaction part = application.join(coordinated)) {
            part.done();
            return "DONE";
        } catch (FencedException e) {
            return "FENCED";
        }
    }

    private void seal() {
        try (ControlFile control = ControlFile.open(directory); LogFile log = LogFile.open(new DomainFiles(control, NAME).log(1))) {
            TailSealer.seal(log);
        }
    }
}
