package io.tha.benchmarks;

import io.tha.active.ThaApplication;
import io.tha.active.Transaction;
import io.tha.standby.ThaStandby;
import io.tha.takeover.Takeover;
import io.tha.testkit.ForkedJvm;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/** A standby in a process of its own, which takes over when the active is gone and commits once. */
final class StandbyProcess {
    static final String SERVING = "SERVING";

    private static final long PAUSE_NANOS = 50_000;

    private StandbyProcess() {}

    /** Starts it and waits until it follows. */
    static ForkedJvm start(Path domain, long poolBytes) {
        return PeerProcess.start(StandbyProcess.class, domain, poolBytes);
    }

    /** Waits until all standbys have applied everything; leaves the processor to them. */
    static void awaitFollowed(ThaApplication application) {
        while (!application.isFollowed()) {
            if (application.standbys() == 0) {
                throw new IllegalStateException("the standby was dropped or is gone");
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    /** Arguments: domain directory, size of the pool in bytes. */
    public static void main(String[] args) throws InterruptedException {
        try (ThaStandby standby = ThaStandby.open(PeerProcess.domain(args), PeerProcess.NAME, PeerProcess.config(args))) {
            standby.register(Items.LAYOUT);
            standby.awaitReady();
            System.out.println(PeerProcess.READY);
            Takeover takeover = standby.awaitTakeover();
            ThaApplication application = takeover.application();
            try (Transaction transaction = application.begin()) {
                application.pool().allocateDynamic(Items.LAYOUT);
                transaction.commit();
            }
            long committed = System.nanoTime();
            System.out.println(SERVING + " " + takeover.sealedNanos() + " " + takeover.servingNanos() + " " + committed);
            Thread.currentThread().join();
        }
    }
}
