package io.tha.standby;

import io.tha.active.ThaConfig;
import io.tha.takeover.Takeover;
import io.tha.tracker.Trackers;
import java.nio.file.Path;

/** A standby as a process of its own: follows an application, and keeps its state when the active dies. */
public final class StandbyMain {
    private static final int ARGUMENT_COUNT = 2;

    private StandbyMain() {}

    /** Arguments: domain directory, application, and optionally the size of the pool in MiB; or {@code probe}, to see which trackers work here. */
    public static void main(String[] args) throws InterruptedException {
        if (args.length == 1 && args[0].equals("probe")) {
            System.out.print(Trackers.probe());
            return;
        }
        if (args.length < ARGUMENT_COUNT || args.length > ARGUMENT_COUNT + 1) {
            System.err.println("usage: java -jar tha-standby.jar DOMAIN-DIRECTORY APPLICATION [POOL-MIB]\n       java -jar tha-standby.jar probe");
            System.exit(2);
        }
        ThaConfig.Builder config = ThaConfig.builder();
        if (args.length > ARGUMENT_COUNT) {
            config.poolBytes(Long.parseLong(args[ARGUMENT_COUNT]) << 20);
        }
        try (ThaStandby standby = ThaStandby.open(Path.of(args[0]), args[1], config.build())) {
            standby.awaitReady();
            System.out.println("READY " + standby.status());
            Takeover takeover = standby.awaitTakeover();
            System.out.println("SERVING epoch=" + takeover.epoch() + " micros="
                    + (takeover.servingNanos() - takeover.claimedNanos()) / 1_000);
            Thread.currentThread().join();
        }
    }
}
