package io.tha.benchmarks;

import io.tha.active.ThaApplication;
import io.tha.active.ThaConfig;
import io.tha.active.Transaction;
import io.tha.layout.LongField;
import io.tha.testkit.DomainDirectory;
import io.tha.testkit.ForkedJvm;
import java.nio.file.Path;
import java.time.Duration;

/** An active with objects in random order, of which each transaction changes the next two. */
final class CommitScene implements AutoCloseable {
    /** Two UPDATE frames of one long each, and a COMMIT frame. */
    static final int TRANSACTION_BYTES = 2 * 48 + 40;

    private static final Duration READER_TIMEOUT = Duration.ofMinutes(30);

    private final DomainDirectory directory = DomainDirectory.create();
    private final LongField field = Items.FIELDS[5];
    private final ThaApplication application;
    private final long poolBytes;
    private final long[] handles;
    private ForkedJvm standby;
    private int next;
    private long value;

    CommitScene(int objects, long ringBytes, boolean checksums) {
        this(objects, ringBytes, checksums, ThaConfig.defaults().scrubShare());
    }

    CommitScene(int objects, long ringBytes, boolean checksums, double scrubShare) {
        poolBytes = Items.poolBytes(objects);
        application = ThaApplication.open(
                domain(),
                PeerProcess.NAME,
                ThaConfig.builder()
                        .poolBytes(poolBytes)
                        .ringBytes(ringBytes)
                        .checksums(checksums)
                        .readerTimeout(READER_TIMEOUT)
                        .scrubShare(scrubShare)
                        .build());
        application.register(Items.LAYOUT);
        handles = Items.shuffle(Items.create(application, objects));
    }

    Path domain() {
        return directory.resolve("domain");
    }

    ThaApplication application() {
        return application;
    }

    long[] handles() {
        return handles;
    }

    /** In another process, ready when this returns. */
    ForkedJvm startStandby() {
        standby = StandbyProcess.start(domain(), poolBytes);
        return standby;
    }

    void awaitFollowed() {
        if (standby != null) {
            StandbyProcess.awaitFollowed(application);
        }
    }

    /** The transaction of these benchmarks. */
    void transact() {
        try (Transaction transaction = application.begin()) {
            field.set(application.pool(), handles[next], ++value);
            field.set(application.pool(), handles[next + 1], value);
            transaction.commit();
        }
        next = next + 2 < handles.length - 1 ? next + 2 : 0;
    }

    @Override
    public void close() {
        if (standby != null) {
            standby.close();
        }
        application.close();
        directory.close();
    }
}
