package io.tha.benchmarks;

import io.tha.active.ThaConfig;
import io.tha.testkit.ForkedJvm;
import java.nio.file.Path;
import java.time.Duration;

/** How an active or a standby is started in a process of its own. */
final class PeerProcess {
    static final String NAME = "bench";
    /** What an active prints when its pool is full, and a standby when it follows. */
    static final String READY = "READY";

    private static final Duration DEADLINE = Duration.ofMinutes(3);

    private PeerProcess() {}

    /** Starts a main class, whose arguments are the domain directory and the size of the pool in bytes, and waits until it is ready. */
    static ForkedJvm start(Class<?> main, Path domain, long poolBytes, Object... more) {
        ForkedJvm process = ForkedJvm.of(main)
                .args(domain, poolBytes)
                .args(more)
                .jvmArgs("-da", "-Xms256m", "-Xmx512m", "-XX:+UseSerialGC")
                .deadline(DEADLINE)
                .start();
        process.awaitLine(READY);
        return process;
    }

    /** The domain directory that its arguments name. */
    static Path domain(String[] args) {
        return Path.of(args[0]);
    }

    /** With a pool of the size that its arguments give. */
    static ThaConfig config(String[] args) {
        return ThaConfig.builder().poolBytes(Long.parseLong(args[1])).build();
    }
}
