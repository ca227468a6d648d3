package io.tha.standby;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.jna.Pointer;
import io.tha.active.ThaApplication;
import io.tha.active.ThaConfig;
import io.tha.active.Transaction;
import io.tha.layout.Layout;
import io.tha.layout.LongField;
import io.tha.memory.Memory;
import io.tha.testkit.DomainDirectory;
import io.tha.tracker.TrackerKind;
import io.tha.tracker.Trackers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Writes by address and by system calls arrive on a standby, also after a takeover, when the pool is a private mapping. */
@Timeout(120)
class RawWriteTest {
    private static final int BODY = 64 << 10;
    private static final int VALUES = BODY / Long.BYTES - 1;
    private static final Layout BUFFER = Layout.named("Buffer").int64("count").int64Array("values", VALUES).build();
    private static final LongField COUNT = BUFFER.int64Field("count");

    @TempDir
    private Path files;

    private final DomainDirectory directory = DomainDirectory.create();

    @AfterEach
    void remove() {
        directory.close();
    }

    private static ThaConfig config(TrackerKind tracker) {
        String reason = Trackers.unavailableReason(tracker);
        assumeTrue(reason == null, reason);
        return config().tracker(tracker).build();
    }

    private static ThaConfig.Builder config() {
        return ThaConfig.builder().poolBytes(4 << 20).ringBytes(1 << 20).readerTimeout(Duration.ofSeconds(20));
    }

    @ParameterizedTest
    @EnumSource
    void touchedPartsAreReadIntoByTheKernelAndArrive(CaptureMode mode) throws IOException, InterruptedException {
        mode.requireAvailable();
        ThaConfig config = mode.configure(config());
        ThaApplication active = ThaApplication.open(directory.path(), "app", config);
        active.register(BUFFER);
        int other = active.pool().createGroup("other");
        long first = active.pool().allocate(BUFFER, "first");
        long second = active.pool().allocate(BUFFER, "second", other);
        active.begin().commit();
        for (int round = 1; round <= 3; round++) {
            try (ThaStandby standby = ThaStandby.open(directory.path(), "app", config)) {
                mode.awaitReady(active, standby);
                try (Transaction transaction = active.begin(0)) {
                    active.pool().touch(first, 0, BODY);
                    try (Transaction meanwhile = active.begin(other)) {
                        COUNT.set(active.pool(), second, round);
                        meanwhile.changed(second, COUNT);
                        // Finds everybody's writes, and must leave what is touched as it is.
                        meanwhile.commit();
                    }
                    read(active, first, round);
                    transaction.commit();
                }
                assertFollows(active, standby, round);
                active.close();
                active = standby.awaitTakeover().application();
            }
        }
        active.close();
    }

    /** The kernel writes a value into each eighth byte. */
    private void read(ThaApplication active, long handle, long value) throws IOException {
        ByteBuffer content = ByteBuffer.allocate(BODY).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < BODY; i += Long.BYTES) {
            content.putLong(i, value + i);
        }
        Path file = Files.write(files.resolve("input"), content.array());
        try (FileChannel channel = FileChannel.open(file)) {
            assertEquals(BODY, channel.read(new Pointer(active.pool().address(handle)).getByteBuffer(0, BODY)));
        }
    }

    private static void assertFollows(ThaApplication active, ThaStandby standby, long value) {
        while (!active.isFollowed()) {
            Thread.onSpinWait();
        }
        standby.read(pool -> {
            long address = pool.address(pool.find("first"));
            for (int i = 0; i < BODY; i += Long.BYTES) {
                assertEquals(value + i, Memory.getLong(address + i), "at " + i);
            }
            assertEquals(value, COUNT.get(pool, pool.find("second")));
            return null;
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"AUTO", "SOFTWARE", "APPLICATION"}, mode = EnumSource.Mode.EXCLUDE)
    void writesByAddressArrive(TrackerKind tracker) throws InterruptedException {
        ThaConfig config = config(tracker);
        ThaApplication active = ThaApplication.open(directory.path(), "app", config);
        active.register(BUFFER);
        active.pool().allocate(BUFFER, "first");
        active.pool().allocate(BUFFER, "second");
        active.begin().commit();
        for (int round = 1; round <= 3; round++) {
            try (ThaStandby standby = ThaStandby.open(directory.path(), "app", config)) {
                standby.awaitReady();
                long address = active.pool().address(active.pool().find("first"));
                for (int i = 0; i < BODY; i += Long.BYTES) {
                    Memory.putLong(address + i, round + i);
                }
                COUNT.set(active.pool(), active.pool().find("second"), round);
                active.begin().commit();
                assertFollows(active, standby, round);
                active.close();
                active = standby.awaitTakeover().application();
            }
        }
        active.close();
    }

    /** Under LINES the old content that is kept then is not old. */
    @ParameterizedTest
    @EnumSource
    void whatIsTouchedAfterTheWriteArrivesToo(CaptureMode mode) throws InterruptedException {
        mode.requireAvailable();
        ThaConfig config = mode.configure(config());
        try (ThaApplication active = ThaApplication.open(directory.path(), "app", config);
                ThaStandby standby = ThaStandby.open(directory.path(), "app", config)) {
            active.register(BUFFER);
            long first = active.pool().allocate(BUFFER, "first");
            long second = active.pool().allocate(BUFFER, "second");
            active.begin().commit();
            mode.awaitReady(active, standby);
            try (Transaction transaction = active.begin()) {
                for (int i = 0; i < BODY; i += Long.BYTES) {
                    Memory.putLong(active.pool().address(first) + i, 5L + i);
                }
                active.pool().touch(first, 0, BODY);
                COUNT.set(active.pool(), second, 5);
                transaction.changed(second, COUNT);
                transaction.commit();
            }
            assertFollows(active, standby, 5);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"SOFTWARE", "MPROTECT"})
    void whatIsTouchedMustBeInTheObject(TrackerKind tracker) {
        try (ThaApplication active = ThaApplication.open(directory.path(), "app", config(tracker))) {
            active.register(BUFFER);
            long buffer = active.pool().allocate(BUFFER, "buffer");

            active.pool().touch(buffer, BODY, 0);
            active.pool().touch(buffer, BODY - 1, 1);
            assertThrows(IndexOutOfBoundsException.class, () -> active.pool().touch(buffer, BODY - 1, 2));
            assertThrows(IndexOutOfBoundsException.class, () -> active.pool().touch(buffer, -1, 1));
            active.pool().delete(buffer);
            assertThrows(RuntimeException.class, () -> active.pool().touch(buffer, 0, 1));
        }
    }
}
