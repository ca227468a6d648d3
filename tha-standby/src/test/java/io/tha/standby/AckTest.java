package io.tha.standby;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.tha.active.Ack;
import io.tha.active.ThaApplication;
import io.tha.active.ThaConfig;
import io.tha.active.Transaction;
import io.tha.layout.Layout;
import io.tha.layout.LongField;
import io.tha.region.ControlFile;
import io.tha.region.DomainFiles;
import io.tha.region.LogFile;
import io.tha.region.TailSealer;
import io.tha.region.TakeoverWalk;
import io.tha.testkit.DomainDirectory;
import io.tha.testkit.ForkedJvm;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Acknowledgements come when the standbys have what they are asked for, and not before. A query holds a standby up. */
@Timeout(120)
class AckTest {
    private static final Layout COUNTER = Layout.named("Counter").int64("value").build();
    private static final LongField VALUE = COUNTER.int64Field("value");
    private static final ThaConfig CONFIG =
            ThaConfig.builder().poolBytes(4 << 20).ringBytes(1 << 20).readerTimeout(Duration.ofSeconds(20)).build();
    private static final Duration AT_ONCE = Duration.ZERO;
    private static final Duration SOON = Duration.ofSeconds(60);
    /** Longer than the test may take. */
    private static final Duration FOREVER = Duration.ofDays(1);

    private final DomainDirectory directory = DomainDirectory.create();
    private ThaApplication active;
    private long counter;

    @BeforeEach
    void open() {
        active = ThaApplication.open(directory.path(), "app", CONFIG);
        active.register(COUNTER);
        counter = active.pool().allocate(COUNTER, "counter");
        active.begin().commit();
    }

    @AfterEach
    void remove() {
        active.close();
        directory.close();
    }

    private long commit() {
        try (Transaction transaction = active.begin()) {
            VALUE.add(active.pool(), counter, 1);
            return transaction.commitAsync();
        }
    }

    private ThaStandby standby() throws InterruptedException {
        ThaStandby standby = ThaStandby.open(directory.path(), "app", CONFIG);
        standby.awaitReady();
        return standby;
    }

    private boolean isAcknowledgedAtOnce(Ack ack) {
        return active.awaitAcknowledged(commit(), ack, AT_ONCE);
    }

    @Test
    void withoutAStandbyItIsLoggedAndNothingElse() {
        assertTrue(isAcknowledgedAtOnce(Ack.LOGGED));
        assertFalse(isAcknowledgedAtOnce(Ack.RECEIVED));
        assertFalse(isAcknowledgedAtOnce(Ack.APPLIED));
        assertFalse(isAcknowledgedAtOnce(Ack.APPLIED_ALL));
    }

    @Test
    void aCommitThatIsNotAcknowledgedInTimeIsCommittedAndAcknowledgedLater() throws InterruptedException {
        try (ThaStandby standby = standby()) {
            long commit = standby.read(pool -> {
                long before = VALUE.get(pool, pool.find("counter"));
                try (Transaction transaction = active.begin()) {
                    VALUE.add(active.pool(), counter, 1);
                    assertFalse(transaction.commit(Ack.APPLIED, Duration.ofMillis(20)));
                    assertThrows(IllegalStateException.class, transaction::commit, "it is committed");
                }
                long second = commit();
                for (Ack ack : List.of(Ack.RECEIVED, Ack.APPLIED, Ack.APPLIED_ALL)) {
                    assertFalse(active.isAcknowledged(second, ack), ack.toString());
                }
                assertEquals(before, VALUE.get(pool, pool.find("counter")));
                return second;
            });
            for (Ack ack : List.of(Ack.APPLIED, Ack.RECEIVED, Ack.APPLIED_ALL)) {
                assertTrue(active.awaitAcknowledged(commit, ack, SOON), ack.toString());
            }
            long applied = standby.read(pool -> VALUE.get(pool, pool.find("counter")));
            assertEquals(VALUE.get(active.pool(), counter), applied, "what is acknowledged as applied is seen there");
        }
    }

    @Test
    void soManyStandbysAsAreAskedForMustHaveIt() throws InterruptedException {
        try (ThaStandby first = standby()) {
            long commit = commit();
            assertTrue(active.awaitAcknowledged(commit, Ack.applied(1), SOON));
            assertFalse(active.isAcknowledged(commit, Ack.applied(2)));
            try (ThaStandby second = standby()) {
                assertTrue(active.awaitAcknowledged(commit, Ack.applied(2), SOON), "a late joiner has it with its copy");
                long held = second.read(pool -> {
                    long next = commit();
                    assertTrue(active.awaitAcknowledged(next, Ack.applied(1), SOON));
                    assertTrue(active.awaitAcknowledged(next, Ack.received(1), SOON));
                    assertFalse(active.isAcknowledged(next, Ack.applied(2)));
                    assertFalse(active.isAcknowledged(next, Ack.received(2)));
                    assertFalse(active.isAcknowledged(next, Ack.APPLIED_ALL));
                    return next;
                });
                assertTrue(active.awaitAcknowledged(held, Ack.APPLIED_ALL, SOON));
            }
            assertTrue(active.isAcknowledged(commit, Ack.applied(2)), "what was acknowledged once stays so");
            long alone = commit();
            assertTrue(active.awaitAcknowledged(alone, Ack.APPLIED_ALL, SOON));
            assertFalse(active.isAcknowledged(alone, Ack.applied(2)));
            assertTrue(first.status().ready());
        }
    }

    @Test
    void commitsAreAcknowledgedInTheirOrderWithoutGarbage() throws InterruptedException {
        try (ThaStandby standby = standby()) {
            long[] commits = new long[1_000];
            ThreadMXBean memory = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            long least = Long.MAX_VALUE;
            for (int round = 0; round < 20; round++) {
                long before = memory.getCurrentThreadAllocatedBytes();
                int acknowledged = 0;
                for (int i = 0; i < commits.length; i++) {
                    commits[i] = commit();
                    while (acknowledged <= i && active.isAcknowledged(commits[acknowledged], Ack.APPLIED)) {
                        acknowledged++;
                    }
                }
                boolean all = active.awaitAcknowledged(commits[commits.length - 1], Ack.APPLIED, SOON);
                least = Math.min(least, memory.getCurrentThreadAllocatedBytes() - before);
                assertTrue(all);
                for (int i = 0; i < commits.length; i++) {
                    assertTrue(active.isAcknowledged(commits[i], Ack.APPLIED), "commit " + i + ", when the last one is");
                    assertTrue(i == 0 || commits[i] > commits[i - 1], "commit " + i);
                }
            }
            assertTrue(least < commits.length, "1,000 commits allocated " + least + " bytes at least");
            assertTrue(standby.status().ready());
        }
    }

    @Test
    void aKilledStandbyIsNotWaitedFor() throws InterruptedException {
        try (ThaStandby standby = standby();
                ForkedJvm doomed = ForkedJvm.of(Follower.class).args(directory.path()).start()) {
            doomed.awaitLine("READY");
            assertTrue(active.awaitAcknowledged(commit(), Ack.applied(2), SOON));
            doomed.stop();
            doomed.awaitStopped();
            long commit = commit();
            assertTrue(active.awaitAcknowledged(commit, Ack.APPLIED, SOON));
            assertFalse(active.isAcknowledged(commit, Ack.APPLIED_ALL), "who is stopped follows and does not have it");
            doomed.kill();
            assertTrue(active.awaitAcknowledged(commit, Ack.APPLIED_ALL, SOON));
            assertTrue(standby.status().ready());
        }
    }

    /** Follows until it is killed. */
    static final class Follower {
        private Follower() {}

        public static void main(String[] args) throws InterruptedException {
            ThaStandby standby = ThaStandby.open(Path.of(args[0]), "app", CONFIG);
            standby.awaitReady();
            System.out.println("READY");
            standby.awaitTakeover();
        }
    }

    /** Nobody can come to tell any more. */
    @Test
    void aTakeoverEndsTheWaiting() throws InterruptedException {
        long logged = commit();
        try (ThaStandby standby = standby()) {
            ControlFile control = ControlFile.open(directory.path());
            int application = control.findApplication("app");
            Thread usurper = new Thread(() -> {
                TakeoverWalk walk = TakeoverWalk.claim(control, application, control.takeoverWordAcquire(application));
                TailSealer.seal(LogFile.open(new DomainFiles(control, "app").log(1)));
                assertEquals(2, walk.epoch());
            });
            usurper.start();
            assertFalse(active.awaitAcknowledged(logged, Ack.applied(2), FOREVER));
            usurper.join();
            assertFalse(active.isActive());
            assertTrue(active.isAcknowledged(logged, Ack.LOGGED));
            assertTrue(standby.status().ready());
        }
    }

    @Test
    void anInterruptAndACloseEndTheWaiting() {
        long commit = commit();
        Thread.currentThread().interrupt();
        assertFalse(active.awaitAcknowledged(commit, Ack.APPLIED, FOREVER));
        assertTrue(Thread.interrupted());
        active.close();
        assertFalse(active.awaitAcknowledged(commit, Ack.APPLIED, FOREVER));
        assertTrue(active.isAcknowledged(commit, Ack.LOGGED));
    }

    @Test
    void numbersOfStandbysAreChecked() {
        assertThrows(IllegalArgumentException.class, () -> Ack.applied(0));
        assertThrows(IllegalArgumentException.class, () -> Ack.received(33));
        assertEquals("APPLIED(32)", Ack.applied(32).toString());
        assertEquals("APPLIED_ALL", Ack.APPLIED_ALL.toString());
    }
}
