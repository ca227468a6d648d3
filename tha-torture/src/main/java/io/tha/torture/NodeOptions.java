package io.tha.torture;

import io.tha.active.SlowStandby;
import io.tha.active.ThaConfig;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How one node differs from others.
 *
 * @param leaseMillis for which an active may hang before this node takes over
 * @param readerTimeoutMillis for which its commits wait for a slow standby
 * @param rejects whether it then refuses commits, instead of dropping the standby
 * @param slow whether it keeps its follower waiting while it reads
 */
record NodeOptions(int leaseMillis, int readerTimeoutMillis, boolean rejects, boolean slow) {
    private static final long POOL_BYTES = 4 << 20;
    private static final int RING_BYTES = 64 << 10;
    private static final int[] LEASES = {250, 500, 1_000};
    private static final int[] READER_TIMEOUTS = {0, 5, 50, 1_000};
    private static final int ONE_IN = 4;

    static NodeOptions draw(RandomGenerator random) {
        return new NodeOptions(
                LEASES[random.nextInt(LEASES.length)],
                READER_TIMEOUTS[random.nextInt(READER_TIMEOUTS.length)],
                random.nextInt(ONE_IN) == 0,
                random.nextInt(ONE_IN) == 0);
    }

    static NodeOptions parse(String text) {
        String[] parts = text.split(",", -1);
        return new NodeOptions(
                Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), Boolean.parseBoolean(parts[2]), Boolean.parseBoolean(parts[3]));
    }

    ThaConfig config() {
        return ThaConfig.builder()
                .poolBytes(POOL_BYTES)
                .ringBytes(RING_BYTES)
                .lease(Duration.ofMillis(leaseMillis))
                .readerTimeout(Duration.ofMillis(readerTimeoutMillis))
                .slowStandby(rejects ? SlowStandby.REJECT : SlowStandby.DROP)
                .build();
    }

    /** As {@link #parse} reads it. */
    @Override
    public String toString() {
        return leaseMillis + "," + readerTimeoutMillis + "," + rejects + "," + slow;
    }
}
