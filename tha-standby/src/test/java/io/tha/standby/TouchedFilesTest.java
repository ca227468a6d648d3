package io.tha.standby;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tha.ThaException;
import io.tha.active.Ack;
import io.tha.active.ThaApplication;
import io.tha.active.ThaConfig;
import io.tha.active.Transaction;
import io.tha.layout.BytesField;
import io.tha.memory.Directories;
import io.tha.pool.CommittedImage;
import io.tha.pool.ThaPool;
import io.tha.region.ControlFile;
import io.tha.region.LogConfig;
import io.tha.region.LogFile;
import io.tha.standby.LedgerDomain.Node;
import io.tha.testkit.DomainDirectory;
import io.tha.testkit.Sampled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Somebody touches files of a domain: whoever opens one of them refuses it, with the reason, and whoever has it mapped already goes on. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@Sampled
class TouchedFilesTest {
    private static final ThaConfig CONFIG = ThaConfig.builder().poolBytes(2 << 20).ringBytes(64 << 10).lease(Duration.ZERO).build();
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final BytesField CONTENT = Ledger.BLOB.bytesField("content");

    private DomainDirectory aside;
    private LedgerDomain domain;

    @BeforeEach
    void create() {
        aside = DomainDirectory.create();
        domain = new LedgerDomain(0);
    }

    @AfterEach
    void close() {
        domain.close();
        aside.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"control", "ledger.1.log", "image", "outcomes"})
    void aFileThatWasTouchedIsRefusedAndTheActiveGoesOn(String which) throws IOException, InterruptedException {
        Node active = domain.start("active");
        LedgerDomain.awaitAcknowledged(active, 1);
        Path file = domain.path().resolve(Files.exists(domain.path().resolve(which)) ? which : name(which));
        for (Touch touch : Touch.values()) {
            Path original = Files.move(file, aside.resolve("original"));
            if (touch.apply(file, original)) {
                String refused = refusal();
                assertTrue(refused.contains(file.getFileName().toString()) && refused.contains(touch.reason), touch + ": " + refused);
            }
            Touch.restore(file, original);
        }
        LedgerDomain.awaitAcknowledged(active, active.marks().acknowledged() + 100);
        try (ThaStandby standby = ThaStandby.open(domain.path(), "ledger", CONFIG)) {
            standby.awaitReady();
        }
    }

    private String name(String suffix) {
        return domain.files().stream().filter(file -> file.endsWith("." + suffix)).findFirst().orElseThrow();
    }

    private String refusal() {
        return assertThrows(ThaException.class, () -> {
            try (ThaStandby standby = ThaStandby.open(domain.path(), "ledger", CONFIG)) {
                standby.awaitReady();
            }
        }).getMessage();
    }

    @ParameterizedTest
    @EnumSource(names = {"UNREADABLE", "OF_ANOTHER_USER", "LINK", "DIRECTORY", "PIPE"})
    void theLockFileOfAProcessSlotIsRefusedToo(Touch touch) throws IOException {
        Path directory = aside.resolve("domain");
        Directories.prepare(directory);
        Path file = directory.resolve("process-0");
        assumeTrue(touch.apply(file, Files.createFile(aside.resolve("original"))), touch + " needs root");

        ThaException refused = assertThrows(ThaException.class, () -> ControlFile.open(directory));

        assertTrue(refused.getMessage().contains(file.toString()) && refused.getMessage().contains(touch.reason), refused.getMessage());
        Files.delete(file);
        ControlFile.open(directory).close();
    }

    @Test
    void anImageOfTheSameNameAndSizeThatIsNotTheLogsIsRefused() throws IOException {
        Node active = domain.start("active");
        LedgerDomain.awaitAcknowledged(active, 1);
        Path file = domain.path().resolve(name("image"));
        Path original = Files.move(file, aside.resolve("original"));
        try (ThaPool pool = ThaPool.create(aside.resolve("other.pool"), 2 << 20)) {
            CommittedImage.create(file, pool).close();
        }

        String refused = refusal();

        assertTrue(refused.contains(file.getFileName().toString()) && refused.contains("has pool id"), refused);
        Touch.restore(file, original);
    }

    @Test
    void aLogOfAnotherEpochIsRefused() throws IOException {
        Node active = domain.start("active");
        LedgerDomain.awaitAcknowledged(active, 1);
        Path file = domain.path().resolve("ledger.1.log");
        Path original = Files.move(file, aside.resolve("original"));
        try (LogFile other = LogFile.prepare(domain.path().resolve("other"), new LogConfig(64 << 10, true))) {
            other.name(file, 7, name("image"));
        }

        String refused = refusal();

        assertTrue(refused.contains(file.getFileName().toString()) && refused.contains("is of epoch 7, expected 1"), refused);
        Touch.restore(file, original);
    }

    /** Processes that live go on with the control file that they have mapped: a second first active would be the end of the state. */
    @Test
    void anApplicationWhoseControlFileWasRemovedIsNotBegunAnew() throws IOException {
        Node active = domain.start("active");
        LedgerDomain.awaitAcknowledged(active, 1);
        Files.delete(domain.path().resolve("control"));

        String refused = assertThrows(ThaException.class, () -> ThaApplication.open(domain.path(), "ledger", CONFIG)).getMessage();

        assertTrue(refused.contains("ledger.1.log") && refused.contains("control"), refused);
        LedgerDomain.awaitAcknowledged(active, active.marks().acknowledged() + 100);
    }

    /** Once the transaction is committed the image has it: a standby that cannot read the segment begins anew from there. */
    @ParameterizedTest
    @EnumSource
    void aStandbyThatCannotReadAnOverflowSegmentCopiesTheStateAnew(Touch touch) throws IOException, InterruptedException {
        try (ThaApplication active = ThaApplication.open(domain.path(), "ledger", CONFIG);
                ThaStandby standby = ThaStandby.open(domain.path(), "ledger", CONFIG)) {
            new Ledger(active, 0).next(k -> { });
            standby.awaitReady();
            try (Transaction large = active.begin()) {
                CONTENT.set(active.pool(), active.pool().find("blob-0"), 0, LedgerPlan.blob(1, 0));
                large.flush();
                Path segment = domain.path().resolve(name("overflow"));
                assumeTrue(touch.apply(segment, Files.move(segment, aside.resolve("original"))), touch + " needs root");
                large.commit();
            }

            String state = Ledger.text(active.pool());
            LedgerDomain.await(touch + ": the standby has the state", () -> state.equals(LedgerDomain.readOr("", standby, Ledger::text)));
            try (Transaction next = active.begin()) {
                assertTrue(next.commit(Ack.APPLIED, SOON));
            }
        }
    }

    /** A large commit looks at the sizes of what it has mapped; what lies at the same path is nothing to it. */
    @ParameterizedTest
    @EnumSource
    void aLargeTransactionIsCommittedThoughPoolAndImageWereReplaced(Touch touch) throws IOException, InterruptedException {
        try (ThaApplication active = ThaApplication.open(domain.path(), "ledger", CONFIG)) {
            new Ledger(active, 0).next(k -> { });
            List<Path> files = List.of(domain.path().resolve(name("pool")), domain.path().resolve(name("image")));
            try (ThaStandby standby = ThaStandby.open(domain.path(), "ledger", CONFIG)) {
                standby.awaitReady();
                for (Path file : files) {
                    assumeTrue(touch.apply(file, Files.move(file, aside.resolve(file.getFileName().toString()))), touch + " needs root");
                }

                try (Transaction large = active.begin()) {
                    for (int i = 0; i < LedgerPlan.BLOBS; i++) {
                        CONTENT.set(active.pool(), active.pool().find("blob-" + i), 0, LedgerPlan.blob(1, i));
                    }
                    assertTrue(large.commit(Ack.APPLIED, SOON));
                }

                for (Path file : files) {
                    Touch.restore(file, aside.resolve(file.getFileName().toString()));
                }
            }
        }
    }
}
