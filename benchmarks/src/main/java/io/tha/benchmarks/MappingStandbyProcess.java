package io.tha.benchmarks;

import io.tha.active.StandbyMode;
import io.tha.active.ThaApplication;
import io.tha.active.ThaConfig;
import io.tha.active.Transaction;
import io.tha.standby.ThaStandby;
import io.tha.takeover.Takeover;
import io.tha.testkit.ForkedJvm;
import java.io.IOException;
import java.nio.file.Path;

/** A standby without a copy in a process of its own: it takes over when the active is gone, commits once, and when told to, until it is killed. */
final class MappingStandbyProcess {
    /** What it prints when it has committed once: when the log was sealed, when it served, when it had committed, by the system's monotonic clock. */
    static final String SERVING = "SERVING";

    static final String GOING = "GOING";

    private MappingStandbyProcess() {}

    /** Starts it and waits until it follows. */
    static ForkedJvm start(Path domain) {
        return PeerProcess.start(MappingStandbyProcess.class, domain, 0);
    }

    /** Arguments: domain directory; the rest is of no use to it. */
    public static void main(String[] args) throws InterruptedException, IOException {
        ThaConfig config = ThaConfig.builder().standbyMode(StandbyMode.MAPPING).build();
        try (ThaStandby standby = ThaStandby.open(PeerProcess.domain(args), PeerProcess.NAME, config)) {
            standby.register(Items.LAYOUT);
            standby.awaitReady();
            System.out.println(PeerProcess.READY);
            Takeover takeover = standby.awaitTakeover();
            ThaApplication application = takeover.application();
            long handle;
            try (Transaction transaction = application.begin()) {
                handle = application.pool().allocateDynamic(Items.LAYOUT);
                transaction.commit();
            }
            long committed = System.nanoTime();
            System.out.println(SERVING + " " + takeover.sealedNanos() + " " + takeover.servingNanos() + " " + committed);
            if (System.in.read() < 0) {
                return;
            }
            System.out.println(GOING);
            for (long value = 1; ; value++) {
                try (Transaction transaction = application.begin()) {
                    Items.FIELDS[0].set(application.pool(), handle, value);
                    transaction.commit();
                }
            }
        }
    }
}
