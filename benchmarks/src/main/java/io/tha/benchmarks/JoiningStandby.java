package io.tha.benchmarks;

import io.tha.active.ThaConfig;
import io.tha.standby.JoinStatus;
import io.tha.standby.ThaStandby;
import io.tha.testkit.ForkedJvm;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** A standby in a process of its own that joins, tells how long its copy took, and stays until its input ends. */
final class JoiningStandby {
    static final String JOINED = "JOINED";

    private static final Duration DEADLINE = Duration.ofMinutes(2);

    private JoiningStandby() {}

    static ForkedJvm start(Path domain, long poolBytes, int words) {
        return ForkedJvm.of(JoiningStandby.class)
                .args(domain, poolBytes, words)
                .jvmArgs("-da", "-Xms256m", "-Xmx256m", "-XX:+UseSerialGC")
                .deadline(DEADLINE)
                .start();
    }

    /** Arguments: domain directory, size of the pool in bytes, longs of an object. */
    public static void main(String[] args) throws InterruptedException, IOException {
        ThaConfig config = ThaConfig.builder().poolBytes(Long.parseLong(args[1])).build();
        try (ThaStandby standby = ThaStandby.open(Path.of(args[0]), PeerProcess.NAME, config)) {
            standby.register(JoinedActive.layout(Integer.parseInt(args[2])));
            standby.awaitReady();
            JoinStatus join = standby.status().join();
            System.out.println(JOINED + " " + join.nanos() + " " + join.rates().copyNanos() + " " + join.rates().copiedBytes() + " "
                    + join.rates().redoNanos() + " " + join.rates().redoneBytes() + " " + join.copies());
            System.in.read();
        }
    }
}
