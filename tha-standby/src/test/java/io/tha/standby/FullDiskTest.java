package io.tha.standby;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tha.ThaException;
import io.tha.active.Ack;
import io.tha.active.ThaApplication;
import io.tha.active.ThaConfig;
import io.tha.active.Transaction;
import io.tha.layout.BytesField;
import io.tha.standby.LedgerDomain.Node;
import io.tha.testkit.SmallDisk;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The file system of the domain is full, at each place where the engine needs space. */
@Timeout(180)
class FullDiskTest {
    private static final long MIB = 1 << 20;
    private static final long DISK_BYTES = 128 * MIB;
    private static final int NO_LARGE = 0;
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final BytesField CONTENT = Ledger.BLOB.bytesField("content");

    private SmallDisk disk;

    @BeforeEach
    void mount() {
        String refusal = SmallDisk.refusal();
        assumeTrue(refusal.isEmpty(), refusal);
        disk = SmallDisk.mount(DISK_BYTES);
    }

    @AfterEach
    void unmount() {
        if (disk != null) {
            disk.close();
        }
    }

    private static ThaConfig config(long poolBytes) {
        return ThaConfig.builder().poolBytes(poolBytes).ringBytes(64 << 10).lease(Duration.ZERO).build();
    }

    /** Pool and image have 2 MiB each, the outcomes a little more than one. */
    @ParameterizedTest
    @CsvSource({"0, control", "96, control", "256, pool", "2304, image", "4224, prepared", "4352, outcomes"})
    void anActiveThatDoesNotFitLeavesNothingBehindAndIsOpenedWhenThereIsRoom(long freeKib, String file) {
        Path domain = disk.path().resolve("domain");
        disk.leaveFree(freeKib << 10);

        String refused = assertThrows(ThaException.class, () -> ThaApplication.open(domain, "ledger", config(2 * MIB))).getMessage();

        assertTrue(refused.contains(file) && refused.contains("no space") && refused.contains("make room"), refused);
        assertEquals(file.equals("control") ? List.of() : List.of("control", "process-0"), disk.files());
        disk.empty();
        try (ThaApplication application = ThaApplication.open(domain, "ledger", config(2 * MIB))) {
            new Ledger(application, NO_LARGE).next(k -> { });
            assertEquals(1, Ledger.sequence(application.pool()));
        }
    }

    /** A pool of 64 MiB, so that what it rehearses with, 35 MiB, is not what does not fit. */
    @ParameterizedTest
    @CsvSource({"0, prepared", "20000, pool", "36096, overflow", "66048, outcomes", "66624, prepared"})
    void aStandbyThatDoesNotFitSaysSoAndDisturbsNobody(long freeKib, String file) throws InterruptedException {
        try (LedgerDomain domain = new LedgerDomain(NO_LARGE, disk.path())) {
            Node active = domain.start("active");
            LedgerDomain.awaitAcknowledged(active, 10);
            List<String> before = domain.files();
            disk.leaveFree(freeKib << 10);

            try (ThaStandby standby = ThaStandby.open(domain.path(), "ledger", config(64 * MIB))) {
                String refused = assertThrows(ThaException.class, standby::awaitReady).getMessage();

                assertTrue(refused.contains("." + file + "'") && refused.contains("no space") && refused.contains("make room"), refused);
                assertEquals(refused, standby.status().failure());
                LedgerDomain.awaitAcknowledged(active, active.marks().acknowledged() + 1_000);
            }
            assertEquals(before, domain.files());
            disk.empty();
            try (ThaStandby standby = ThaStandby.open(domain.path(), "ledger", config(64 * MIB))) {
                standby.awaitReady();
            }
        }
    }

    @Test
    void aTransactionThatFindsNoRoomFailsAloneAndCanBeTriedAgain() {
        try (LedgerDomain domain = new LedgerDomain(NO_LARGE, disk.path())) {
            ThaApplication active = ThaApplication.open(domain.path(), "ledger", config(2 * MIB));
            Ledger ledger = new Ledger(active, NO_LARGE);
            ledger.next(k -> { });
            Node standby = domain.startWaiting("standby");
            standby.process().awaitLine("READY");
            String before = Ledger.text(active.pool());
            disk.leaveFree(0);

            try (Transaction large = active.begin()) {
                writeBlobs(active);
                assertNoSpace(assertThrows(ThaException.class, large::flush));
                assertNoSpace(assertThrows(ThaException.class, large::commit));
            }
            assertEquals(before, Ledger.text(active.pool()), "aborted");
            assertFalse(domain.files().stream().anyMatch(file -> file.endsWith(".overflow")), () -> domain.files().toString());
            for (int i = 0; i < 100; i++) {
                ledger.next(k -> { });
            }
            try (Transaction large = active.begin()) {
                writeBlobs(active);
                assertNoSpace(assertThrows(ThaException.class, large::commit));
                disk.empty();
                assertTrue(large.commit(Ack.APPLIED, SOON));
            }
            String state = Ledger.text(active.pool());
            active.close();

            assertEquals(state, LedgerDomain.State.of(standby.process().awaitLine("STATE ")).text());
        }
    }

    private static void writeBlobs(ThaApplication active) {
        for (int i = 0; i < LedgerPlan.BLOBS; i++) {
            CONTENT.set(active.pool(), active.pool().find("blob-" + i), 0, LedgerPlan.blob(1, i));
        }
    }

    private static void assertNoSpace(ThaException refused) {
        String message = refused.getMessage();
        assertTrue(message.contains(".overflow'") && message.contains("no space") && message.contains("make room"), message);
    }

    @Test
    void aTakeoverNeedsNoSpace() {
        try (LedgerDomain domain = new LedgerDomain(NO_LARGE, disk.path())) {
            Node active = domain.start("active");
            Node standby = domain.start("standby");
            standby.process().awaitLine("READY");
            LedgerDomain.awaitAcknowledged(active, 100);
            disk.leaveFree(0);
            LedgerDomain.awaitAcknowledged(active, active.marks().acknowledged() + 100);

            active.process().kill();

            long k = domain.verify(standby, active).k();
            LedgerDomain.awaitAcknowledged(standby, k + 100);
        }
    }
}
