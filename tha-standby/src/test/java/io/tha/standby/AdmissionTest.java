package io.tha.standby;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tha.active.ThaApplication;
import io.tha.active.ThaConfig;
import io.tha.active.Transaction;
import io.tha.capture.Snapshot;
import io.tha.layout.Layout;
import io.tha.layout.LongField;
import io.tha.pool.ThaPool;
import io.tha.standby.LedgerDomain.Node;
import io.tha.testkit.DomainDirectory;
import io.tha.testkit.Sampled;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Standbys of an active without a committed image copy its pool when it lets them, and never anything that was not committed. */
@Timeout(300)
@Sampled
class AdmissionTest {
    private static final Layout ITEM = Layout.named("Item").int64("value").int64("inverse").build();
    private static final LongField VALUE = ITEM.int64Field("value");
    private static final LongField INVERSE = ITEM.int64Field("inverse");
    private static final int ITEMS = 100_000;
    private static final long NOT_COMMITTED = -7;
    /** Fewer than make a standby give up. */
    private static final int ENDED_COPIES = 10;

    private final DomainDirectory directory = DomainDirectory.create();
    private long[] items;

    @AfterEach
    void remove() {
        directory.close();
    }

    private static ThaConfig config(Snapshot snapshot) {
        return ThaConfig.builder().poolBytes(16 << 20).ringBytes(1 << 20).snapshot(snapshot).build();
    }

    private ThaApplication open(Snapshot snapshot) {
        ThaApplication active = ThaApplication.open(directory.path(), "items", config(snapshot));
        active.register(ITEM);
        items = new long[ITEMS];
        for (int i = 0; i < ITEMS; i++) {
            items[i] = active.pool().allocateDynamic(ITEM);
        }
        set(active, 1);
        return active;
    }

    private void set(ThaApplication active, long value) {
        try (Transaction transaction = active.begin()) {
            fill(active.pool(), value);
            transaction.commit();
        }
    }

    private void fill(ThaPool pool, long value) {
        for (long item : items) {
            VALUE.set(pool, item, value);
            INVERSE.set(pool, item, ~value);
        }
    }

    /** The value that all have. */
    private static long common(ThaPool pool) {
        long[] common = {Long.MIN_VALUE, 0};
        pool.forEach(item -> {
            long value = VALUE.get(pool, item);
            assertTrue(common[0] == Long.MIN_VALUE || common[0] == value, "part of a transaction: " + value + " beside " + common[0]);
            assertEquals(~value, INVERSE.get(pool, item));
            common[0] = value;
            common[1]++;
        });
        assertEquals(ITEMS, common[1]);
        return common[0];
    }

    @ParameterizedTest
    @EnumSource(names = {"LINES", "NONE"})
    void whatIsCopiedAfterAnAdmissionIsThrownAway(Snapshot snapshot) throws InterruptedException {
        try (ThaApplication active = open(snapshot);
                ThaStandby standby = ThaStandby.open(directory.path(), "items", config(snapshot))) {
            standby.start();
            int ended = 0;
            Duration admission = Duration.ofNanos(500_000);
            for (long value = 2; ended < ENDED_COPIES && !standby.status().ready(); value++) {
                if (active.waitingStandbys() > 0 && !active.admitStandbys(admission)) {
                    ended += goOnDuringTheCopy(active, standby) ? 1 : 0;
                    set(active, value);
                }
            }
            // A standby that begins anew does not wait for a moment: one look is not enough.
            CaptureMode.SOFTWARE_SNAPSHOTLESS.awaitReady(active, standby);
            set(active, 1_000);
            while (!active.isFollowed()) {
                Thread.onSpinWait();
            }

            assertEquals(1_000L, standby.read(AdmissionTest::common));
            System.out.println("AdmissionTest: " + ended + " admissions ended during the copy");
            assertTrue(ended > 0, "each copy was made within " + admission);
        }
    }

    /** Writes and does not commit, until the standby has given up or has used what it has copied; whether there was a copy. */
    private boolean goOnDuringTheCopy(ThaApplication active, ThaStandby standby) {
        fill(active.pool(), NOT_COMMITTED);
        boolean copying = active.standbys() > 0;
        while (active.standbys() > 0 && !standby.status().ready()) {
            Thread.onSpinWait();
        }
        if (standby.status().ready()) {
            long value = standby.read(AdmissionTest::common);
            assertTrue(value > 0, () -> "a standby has what was not committed: " + value);
        }
        return copying;
    }

    @Test
    void nobodyWaitsWhereThereIsAnImage() throws InterruptedException {
        try (ThaApplication active = open(Snapshot.IMAGE);
                ThaStandby standby = ThaStandby.open(directory.path(), "items", config(Snapshot.IMAGE))) {
            standby.awaitReady();

            assertEquals(0, active.waitingStandbys());
            assertTrue(active.admitStandbys(Duration.ZERO));
            assertTrue(active.canAbort());
        }
    }

    @Test
    void anAdmissionIsRefusedWhileATransactionIsOpen() {
        try (ThaApplication active = open(Snapshot.LINES); Transaction transaction = active.begin()) {
            IllegalStateException refused =
                    assertThrows(IllegalStateException.class, () -> active.admitStandbys(Duration.ZERO));
            assertTrue(refused.getMessage().contains("open transaction"), refused.getMessage());
            transaction.commit();
        }
    }

    /** At rest when it died: what it left may be copied for ever. */
    @ParameterizedTest
    @EnumSource(names = {"LINES", "NONE"})
    void aStandbyTakesOverFromAnActiveThatDiedInAnAdmission(Snapshot snapshot) {
        try (LedgerDomain domain = new LedgerDomain(16).with(snapshot).alone()) {
            Node active = domain.start("active", false, "IN_ADMISSION");
            LedgerDomain.awaitAcknowledged(active, 100);
            Node standby = domain.start("standby");
            assertEquals(128 + 9, active.process().awaitExit());

            LedgerDomain.awaitActive(List.of(standby));
            long k = domain.verify(standby, active).k();

            LedgerDomain.awaitAcknowledged(standby, k + 100);
        }
    }

    @Test
    void aStandbyThatWasNotAdmittedSaysThatTheStateIsLost() {
        try (LedgerDomain domain = new LedgerDomain(16).with(Snapshot.NONE).alone()) {
            Node active = domain.start("active");
            LedgerDomain.awaitAcknowledged(active, 100);
            active.process().kill();
            Node standby = domain.start("standby");

            assertFalse(standby.process().awaitExit() == 0);
            assertTrue(standby.process().output().contains("the state is lost"), standby.process()::output);
        }
    }
}
