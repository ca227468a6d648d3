package io.tha.standby;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tha.Outcome;
import io.tha.ThaException;
import io.tha.active.StandbyMode;
import io.tha.active.ThaApplication;
import io.tha.active.ThaConfig;
import io.tha.active.ThaCoordinator;
import io.tha.active.Transaction;
import io.tha.coordination.DomainCut;
import io.tha.pool.ThaPool;
import io.tha.testkit.DomainDirectory;
import io.tha.testkit.Extent;
import io.tha.testkit.ForkedJvm;
import io.tha.testkit.Seeds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Standbys of several applications, read at one instant. */
@Timeout(120)
class JointReadTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int READS = Extent.of(2_000);
    /** Of the node that is killed: what it registers, its first commit, its part, and the commit of that. */
    private static final int PUBLICATIONS = 4;

    private static final int KILLED = 128 + 9;
    private static final List<String> NAMES = List.of("seats", "payments", "ledger");

    private final DomainDirectory directory = DomainDirectory.create();
    private final ThaCoordinator coordinator = ThaCoordinator.open(directory.path());
    private final List<ThaApplication> applications = new ArrayList<>();
    private final List<ThaStandby> standbys = new ArrayList<>();

    @BeforeEach
    void open() throws InterruptedException {
        for (String name : NAMES) {
            ThaApplication application = ThaApplication.open(directory.path(), name, config());
            application.register(IntentNode.COUNTER);
            application.pool().allocate(IntentNode.COUNTER, "counter");
            application.begin().commit();
            applications.add(application);
            standbys.add(standby(name));
        }
    }

    private static ThaConfig config() {
        return config(StandbyMode.COPY);
    }

    private static ThaConfig config(StandbyMode mode) {
        return ThaConfig.builder().poolBytes(1 << 20).ringBytes(1 << 20).lease(Duration.ZERO).standbyMode(mode).build();
    }

    private ThaStandby standby(String name) throws InterruptedException {
        ThaStandby standby = ThaStandby.open(directory.path(), name, config());
        standby.register(IntentNode.COUNTER);
        standby.awaitReady();
        return standby;
    }

    @AfterEach
    void remove() {
        standbys.forEach(ThaStandby::close);
        applications.forEach(ThaApplication::close);
        coordinator.close();
        directory.close();
    }

    private static long value(ThaPool pool) {
        return IntentNode.VALUE.get(pool, pool.find("counter"));
    }

    private void add(int application, long id, long amount) {
        try (Transaction part = applications.get(application).join(id)) {
            ThaPool pool = applications.get(application).pool();
            IntentNode.VALUE.add(pool, pool.find("counter"), amount);
            part.done();
        }
    }

    private long begin(int... participants) {
        String[] names = new String[participants.length];
        for (int i = 0; i < names.length; i++) {
            names[i] = NAMES.get(participants[i]);
        }
        return coordinator.begin(names);
    }

    /** The last participant is told the outcome. */
    private void commit(int... participants) {
        long id = begin(participants);
        for (int participant : participants) {
            add(participant, id, 1);
        }
        for (int participant : participants) {
            assertEquals(Outcome.COMMITTED, applications.get(participant).awaitDecision(id, SOON));
        }
    }

    private void awaitValue(int standby, long value) {
        LedgerDomain.await("standby " + standby + " has " + value, () -> standbys.get(standby).read(JointReadTest::value) == value);
    }

    @Test
    void amountsThatAreMovedAreNeverMissingOrThereTwice() throws InterruptedException {
        Random random = Seeds.random();
        AtomicBoolean over = new AtomicBoolean();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread mover = new Thread(() -> move(random, over), "mover");
        mover.setUncaughtExceptionHandler((thread, e) -> failure.set(e));
        mover.start();
        for (int i = 0; i < READS; i++) {
            List<Long> values = JointRead.of(standbys, SOON, pools -> pools.stream().map(JointReadTest::value).toList());
            assertEquals(0, values.stream().mapToLong(Long::longValue).sum(), () -> "values " + values);
        }
        over.set(true);
        mover.join();
        assertEquals(null, failure.get());
        long moved = JointRead.of(List.of(standbys.get(0)), SOON, pools -> value(pools.get(0)));
        assertTrue(moved != 0, "nothing was moved");
    }

    /** Between two or three of them, done in any order. */
    private void move(Random random, AtomicBoolean over) {
        while (!over.get()) {
            int from = random.nextInt(3);
            int to = (from + 1 + random.nextInt(2)) % 3;
            long amount = 1L + random.nextInt(1_000);
            long id = begin(from, to);
            add(from, id, -amount);
            add(to, id, amount);
        }
    }

    @Test
    void oneThatIsBehindGoesOnExactlyAsFarAsAnotherNeedsIt() throws InterruptedException {
        try (StandbyHold seats = standbys.get(0).hold(SOON)) {
            commit(0, 1);
            commit(0);
            awaitValue(1, 1);
            try (StandbyHold payments = standbys.get(1).hold(SOON)) {
                assertTrue(seats.cut().isBehind(payments.cut()));
                JointRead.align(List.of(seats, payments), SOON);

                assertEquals(1, seats.read(JointReadTest::value), "as far as the other one, and not behind it");
            }
        }
        awaitValue(0, 2);
    }

    /** What one needs, needs a third one: 2 has what 1 must have, and that has what 0 must have. */
    @Test
    void whatItAppliesOnTheWayMayNeedOthersFurther() throws InterruptedException {
        try (StandbyHold seats = standbys.get(0).hold(SOON); StandbyHold payments = standbys.get(1).hold(SOON)) {
            commit(0, 1);
            commit(1, 2);
            awaitValue(2, 1);
            try (StandbyHold ledger = standbys.get(2).hold(SOON)) {
                JointRead.align(List.of(seats, payments, ledger), SOON);

                assertEquals(List.of(1L, 2L, 1L), List.of(
                        seats.read(JointReadTest::value), payments.read(JointReadTest::value), ledger.read(JointReadTest::value)));
            }
        }
    }

    @Test
    void whatWasDoneInOppositeOrdersIsThereTogether() throws InterruptedException {
        try (StandbyHold seats = standbys.get(0).hold(SOON)) {
            long first = begin(0, 1);
            long second = begin(0, 1);
            add(0, first, 1);
            add(0, second, 10);
            add(1, second, 10);
            add(1, first, 1);
            awaitValue(1, 11);
            try (StandbyHold payments = standbys.get(1).hold(SOON)) {
                JointRead.align(List.of(payments, seats), SOON);

                assertEquals(11, seats.read(JointReadTest::value));
            }
        }
    }

    @Test
    void aStandbyThatJoinsLaterKnowsWhatTheStateNeeds() throws InterruptedException {
        commit(0, 1);
        commit(0, 2);
        commit(0);
        try (ThaStandby late = standby("seats"); StandbyHold hold = late.hold(SOON)) {
            DomainCut cut = hold.cut();
            assertEquals(List.of(3L, 1L, 1L), List.of(cut.chainEnd(), cut.needs(1), cut.needs(2)));
        }
    }

    /** Also one that follows on with its copy, and one that copies from the new active. */
    @Test
    void whoTakesOverHandsOnWhatTheStateNeeds() throws InterruptedException {
        commit(0, 1);
        awaitValue(0, 1);
        try (ThaStandby other = standby("seats")) {
            applications.get(0).close();
            ThaApplication next = standbys.get(0).awaitTakeover().application();
            applications.set(0, next);
            commit(0, 2);
            try (ThaStandby late = standby("seats"); StandbyHold hold = late.hold(SOON)) {
                LedgerDomain.await("the other one follows", () -> other.status().epoch() == next.epoch() && other.read(JointReadTest::value) == 2);
                try (StandbyHold followed = other.hold(SOON)) {
                    assertEquals(followed.cut(), hold.cut());
                    assertEquals(List.of(2L, 1L, 1L), List.of(hold.cut().chainEnd(), hold.cut().needs(1), hold.cut().needs(2)));
                }
            }
        }
    }

    /** The log of the dead one says nothing of the decision, but the successor's state has it. */
    @ParameterizedTest
    @EnumSource
    void whatIsDecidedAtATakeoverIsInTheCut(StandbyMode mode) throws InterruptedException {
        standbys.get(0).close();
        long id = begin(0, 1);
        add(0, id, 1);
        applications.get(0).close();
        add(1, id, 1);
        standbys.set(0, ThaStandby.open(directory.path(), "seats", config(mode)));
        standbys.get(0).register(IntentNode.COUNTER);
        applications.set(0, standbys.get(0).awaitTakeover().application());
        try (ThaStandby next = standby("seats"); StandbyHold hold = next.hold(SOON)) {
            assertEquals(1, hold.read(JointReadTest::value));
            assertEquals(List.of(1L, 1L), List.of(hold.cut().chainEnd(), hold.cut().needs(1)));
        }
    }

    /** Between the publication and the image, which the successor completes. */
    @ParameterizedTest
    @EnumSource
    void whatWasPublishedLastIsInTheCut(StandbyMode mode) throws InterruptedException {
        try (ForkedJvm node = ForkedJvm.of(ParticipantNode.class)
                .args(directory.path(), "killed")
                .property("tha.crashPoint", "AFTER_PUBLISH_BEFORE_IMAGE:" + PUBLICATIONS)
                .start()) {
            node.awaitLine("READY");
            try (ThaStandby successor = ThaStandby.open(directory.path(), "killed", config(mode))) {
                successor.register(IntentNode.COUNTER);
                successor.awaitReady();
                long id = coordinator.begin("killed", "payments");
                node.send(Long.toString(id));
                node.awaitLine("DONE");
                add(1, id, 1);
                assertEquals(KILLED, node.awaitExit(), "exit code");
                applications.add(successor.awaitTakeover().application());
                try (ThaStandby next = standby("killed"); StandbyHold hold = next.hold(SOON)) {
                    assertEquals(1, hold.read(JointReadTest::value));
                    assertEquals(List.of(1L, 1L), List.of(hold.cut().chainEnd(), hold.cut().needs(1)));
                }
            }
        }
    }

    /** Also one that is behind: the takeover does not wait for whoever reads. */
    @Test
    void aTakeoverEndsTheHold() throws InterruptedException {
        try (StandbyHold seats = standbys.get(0).hold(Duration.ofMinutes(10))) {
            commit(0, 1);
            applications.get(0).close();
            applications.set(0, standbys.get(0).awaitTakeover().application());

            assertThrows(IllegalStateException.class, seats::cut);
        }
    }

    @Test
    void aHoldEndsByItself() throws InterruptedException {
        try (StandbyHold seats = standbys.get(0).hold(Duration.ofMillis(1))) {
            commit(0, 1);
            awaitValue(0, 1);

            assertThrows(IllegalStateException.class, () -> seats.read(JointReadTest::value));
        }
    }

    @Test
    void whatTheActiveHasNotCommittedIsNotWaitedForLongerThanToldTo() throws InterruptedException {
        try (StandbyHold seats = standbys.get(0).hold(SOON)) {
            assertThrows(ThaException.class, () -> seats.advanceTo(1, Duration.ofMillis(1)));
            assertEquals(0, seats.cut().chainEnd());
        }
    }

    @Test
    void onlyOneHoldsAStandbyAtATime() throws InterruptedException {
        try (StandbyHold first = standbys.get(0).hold(SOON)) {
            assertThrows(ThaException.class, () -> standbys.get(0).hold(Duration.ofMillis(1)));
            assertEquals(0, first.cut().chainEnd());
        }
        StandbyHold next = standbys.get(0).hold(SOON);
        next.close();
        next.close(); // which lets nobody else in
        try (StandbyHold last = standbys.get(0).hold(SOON)) {
            assertThrows(ThaException.class, () -> standbys.get(0).hold(Duration.ofMillis(1)));
            assertEquals(0, last.cut().chainEnd());
        }
    }

    @Test
    void twoOfOneApplicationAreRefused() {
        ThaStandby one = standbys.get(0);
        assertThrows(IllegalArgumentException.class, () -> JointRead.of(List.of(one, one), SOON, pools -> 0));
    }
}
