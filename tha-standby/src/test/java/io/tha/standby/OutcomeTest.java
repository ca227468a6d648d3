package io.tha.standby;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tha.Outcome;
import io.tha.active.Ack;
import io.tha.active.ThaApplication;
import io.tha.active.ThaConfig;
import io.tha.active.Transaction;
import io.tha.capture.Snapshot;
import io.tha.region.ControlFile;
import io.tha.region.OutcomeTable;
import io.tha.testkit.DomainDirectory;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What became of a transaction is told alike by the active, by standbys old and new, and after takeovers. */
@Timeout(120)
class OutcomeTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int COMMITS = 5_000;
    /** Names of files contain some. */
    private static final int FEW = 100;

    private final DomainDirectory directory = DomainDirectory.create();
    private final Map<Long, Outcome> expected = new LinkedHashMap<>();
    private ThaConfig config = IntentNode.CONFIG;
    private ThaApplication active;
    private int group;
    private long counter;

    @BeforeEach
    void open() {
        active = ThaApplication.open(directory.path(), IntentNode.APPLICATION, config);
        active.register(IntentNode.COUNTER);
        group = active.pool().createGroup("group");
        counter = active.pool().allocate(IntentNode.COUNTER, "counter");
        active.begin().commit();
    }

    @AfterEach
    void remove() {
        active.close();
        directory.close();
    }

    /** What standbys have; their active has the given one. */
    ThaConfig standbyConfig(ThaConfig config) {
        return config;
    }

    private ThaStandby standby() throws InterruptedException {
        ThaStandby standby = ThaStandby.open(directory.path(), IntentNode.APPLICATION, standbyConfig(config));
        standby.register(IntentNode.COUNTER);
        standby.awaitReady();
        return standby;
    }

    /** Else a few standbys that come and go would push the outcomes of a million transactions out of the table. */
    @Test
    void theRehearsalOfAStandbyUsesUpNoIds() throws InterruptedException {
        try (ControlFile control = ControlFile.open(directory.path())) {
            long before = control.takeTransactionIds(1);
            try (ThaStandby standby = ThaStandby.open(directory.path(), IntentNode.APPLICATION, standbyConfig(config))) {
                standby.register(IntentNode.COUNTER);
                standby.rehearse(application -> {
                    for (int i = 0; i < COMMITS; i++) {
                        application.begin().commit();
                    }
                });
                standby.awaitReady();
            }
            long used = control.takeTransactionIds(1) - before;
            assertTrue(used < FEW, () -> used + " ids were used up");
        }
    }

    private long commit() {
        try (Transaction transaction = active.begin(0)) {
            IntentNode.VALUE.add(active.pool(), counter, 1);
            transaction.commit(active.standbys() == 0 ? Ack.LOGGED : Ack.APPLIED_ALL, SOON);
            expected.put(transaction.id(), Outcome.COMMITTED);
            return transaction.id();
        }
    }

    private void abort(boolean flushes, boolean announces) {
        try (Transaction transaction = active.begin(0)) {
            IntentNode.VALUE.add(active.pool(), counter, 1);
            if (flushes) {
                transaction.flush();
            }
            if (announces) {
                transaction.intent(new byte[1]);
            }
            expected.put(transaction.id(), flushes || announces ? Outcome.ABORTED : Outcome.UNKNOWN_NEVER_PUBLISHED);
        }
    }

    private void someOfAll() {
        commit();
        abort(true, false);
        abort(false, true);
        abort(true, true);
        abort(false, false);
        commit();
    }

    private void assertOutcomes(ThaStandby standby) {
        expected.forEach((id, outcome) -> {
            assertEquals(outcome, active.outcome(id), () -> "active, transaction " + id);
            assertEquals(outcome, standby.outcome(id), () -> "standby, transaction " + id);
        });
    }

    @Test
    void activeAndStandbysAgree() throws InterruptedException {
        someOfAll();
        for (int i = 0; i < COMMITS; i++) {
            commit();
        }
        Transaction open = active.begin(group);
        open.intent(new byte[1]);
        expected.put(open.id(), Outcome.UNDECIDED);
        try (ThaStandby standby = standby()) {
            someOfAll();
            assertOutcomes(standby);
            try (ThaStandby late = standby()) {
                assertOutcomes(late);
                open.commit();
                expected.put(open.id(), Outcome.COMMITTED);
                commit();
                assertOutcomes(late);
            }
            assertOutcomes(standby);
        }
        for (long never : new long[] {Long.MIN_VALUE, -1, 0, open.id() + 100_000, Long.MAX_VALUE}) {
            assertEquals(Outcome.UNKNOWN_NEVER_PUBLISHED, active.outcome(never), () -> "id " + never);
        }
    }

    @Test
    void takeoversKeepThemAndAbortWhatWasUndecided() throws InterruptedException {
        for (int epoch = 1; epoch <= 3; epoch++) {
            someOfAll();
            try (ThaStandby standby = standby()) {
                Transaction announced = active.begin(group);
                announced.intent(new byte[1]);
                Transaction flushed = active.begin(0);
                IntentNode.VALUE.add(active.pool(), counter, 1);
                flushed.flush();
                expected.put(announced.id(), Outcome.UNDECIDED);
                expected.put(flushed.id(), Outcome.UNDECIDED);
                assertEquals(Outcome.UNDECIDED, active.outcome(flushed.id()));
                active.close();
                active = standby.awaitTakeover().application();
                counter = active.pool().find("counter");
                expected.put(announced.id(), Outcome.ABORTED);
                expected.put(flushed.id(), Outcome.ABORTED);
                assertThrows(IllegalStateException.class, () -> standby.outcome(1));
            }
            commit();
            try (ThaStandby standby = standby()) {
                assertOutcomes(standby);
            }
        }
    }

    @Test
    void aCommitThatNobodyAcknowledgedInTimeIsCommitted() {
        try (Transaction transaction = active.begin()) {
            assertFalse(transaction.commit(Ack.APPLIED, Duration.ofMillis(5)));
            assertEquals(Outcome.COMMITTED, active.outcome(transaction.id()));
        }
    }

    /** The group has not been written for a long time, and still has ids from then; their places belong to others now. */
    @Test
    void aTransactionOfALongIdleGroupIsRemembered() throws InterruptedException {
        commitInGroup();
        ControlFile control = ControlFile.open(directory.path());
        control.takeTransactionIds((int) OutcomeTable.IDS - COMMITS / 2);
        for (int i = 0; i < COMMITS; i++) {
            commit();
        }
        expected.clear();
        expected.put(commitInGroup(), Outcome.COMMITTED);
        try (ThaStandby standby = standby()) {
            assertOutcomes(standby);
        }
    }

    private long commitInGroup() {
        try (Transaction transaction = active.begin(group)) {
            transaction.commit();
            return transaction.id();
        }
    }

    @Test
    void anApplicationWithoutAnImageHasThemToo() throws InterruptedException {
        active.close();
        directory.close();
        config = config.toBuilder().snapshot(Snapshot.LINES).build();
        try (DomainDirectory other = DomainDirectory.create();
                ThaApplication lines = ThaApplication.open(other.path(), IntentNode.APPLICATION, config)) {
            Transaction transaction = lines.begin();
            transaction.commit();
            try (ThaStandby standby = ThaStandby.open(other.path(), IntentNode.APPLICATION, config)) {
                standby.start();
                while (lines.waitingStandbys() == 0) {
                    Thread.onSpinWait();
                }
                lines.admitStandbys(SOON);
                standby.awaitReady();
                assertEquals(Outcome.COMMITTED, standby.outcome(transaction.id()));
            }
        }
    }
}
