package io.tha.standby;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tha.Outcome;
import io.tha.active.ThaApplication;
import io.tha.active.ThaConfig;
import io.tha.active.ThaCoordinator;
import io.tha.active.Transaction;
import io.tha.pool.ThaPool;
import io.tha.region.ControlFile;
import io.tha.testkit.DomainDirectory;
import io.tha.testkit.ForkedJvm;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is committed by the decision table is there on the standbys, also while the active, which has not acted upon it, stands still or is dead. */
@Timeout(120)
class PartsAheadTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String NAME = "slow";
    private static final int ROUNDS = 20;
    private static final int RING_BYTES = 64 << 10;
    private static final int INTENT_BYTES = 1 << 10;

    private final DomainDirectory directory = DomainDirectory.create();
    private final ThaCoordinator coordinator = ThaCoordinator.open(directory.path());
    private ThaApplication other;

    @BeforeEach
    void open() {
        other = serving("other", 0);
    }

    private ThaApplication serving(String name, double scrubShare) {
        ThaApplication application = ThaApplication.open(directory.path(), name, config(scrubShare));
        application.register(IntentNode.COUNTER);
        application.pool().allocate(IntentNode.COUNTER, "counter");
        application.begin().commit();
        return application;
    }

    private static ThaConfig config(double scrubShare) {
        return ThaConfig.builder().poolBytes(1 << 20).ringBytes(RING_BYTES).lease(Duration.ZERO).scrubShare(scrubShare).build();
    }

    private ThaStandby standby() throws InterruptedException {
        ThaStandby standby = ThaStandby.open(directory.path(), NAME, config(0));
        standby.register(IntentNode.COUNTER);
        standby.awaitReady();
        return standby;
    }

    @AfterEach
    void remove() {
        other.close();
        coordinator.close();
        directory.close();
    }

    private static long value(ThaPool pool) {
        return IntentNode.VALUE.get(pool, pool.find("counter"));
    }

    private static void awaitValue(ThaStandby standby, long value) {
        LedgerDomain.await("the standby has " + value, () -> LedgerDomain.readOr(-1L, standby, PartsAheadTest::value) == value);
    }

    private static void add(ThaApplication application, long id) {
        try (Transaction part = application.join(id)) {
            IntentNode.VALUE.add(application.pool(), application.pool().find("counter"), 1);
            part.done();
        }
    }

    /** Its thread that would act is kept by a listener, while it scrubs, and so has undecided frames repeated in its small log. */
    @Test
    void aStandbyDoesNotWaitForAnActiveThatStandsStill() throws InterruptedException {
        CountDownLatch goOn = new CountDownLatch(1);
        try (ThaApplication slow = serving(NAME, 1); ThaStandby standby = standby()) {
            slow.onDecision((id, outcome) -> awaitUninterruptibly(goOn));
            try {
                long first = commit(slow);
                awaitValue(standby, 1);
                LedgerDomain.await("the first part is acted upon", () -> slow.outcome(first) == Outcome.COMMITTED);
                long second = commit(slow);

                awaitValue(standby, 2);
                assertEquals(Outcome.UNDECIDED, slow.outcome(second));
                assertEquals(Outcome.COMMITTED, standby.outcome(second));
                long rounds = slow.scrubRounds();
                LedgerDomain.await("it scrubs", () -> slow.scrubRounds() >= rounds + ROUNDS);
                assertEquals(Outcome.UNDECIDED, slow.outcome(second));
                assertEquals(2, standby.read(PartsAheadTest::value));
            } finally {
                goOn.countDown();
            }
            slow.begin().commit();
            add(slow, begun());
            awaitValue(standby, 3);
            assertEquals(0, standby.status().scrub().suspects());
        }
    }

    private long begun() {
        return coordinator.begin(NAME);
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        boolean over = false;
        while (!over) {
            try {
                latch.await();
                over = true;
            } catch (InterruptedException e) {
                // Once it is closed it waits still.
            }
        }
    }

    /** The one that has it takes over; the other one, which was held before that, must not go on without it. */
    @Test
    void whatAStandbyIsAheadByIsNotLostAtATakeover() throws InterruptedException {
        try (ForkedJvm node = ForkedJvm.of(ParticipantNode.class)
                        .args(directory.path(), NAME)
                        .property("tha.crashPoint", "AFTER_DECIDED:1:STOP")
                        .start()) {
            node.awaitLine("READY");
            try (ThaStandby successor = standby(); ThaStandby held = standby()) {
                long id = coordinator.begin(NAME, "other");
                StandbyHold hold = held.hold(SOON);
                node.send(Long.toString(id));
                node.awaitLine("DONE");
                add(other, id);
                node.awaitStopped();
                awaitValue(successor, 1);
                assertEquals(0, hold.read(PartsAheadTest::value));

                node.kill();
                try (ThaApplication next = successor.awaitTakeover().application()) {
                    assertEquals(1, value(next.pool()));
                    assertEquals(Outcome.COMMITTED, next.outcome(id));
                    hold.close();
                    awaitValue(held, 1);
                    add(next, begun());
                    awaitValue(held, 2);
                    try (StandbyHold last = held.hold(SOON)) {
                        assertEquals(2, last.cut().chainEnd());
                        assertEquals(1, last.cut().needs(applicationOf("other")));
                    }
                }
            }
        }
    }

    private int applicationOf(String name) {
        try (ControlFile control = ControlFile.open(directory.path())) {
            return control.findApplication(name);
        }
    }

    /** Its ring has come around since, so that a late joiner knows it only by what the log has repeated. */
    @Test
    void aPartThatWasPublishedLongAgoIsKnownToALateStandby() throws InterruptedException {
        ThaApplication dying = serving(NAME, 0);
        long id = coordinator.begin(NAME, "other");
        add(dying, id);
        for (int bytes = 0; bytes < 4 * RING_BYTES; bytes += INTENT_BYTES) {
            try (Transaction abandoned = dying.begin()) {
                abandoned.intent(new byte[INTENT_BYTES]);
            }
        }
        dying.close();
        add(other, id);
        try (ThaStandby late = ThaStandby.open(directory.path(), NAME, config(0))) {
            late.register(IntentNode.COUNTER);
            try (ThaApplication next = late.awaitTakeover().application()) {
                assertEquals(Outcome.COMMITTED, next.outcome(id));
                assertEquals(1, value(next.pool()));
            }
        }
    }

    /** By what the table says, too, it goes on only as far as it is let go. */
    @Test
    void aStandbyThatIsHeldGoesAheadExactlySoFar() throws InterruptedException {
        CountDownLatch goOn = new CountDownLatch(1);
        try (ThaApplication slow = serving(NAME, 0); ThaStandby standby = standby()) {
            slow.onDecision((id, outcome) -> awaitUninterruptibly(goOn));
            try {
                commit(slow);
                LedgerDomain.await("the first part is told", () -> standby.read(PartsAheadTest::value) == 1);
                try (StandbyHold hold = standby.hold(SOON)) {
                    commit(slow);
                    commit(slow);
                    hold.advanceTo(2, SOON);

                    assertEquals(2, hold.read(PartsAheadTest::value));
                }
                awaitValue(standby, 3);
            } finally {
                goOn.countDown();
            }
        }
    }

    private long commit(ThaApplication slow) {
        long id = coordinator.begin(NAME, "other");
        add(slow, id);
        add(other, id);
        return id;
    }
}
