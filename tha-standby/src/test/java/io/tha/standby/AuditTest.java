package io.tha.standby;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tha.active.ThaApplication;
import io.tha.active.ThaConfig;
import io.tha.active.Transaction;
import io.tha.capture.Audit;
import io.tha.layout.Layout;
import io.tha.layout.LongField;
import io.tha.memory.Memory;
import io.tha.pool.ThaPool;
import io.tha.testkit.DomainDirectory;
import io.tha.tracker.TrackerKind;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What an audit finds, says and repairs. */
class AuditTest {
    private static final Layout STOP = Layout.named("Stop").int32("minutes").int64("visits").build();
    private static final Layout ROUTE = Layout.named("Route").int64("flights").structArray("stops", STOP, 20).build();
    private static final LongField FLIGHTS = ROUTE.int64Field("flights");
    private static final LongField VISITS = ROUTE.int64Field("stops[12].visits");

    private final DomainDirectory directory = DomainDirectory.create();
    private final List<String> said = new ArrayList<>();
    private final Logger logger = Logger.getLogger(Audit.class.getName());
    private final Handler listener = new Handler() {
        @Override
        public void publish(LogRecord message) {
            said.add(new SimpleFormatter().formatMessage(message));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeEach
    void listen() {
        logger.addHandler(listener);
        logger.setUseParentHandlers(false);
    }

    @AfterEach
    void remove() {
        logger.removeHandler(listener);
        logger.setUseParentHandlers(true);
        directory.close();
    }

    private ThaApplication open(TrackerKind tracker, int auditEvery) {
        ThaApplication active = ThaApplication.open(
                directory.path(), "routes", ThaConfig.builder().poolBytes(4 << 20).tracker(tracker).auditEvery(auditEvery).build());
        active.register(STOP, ROUTE);
        return active;
    }

    @Test
    void aMissedWriteIsToldWithItsObjectAndFieldAndRepaired() throws InterruptedException {
        try (ThaApplication active = open(TrackerKind.SOFTWARE, 1);
                ThaStandby standby = ThaStandby.open(directory.path(), "routes", ThaConfig.builder().poolBytes(4 << 20).build())) {
            ThaPool pool = active.pool();
            long route = pool.allocate(ROUTE, "SFO-BOS");
            active.begin().commit();
            FLIGHTS.set(pool, route, 1);
            Memory.putLong(pool.address(route) + VISITS.offset(), 77);
            active.begin().commit();

            assertEquals(1, active.missedWrites());
            assertEquals(2, active.auditedCommits());
            assertEquals(
                    List.of("tracker SOFTWARE has missed a write to object 'SFO-BOS' of layout 'Route', field 'stops[12].visits' (byte "
                            + VISITS.offset() + " of the object); this transaction sends it"),
                    said);
            standby.awaitReady();
            while (!active.isFollowed()) {
                Thread.onSpinWait();
            }
            long visits = standby.read(copy -> VISITS.get(copy, copy.find("SFO-BOS")));
            assertEquals(77, visits);
        }
    }

    /** What the audit is for under application tracking: the change that somebody forgot to name. */
    @Test
    void aChangeThatWasNotNamedIsTold() {
        try (ThaApplication active = open(TrackerKind.APPLICATION, 1)) {
            long route = active.pool().allocate(ROUTE, "SFO-BOS");
            active.begin().commit();
            try (Transaction transaction = active.begin()) {
                FLIGHTS.set(active.pool(), route, 1);
                VISITS.set(active.pool(), route, 77);
                transaction.changed(route, FLIGHTS);
                transaction.commit();
            }

            assertEquals(
                    List.of("tracker APPLICATION has missed a write to object 'SFO-BOS' of layout 'Route', field 'stops[12].visits' (byte "
                            + VISITS.offset() + " of the object); this transaction sends it"),
                    said);
        }
    }

    @Test
    void aSampleFindsItLater() {
        try (ThaApplication active = open(TrackerKind.SOFTWARE, 10)) {
            long route = active.pool().allocate(ROUTE, "SFO-BOS");
            active.begin().commit();
            Memory.putLong(active.pool().address(route) + VISITS.offset(), 77);
            for (int i = 2; i < 10; i++) {
                active.begin().commit();
                assertEquals(0, active.missedWrites());
            }
            active.begin().commit();

            assertEquals(1, active.missedWrites());
            assertEquals(1, active.auditedCommits());
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatWasReportedIsNoMissedWrite(TrackerKind tracker) {
        TrackerTest.requireAvailable(tracker);
        try (ThaApplication active = open(tracker, 1)) {
            long route = active.pool().allocate(ROUTE, "SFO-BOS");
            for (int i = 0; i < 100; i++) {
                try (Transaction transaction = active.begin()) {
                    FLIGHTS.set(active.pool(), route, i);
                    VISITS.set(active.pool(), route, i);
                    transaction.changed(route, FLIGHTS, VISITS);
                    active.pool().allocateDynamic(STOP);
                    transaction.commit();
                }
            }

            assertEquals(List.of(), said);
            assertEquals(0, active.missedWrites());
            assertEquals(100, active.auditedCommits());
        }
    }
}
