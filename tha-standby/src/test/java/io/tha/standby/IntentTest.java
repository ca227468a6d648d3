package io.tha.standby;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.tha.FencedException;
import io.tha.Intent;
import io.tha.ThaException;
import io.tha.active.Ack;
import io.tha.active.ThaApplication;
import io.tha.active.ThaConfig;
import io.tha.active.Transaction;
import io.tha.region.ControlFile;
import io.tha.region.DomainFiles;
import io.tha.region.LogFile;
import io.tha.region.TailSealer;
import io.tha.region.TakeoverWalk;
import io.tha.takeover.Takeover;
import io.tha.testkit.DomainDirectory;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is announced is seen at once, is gone with the decision, and is handed over until it is acknowledged. */
@Timeout(120)
class IntentTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int RING_BYTES = 64 << 10;

    private final DomainDirectory directory = DomainDirectory.create();
    private ThaApplication active;
    private int first;
    private int second;
    private long counter;

    @BeforeEach
    void open() {
        active = ThaApplication.open(directory.path(), IntentNode.APPLICATION, IntentNode.CONFIG);
        active.register(IntentNode.COUNTER);
        first = active.pool().createGroup("first");
        second = active.pool().createGroup("second");
        counter = active.pool().allocate(IntentNode.COUNTER, "counter", second);
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
        ThaStandby standby = ThaStandby.open(directory.path(), IntentNode.APPLICATION, standbyConfig(IntentNode.CONFIG));
        standby.register(IntentNode.COUNTER);
        standby.awaitReady();
        return standby;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static List<String> texts(List<Intent> intents) {
        return intents.stream().map(Intent::text).toList();
    }

    /** Commits in the second group, so that what was published before is applied. */
    private void commit() {
        try (Transaction transaction = active.begin(second)) {
            IntentNode.VALUE.add(active.pool(), counter, 1);
            assertTrue(active.standbys() == 0 ? commitAlone(transaction) : transaction.commit(Ack.APPLIED_ALL, SOON));
        }
    }

    private static boolean commitAlone(Transaction transaction) {
        transaction.commit();
        return true;
    }

    /** Who joins begins to read at the oldest undecided intent, and meets SCRUB frames that the image is long past. */
    @Test
    void whoReadsOldScrubbingBehindAnUndecidedIntentTakesOver() throws InterruptedException {
        Transaction open = active.begin(first);
        open.intent(bytes("a"));
        try (ThaStandby early = standby()) {
            while (active.scrubRounds() == 0) {
                Thread.onSpinWait();
            }
            commit();
            assertEquals(List.of("a"), texts(early.intents()));
        }
        try (ThaStandby late = standby()) {
            active.close();

            Takeover takeover = late.awaitTakeover();

            active = takeover.application();
            assertEquals(List.of("a"), texts(takeover.intents()));
        }
    }

    @Test
    void standbysSeeThemBeforeTheCommitAndNotAfterTheDecision() throws InterruptedException {
        try (ThaStandby standby = standby();
                Transaction open = active.begin(first)) {
            open.intent(bytes("a"));
            try (Transaction other = active.begin(second)) {
                other.intent(bytes("b"));
                open.intent(bytes("-c-"), 1, 1);
                other.flush();
                other.intent(bytes(""));
                other.intent(bytes("d"));
                other.abort();
            }
            commit();
            assertEquals(List.of("a", "c"), texts(standby.intents()));
            assertEquals(open.id(), standby.intents().get(0).transactionId());
            try (ThaStandby late = standby()) {
                assertEquals(List.of("a", "c"), texts(late.intents()));
                open.commit();
                commit();
                assertEquals(List.of(), late.intents());
                assertEquals(List.of(), standby.intents());
            }
        }
    }

    /** The log's ring goes round several times, and the intent stays in it. */
    @Test
    void anOpenTransactionsIntentOutlivesTheRing() throws InterruptedException {
        byte[] large = new byte[RING_BYTES / 16 - 100];
        for (int i = 0; i < large.length; i++) {
            large[i] = (byte) i;
        }
        try (ThaStandby standby = standby();
                Transaction open = active.begin(first)) {
            open.intent(bytes("a"));
            open.intent(large);
            for (int i = 0; i < 3 * RING_BYTES / 64; i++) {
                commit();
            }
            try (ThaStandby late = standby()) {
                for (ThaStandby each : List.of(standby, late)) {
                    assertEquals(2, each.intents().size());
                    assertEquals("a", each.intents().get(0).text());
                    assertArrayEquals(large, each.intents().get(1).bytes());
                }
            }
        }
    }

    @Test
    void moreThanTheRingCanHoldAreRefusedAndTheTransactionGoesOn() throws InterruptedException {
        try (ThaStandby standby = standby()) {
            try (Transaction transaction = active.begin(first)) {
                transaction.intent(bytes("a"));
                ThaException refused = assertThrows(ThaException.class, () -> transaction.intent(new byte[RING_BYTES / 16 - 40]));
                assertTrue(refused.getMessage().contains("ring"), refused.getMessage());
                assertThrows(IndexOutOfBoundsException.class, () -> transaction.intent(bytes("a"), 1, 1));
                transaction.intent(bytes("b"));
                commit();
                assertEquals(List.of("a", "b"), texts(standby.intents()));
                transaction.commit();
            }
            try (Transaction transaction = active.begin(first)) {
                transaction.intent(new byte[RING_BYTES / 16 - 40]);
            }
        }
    }

    @Test
    void theyAreHandedOverUntilTheyAreAcknowledged() throws InterruptedException {
        List<Intent> handed;
        try (ThaStandby standby = standby()) {
            active.begin(first).intent(bytes("a"));
            try (Transaction committed = active.begin(second)) {
                committed.intent(bytes("b"));
                committed.commit();
            }
            Transaction open = active.begin(second);
            open.intent(bytes("c"));
            open.intent(bytes("d"));
            active.close();
            Takeover takeover = standby.awaitTakeover();
            active = takeover.application();
            handed = takeover.intents();
            assertEquals(List.of("a", "c", "d"), texts(handed));
        }
        try (ThaStandby standby = standby()) {
            assertEquals(List.of("a", "c", "d"), texts(standby.intents()), "the new active has published them");
            try (Transaction transaction = active.begin(first)) {
                transaction.acknowledge(handed.get(1));
                assertThrows(IllegalArgumentException.class, () -> transaction.acknowledge(handed.get(1)), "twice in one transaction");
                try (Transaction other = active.begin(second)) {
                    assertThrows(IllegalArgumentException.class, () -> other.acknowledge(handed.get(1)), "in two transactions");
                    other.acknowledge(handed.get(0));
                    other.abort();
                }
                try (Transaction other = active.begin(second)) {
                    other.acknowledge(handed.get(0));
                    other.abort();
                }
                transaction.intent(bytes("own"));
                Intent own = new Intent(transaction.id(), handed.get(2).number() + 1, bytes("own"));
                assertThrows(IllegalArgumentException.class, () -> transaction.acknowledge(own), "it was not handed over");
                transaction.commit();
            }
            try (Transaction transaction = active.begin(first)) {
                assertThrows(IllegalArgumentException.class, () -> transaction.acknowledge(handed.get(1)), "it was acknowledged");
                transaction.intent(bytes("e"));
                commit();
                assertEquals(List.of("a", "d", "e"), texts(standby.intents()));
                active.close();
            } catch (IllegalStateException e) {
                assertTrue(e.getMessage().contains("closed"), e.getMessage());
            }
            Takeover takeover = standby.awaitTakeover();
            active = takeover.application();
            assertEquals(List.of("a", "d", "e"), texts(takeover.intents()));
            try (Transaction transaction = active.begin()) {
                takeover.intents().forEach(transaction::acknowledge);
                transaction.commit();
            }
        }
        try (ThaStandby standby = standby()) {
            active.close();
            Takeover takeover = standby.awaitTakeover();
            active = takeover.application();
            assertEquals(List.of(), takeover.intents());
        }
    }

    @Test
    void aFencedActiveAnnouncesNothing() throws InterruptedException {
        try (ThaStandby standby = standby()) {
            Transaction open = active.begin(first);
            open.intent(bytes("a"));
            ControlFile control = ControlFile.open(directory.path());
            int application = control.findApplication(IntentNode.APPLICATION);
            TakeoverWalk.claim(control, application, control.takeoverWordAcquire(application));
            long sealed = TailSealer.seal(LogFile.open(new DomainFiles(control, IntentNode.APPLICATION).log(1)));
            assertThrows(FencedException.class, () -> open.intent(bytes("b")));
            while (standby.status().position() < sealed) {
                Thread.onSpinWait();
            }
            assertEquals(List.of("a"), texts(standby.intents()));
        }
    }

    @Test
    void theyMakeNoGarbage() throws InterruptedException {
        byte[] request = new byte[100];
        try (ThaStandby standby = standby()) {
            ThreadMXBean memory = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            long least = Long.MAX_VALUE;
            int transactions = 2_000;
            for (int round = 0; round < 20; round++) {
                long before = memory.getCurrentThreadAllocatedBytes();
                for (int i = 0; i < transactions; i++) {
                    try (Transaction transaction = active.begin(second)) {
                        transaction.intent(request);
                        IntentNode.VALUE.add(active.pool(), counter, 1);
                        transaction.commit();
                    }
                }
                least = Math.min(least, memory.getCurrentThreadAllocatedBytes() - before);
            }
            assertTrue(least < transactions, transactions + " transactions with an intent allocated " + least + " bytes at least");
            assertTrue(standby.status().ready());
        }
    }
}
