package io.tha.standby;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tha.FencedException;
import io.tha.Intent;
import io.tha.Outcome;
import io.tha.ThaException;
import io.tha.TransactionAbortedException;
import io.tha.active.RegisteredMemory;
import io.tha.active.SwitchoverResult;
import io.tha.active.ThaApplication;
import io.tha.active.ThaConfig;
import io.tha.active.ThaCoordinator;
import io.tha.active.Transaction;
import io.tha.capture.Snapshot;
import io.tha.memory.LineMarks;
import io.tha.memory.Memory;
import io.tha.region.ControlFile;
import io.tha.region.DomainFiles;
import io.tha.region.LogFile;
import io.tha.region.TailSealer;
import io.tha.region.TakeoverWalk;
import io.tha.takeover.Takeover;
import io.tha.testkit.DomainDirectory;
import io.tha.testkit.Extent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What participants of coordinated transactions are told, and when; wrong use changes nothing. */
@Timeout(120)
class CoordinationTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int ABORTS = Extent.of(500);

    private final DomainDirectory directory = DomainDirectory.create();
    private final ThaCoordinator coordinator = ThaCoordinator.open(directory.path());
    private ThaApplication seats;
    private ThaApplication payments;

    @BeforeEach
    void open() {
        seats = application("seats", Snapshot.IMAGE);
        payments = application("payments", Snapshot.IMAGE);
    }

    private ThaApplication application(String name, Snapshot snapshot) {
        ThaConfig config = ThaConfig.builder().poolBytes(1 << 20).ringBytes(1 << 20).lease(Duration.ZERO).snapshot(snapshot).build();
        ThaApplication application = ThaApplication.open(directory.path(), name, config);
        application.register(IntentNode.COUNTER);
        application.pool().allocate(IntentNode.COUNTER, "counter");
        application.begin().commit();
        return application;
    }

    @AfterEach
    void remove() {
        seats.close();
        payments.close();
        coordinator.close();
        directory.close();
    }

    private static long value(ThaApplication application) {
        return IntentNode.VALUE.get(application.pool(), application.pool().find("counter"));
    }

    private static void add(ThaApplication application) {
        IntentNode.VALUE.add(application.pool(), application.pool().find("counter"), 1);
    }

    private static Outcome takePart(ThaApplication application, long id) {
        try (Transaction part = application.join(id)) {
            add(application);
            return part.done();
        }
    }

    @Test
    void itIsCommittedWhenTheLastIsDone() {
        long id = coordinator.begin("seats", "payments");

        assertEquals(Outcome.UNDECIDED, takePart(seats, id));
        assertEquals(Outcome.UNDECIDED, coordinator.outcome(id));
        assertEquals(Outcome.COMMITTED, takePart(payments, id));

        assertEquals(Outcome.COMMITTED, seats.awaitDecision(id, SOON));
        assertEquals(Outcome.COMMITTED, payments.outcome(id));
        assertEquals(1, value(seats));
    }

    @Test
    void theNotifierIsTheLastOfThoseThatHaveJoined() {
        long id = coordinator.beginNotified("payments", "seats", "payments");
        try (Transaction open = seats.join(id); Transaction notifier = payments.join(id)) {
            assertThrows(IllegalStateException.class, notifier::done);
            open.done();

            assertEquals(Outcome.COMMITTED, notifier.done());
        }
    }

    @Test
    void inADeclaredOrderEachWaitsForThoseBefore() {
        long id = coordinator.beginInOrder("payments", "seats");
        try (Transaction second = seats.join(id)) {
            assertThrows(IllegalStateException.class, second::done);
            assertEquals(Outcome.UNDECIDED, takePart(payments, id));

            assertEquals(Outcome.COMMITTED, second.done());
        }
    }

    @Test
    void whenTheCountIsReachedNobodyElseCanJoin() {
        long id = coordinator.beginCounted(1, "seats", "payments");

        assertEquals(Outcome.COMMITTED, takePart(seats, id));
        assertThrows(IllegalArgumentException.class, () -> payments.join(id));
        payments.begin().close();
    }

    /** Each decision is told once, commits in the order in which the application was done. */
    @Test
    void commitsAreToldInOrder() {
        List<String> told = Collections.synchronizedList(new ArrayList<>());
        seats.onDecision((id, outcome) -> told.add(id + " " + outcome));
        long first = coordinator.begin("seats", "payments");
        long second = coordinator.begin("seats");
        long third = coordinator.begin("seats", "payments");
        takePart(seats, first);
        takePart(seats, second);
        takePart(seats, third);
        assertTrue(told.isEmpty(), "decided before the first is");
        takePart(payments, first);
        LedgerDomain.await("both are told", () -> told.size() == 2);
        assertEquals(List.of(first + " COMMITTED", second + " COMMITTED"), told);
        coordinator.abort(third);
        LedgerDomain.await("the abort is told", () -> told.size() == 3);

        assertEquals(third + " ABORTED", told.get(2));
        assertEquals(2, value(seats));
    }

    @Test
    void whatIsBuiltOnAnAbortedOneIsAbortedWithIt() {
        long first = coordinator.begin("seats", "payments");
        long second = coordinator.begin("seats");
        takePart(seats, first);
        takePart(seats, second);
        assertEquals(2, value(seats));

        coordinator.abort(first);

        assertEquals(Outcome.ABORTED, seats.awaitDecision(second, SOON));
        assertEquals(0, value(seats));
    }

    /** While what is behind it is being undone. */
    @Test
    void anEarlierOneMayBeAbortedAtAnyMoment() {
        for (int i = 0; i < ABORTS; i++) {
            long first = coordinator.begin("seats", "payments");
            long second = coordinator.begin("seats", "payments");
            takePart(seats, first);
            takePart(seats, second);
            coordinator.abort(second);
            coordinator.abort(first);

            assertEquals(Outcome.ABORTED, seats.awaitDecision(second, SOON));
            assertEquals(Outcome.ABORTED, seats.awaitDecision(first, SOON));
            assertEquals(0, value(seats));
        }
    }

    @Test
    void aPartThatIsClosedBeforeItIsDoneAbortsAll() {
        long id = coordinator.begin("seats", "payments");
        takePart(payments, id);
        try (Transaction part = seats.join(id)) {
            add(seats);
            assertEquals(id, part.id());
        }

        assertEquals(Outcome.ABORTED, payments.awaitDecision(id, SOON));
        assertEquals(0, value(payments));
        assertEquals(0, value(seats));
    }

    /** Its own transactions are built on what is undecided: they wait, and are committed or undone with it. */
    @Test
    void aCommitWaitsForWhatIsUndecided() throws Exception {
        for (boolean commits : List.of(true, false)) {
            long before = value(seats);
            long id = coordinator.begin("seats", "payments");
            takePart(seats, id);
            CompletableFuture<Void> own = CompletableFuture.runAsync(() -> {
                try (Transaction transaction = seats.begin()) {
                    add(seats);
                    transaction.commit();
                }
            });
            LedgerDomain.await("the transaction is written", () -> value(seats) == before + 2);
            assertFalse(own.isDone(), "it did not wait");
            if (commits) {
                takePart(payments, id);
                own.get();
                assertEquals(before + 2, value(seats));
            } else {
                coordinator.abort(id);
                ExecutionException e = assertThrows(ExecutionException.class, own::get);
                assertEquals(TransactionAbortedException.class, e.getCause().getClass());
                assertEquals(Outcome.ABORTED, seats.awaitDecision(id, SOON));
                assertEquals(before, value(seats));
            }
        }
    }

    /** Whoever is open when something is undone, is undone too, and told when it ends. */
    @Test
    void anOpenTransactionIsUndoneWithWhatItIsBuiltOn() {
        long id = coordinator.begin("seats", "payments");
        takePart(seats, id);
        try (Transaction open = seats.begin()) {
            add(seats);
            coordinator.abort(id);
            assertEquals(Outcome.UNDECIDED, seats.awaitDecision(id, Duration.ofMillis(1)), "undone under the hands of the service");

            assertThrows(TransactionAbortedException.class, open::commit);
        }
        assertEquals(Outcome.ABORTED, seats.awaitDecision(id, SOON));
        assertEquals(0, value(seats));
    }

    @Test
    void admittingStandbysIsACommitToo() {
        long id = coordinator.begin("seats", "payments");
        takePart(seats, id);
        CompletableFuture<Boolean> admitted = CompletableFuture.supplyAsync(() -> seats.admitStandbys(SOON));
        coordinator.abort(id);

        try {
            admitted.join();
        } catch (CompletionException e) {
            assertEquals(TransactionAbortedException.class, e.getCause().getClass());
        }

        assertEquals(Outcome.ABORTED, seats.awaitDecision(id, SOON));
        assertEquals(0, value(seats));
        seats.begin().close();
    }

    @Test
    void aFutureTellsTheDecision() throws Exception {
        long id = coordinator.begin("seats", "payments");
        takePart(seats, id);
        CompletableFuture<Outcome> before = seats.decision(id);
        assertFalse(before.isDone());
        takePart(payments, id);
        assertEquals(Outcome.COMMITTED, before.get(60, TimeUnit.SECONDS));
        assertEquals(Outcome.COMMITTED, seats.decision(id).get(60, TimeUnit.SECONDS), "when it is decided already");

        long left = coordinator.begin("seats", "payments");
        takePart(seats, left);
        CompletableFuture<Outcome> never = seats.decision(left);
        seats.close();
        ExecutionException e = assertThrows(ExecutionException.class, () -> never.get(60, TimeUnit.SECONDS));
        assertTrue(e.getCause() instanceof IllegalStateException, e::toString);
    }

    @Test
    void aFutureEndsWhenAnotherProcessTakesOver() {
        long id = coordinator.begin("seats", "payments");
        takePart(seats, id);
        CompletableFuture<Outcome> never = seats.decision(id);
        try (ControlFile control = ControlFile.open(directory.path());
                LogFile log = LogFile.open(new DomainFiles(control, "seats").log(1))) {
            int application = control.findApplication("seats");
            TakeoverWalk walk = TakeoverWalk.claim(control, application, control.takeoverWordAcquire(application));
            TailSealer.seal(log);

            ExecutionException e = assertThrows(ExecutionException.class, () -> never.get(60, TimeUnit.SECONDS));
            assertTrue(e.getCause() instanceof FencedException, e::toString);
            walk.giveUp();
        }
    }

    @Test
    void aListenerThatThrowsHoldsNobodyUp() {
        List<Long> told = Collections.synchronizedList(new ArrayList<>());
        seats.onDecision((id, outcome) -> {
            told.add(id);
            throw new IllegalStateException("thrown by a test");
        });
        takePart(seats, coordinator.begin("seats"));
        LedgerDomain.await("the first is told", () -> told.size() == 1);
        takePart(seats, coordinator.begin("seats"));

        LedgerDomain.await("the second is told", () -> told.size() == 2);
    }

    @Test
    void wrongUseChangesNothing() {
        long id = coordinator.begin("seats");
        assertThrows(IllegalArgumentException.class, () -> coordinator.begin("seats", "nobody"));
        assertThrows(IllegalArgumentException.class, () -> coordinator.begin("seats", "seats"));
        assertThrows(IllegalArgumentException.class, () -> coordinator.begin());
        assertThrows(IllegalArgumentException.class, () -> coordinator.beginCounted(2, "seats"));
        assertThrows(IllegalArgumentException.class, () -> coordinator.beginNotified("payments", "seats"));
        assertThrows(IllegalArgumentException.class, () -> payments.join(id));
        assertThrows(IllegalArgumentException.class, () -> seats.join(id + 1_000_000));
        try (Transaction part = seats.join(id)) {
            assertThrows(IllegalStateException.class, part::commit);
            assertThrows(IllegalStateException.class, part::commitAsync);
            assertThrows(IllegalStateException.class, () -> seats.join(id));
            add(seats);

            assertEquals(Outcome.COMMITTED, part.done());
            assertThrows(IllegalStateException.class, part::done);
        }
        try (Transaction own = seats.begin()) {
            assertThrows(IllegalStateException.class, own::done);
        }
        try (Transaction own = payments.begin()) {
            add(payments);
            own.commit();
        }
        assertEquals(1, value(seats));
        assertEquals(1, value(payments));
    }

    /** Nobody who reads it is led astray, and nothing else of the domain is harmed. */
    @Test
    void aTableThatIsNoneIsRefused() throws IOException {
        Path other = directory.resolve("other");
        try (ThaApplication alone = ThaApplication.open(other, "alone", ThaConfig.builder().poolBytes(1 << 20).ringBytes(1 << 20).build())) {
            Path table = other.resolve("decisions");
            Files.write(table, new byte[100]);
            assertThrows(ThaException.class, () -> ThaCoordinator.open(other));
            assertThrows(ThaException.class, () -> alone.join(1));
            Files.delete(table);
            Files.createSymbolicLink(table, directory.resolve("decisions"));
            assertThrows(ThaException.class, () -> ThaCoordinator.open(other));
            alone.begin().commit();
            Files.delete(table);
            ThaCoordinator.open(other).close();
        }
    }

    @Test
    void withoutAnImageNobodyCanTakePart() {
        try (ThaApplication lines = application("lines", Snapshot.LINES)) {
            long id = coordinator.begin("lines");

            assertThrows(IllegalStateException.class, () -> lines.join(id));

            lines.begin().close();
        }
    }

    /** It would not be undone. */
    @Test
    void whoTakesPartHasNoMemoryOutsideThePool() {
        long allocated = Memory.allocate(2 * LineMarks.PAGE_LENGTH);
        long memory = allocated + LineMarks.PAGE_LENGTH & -LineMarks.PAGE_LENGTH;
        try {
            long id = coordinator.begin("seats", "payments");
            takePart(seats, id);
            assertThrows(IllegalStateException.class, () -> register(seats, memory));
            takePart(payments, id);
            assertEquals(Outcome.COMMITTED, seats.awaitDecision(id, SOON));

            long next = coordinator.begin("seats");
            try (Transaction part = seats.join(next); RegisteredMemory registered = register(seats, memory)) {
                assertTrue(registered.isOpen());
                assertThrows(IllegalStateException.class, part::done);
            }
            assertEquals(Outcome.ABORTED, seats.outcome(next));
        } finally {
            Memory.free(allocated);
        }
    }

    private static RegisteredMemory register(ThaApplication application, long memory) {
        return application.registerMemory("statics", memory, LineMarks.PAGE_LENGTH, IntentNode.COUNTER, 0);
    }

    @Test
    void intentsOfWhatIsUndecidedAreDeliveredToEachParticipantsSuccessor() throws InterruptedException {
        application("ledger", Snapshot.IMAGE).close(); // which never takes its part
        long id = coordinator.begin("seats", "payments", "ledger");
        takePartWithIntent(seats, id);
        takePartWithIntent(payments, id);
        seats.close();
        payments.close();
        for (String name : List.of("seats", "payments")) {
            try (ThaStandby standby = standby(name)) {
                Takeover takeover = standby.awaitTakeover();
                try (ThaApplication successor = takeover.application()) {
                    assertEquals(List.of("of " + name), takeover.intents().stream().map(Intent::text).toList());
                    assertEquals(Outcome.ABORTED, successor.outcome(id));
                    assertEquals(0, value(successor));
                }
            }
        }
    }

    /** The last one is done when the first one's process is gone: its successor learns that from the table. */
    @Test
    void intentsOfWhatIsCommittedMeanwhileAreNot() throws InterruptedException {
        long id = coordinator.begin("seats", "payments");
        takePartWithIntent(seats, id);
        seats.close();
        assertEquals(Outcome.COMMITTED, takePart(payments, id));
        try (ThaStandby standby = standby("seats")) {
            Takeover takeover = standby.awaitTakeover();
            try (ThaApplication successor = takeover.application()) {
                assertEquals(List.of(), takeover.intents());
                assertEquals(Outcome.COMMITTED, successor.outcome(id));
                assertEquals(1, value(successor));
            }
        }
    }

    private static void takePartWithIntent(ThaApplication application, long id) {
        try (Transaction part = application.join(id)) {
            part.intent(("of " + application.name()).getBytes(StandardCharsets.UTF_8));
            add(application);
            assertEquals(Outcome.UNDECIDED, part.done());
        }
    }

    private ThaStandby standby(String name) throws InterruptedException {
        ThaConfig config = ThaConfig.builder().poolBytes(1 << 20).ringBytes(1 << 20).lease(Duration.ZERO).build();
        ThaStandby standby = ThaStandby.open(directory.path(), name, config);
        standby.register(IntentNode.COUNTER);
        return standby;
    }

    @Test
    void aSwitchoverWaitsForWhatIsUndecided() throws InterruptedException {
        ThaConfig config = ThaConfig.builder().poolBytes(1 << 20).ringBytes(1 << 20).lease(Duration.ZERO).build();
        ThaApplication successor;
        try (ThaStandby standby = ThaStandby.open(directory.path(), "seats", config)) {
            standby.register(IntentNode.COUNTER);
            standby.awaitReady();
            long id = coordinator.begin("seats", "payments");
            takePart(seats, id);

            assertEquals(SwitchoverResult.End.GIVEN_UP, seats.switchover(Duration.ofMillis(50)).end());

            takePart(payments, id);
            assertEquals(SwitchoverResult.End.HANDED_OVER, seats.switchover(SOON).end());
            successor = standby.awaitTakeover().application();
            assertEquals(Outcome.COMMITTED, successor.outcome(id));
            assertEquals(1, value(successor));
            long next = coordinator.begin("seats");
            assertEquals(Outcome.COMMITTED, takePart(successor, next));
        }
        successor.close();
    }
}
