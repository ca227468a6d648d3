package io.tha.standby;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tha.StandbyBehindException;
import io.tha.active.Ack;
import io.tha.active.SlowStandby;
import io.tha.active.ThaApplication;
import io.tha.active.ThaConfig;
import io.tha.active.Transaction;
import io.tha.layout.Layout;
import io.tha.layout.LongField;
import io.tha.memory.Memory;
import io.tha.region.ControlFile;
import io.tha.region.DomainFiles;
import io.tha.region.LogFile;
import io.tha.testkit.DomainDirectory;
import io.tha.testkit.ForkedJvm;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A standby that makes no room in a small ring: a query holds it up, or it is stopped. */
@Timeout(120)
class SlowStandbyTest {
    private static final int VALUES = 1_000;
    private static final Layout BLOCK = Layout.named("Block").int64Array("values", VALUES).build();
    private static final LongField FIRST = BLOCK.int64Field("values");
    private static final int GROUPS = 8;
    private static final Duration SOON = Duration.ofSeconds(60);

    private final DomainDirectory directory = DomainDirectory.create();
    private ThaApplication active;
    private long block;
    private long written;
    private final long[] others = new long[GROUPS];

    @AfterEach
    void remove() {
        active.close();
        directory.close();
    }

    private static ThaConfig config(SlowStandby policy) {
        return ThaConfig.builder()
                .poolBytes(4 << 20)
                .ringBytes(64 << 10)
                .readerTimeout(Duration.ofMillis(20))
                .slowStandby(policy)
                .build();
    }

    private void open(SlowStandby policy) {
        active = ThaApplication.open(directory.path(), "app", config(policy));
        active.register(BLOCK);
        block = active.pool().allocate(BLOCK, "block");
        active.begin().commit();
    }

    private ThaStandby standby(SlowStandby policy) throws InterruptedException {
        ThaStandby standby = ThaStandby.open(directory.path(), "app", config(policy));
        standby.awaitReady();
        return standby;
    }

    private void write() {
        written++;
        for (int i = 0; i < VALUES; i++) {
            FIRST.set(active.pool(), block, i, written + i);
        }
    }

    private void commit() {
        try (Transaction transaction = active.begin()) {
            write();
            transaction.commit();
        }
    }

    /** More than the ring holds. */
    private void commitMany() {
        for (int i = 0; i < 20; i++) {
            commit();
        }
    }

    private void assertArrives(ThaStandby standby) {
        assertTrue(active.awaitAcknowledged(lastCommit(), Ack.APPLIED_ALL, SOON));
        standby.read(pool -> {
            long here = pool.find("block");
            assertEquals(-1, Memory.mismatch(active.pool().address(block), pool.address(here), BLOCK.sizeBytes()));
            return null;
        });
    }

    private long lastCommit() {
        try (Transaction transaction = active.begin()) {
            return transaction.commitAsync();
        }
    }

    /** Commits until one is refused, and leaves that one open. */
    private Transaction refused() {
        while (true) {
            Transaction transaction = active.begin();
            write();
            try {
                transaction.commit();
                transaction.close();
            } catch (StandbyBehindException e) {
                assertTrue(e.getMessage().contains("did not for 20 ms"), e.getMessage());
                return transaction;
            }
        }
    }

    @Test
    void aCommitIsRefusedUntilTheStandbyMakesRoom() throws InterruptedException {
        open(SlowStandby.REJECT);
        try (ThaStandby standby = standby(SlowStandby.REJECT)) {
            Transaction transaction = standby.read(pool -> {
                Transaction open = refused();
                assertThrows(StandbyBehindException.class, open::commit);
                write();
                assertThrows(StandbyBehindException.class, open::commit);
                return open;
            });
            assertEquals(3, active.rejectedCommits());
            commitWhenThereIsRoom(transaction);
            assertEquals(0, active.droppedStandbys());
            assertArrives(standby);
        }
    }

    private static void commitWhenThereIsRoom(Transaction transaction) {
        for (boolean committed = false; !committed; ) {
            try {
                transaction.commit();
                committed = true;
            } catch (StandbyBehindException e) {
                Thread.onSpinWait();
            }
        }
        transaction.close();
    }

    @Test
    void whatIsRefusedCanBeAborted() throws InterruptedException {
        open(SlowStandby.REJECT);
        try (ThaStandby standby = standby(SlowStandby.REJECT)) {
            standby.read(pool -> {
                Transaction transaction = refused();
                transaction.abort();
                transaction.close();
                assertEquals(--written, FIRST.get(active.pool(), block, 0));
                return null;
            });
            assertEquals(0, active.droppedStandbys());
            assertArrives(standby);
        }
    }

    /** Flushes go to files, but each one's reference needs room in the ring: with so many, the first one of a transaction is refused. */
    @Test
    void aFlushIsRefusedWithoutATrace() throws InterruptedException {
        open(SlowStandby.REJECT);
        createOthers();
        try (ThaStandby standby = standby(SlowStandby.REJECT)) {
            List<Transaction> open = standby.read(pool -> {
                assertThrows(StandbyBehindException.class, this::fillTheRing);
                long before = active.rejectedCommits();
                List<Transaction> flushed = flushOthers();
                assertTrue(active.rejectedCommits() > before, "no flush was refused");
                return flushed;
            });
            open.forEach(SlowStandbyTest::commitWhenThereIsRoom);
            assertArrives(standby);
            commitMany();
            assertArrives(standby);
            assertEquals(-1, oldestUndecided(), "everything is decided");
        }
    }

    private void createOthers() {
        for (int i = 0; i < GROUPS; i++) {
            others[i] = active.pool().allocate(BLOCK, "other" + i, active.pool().createGroup("group" + i));
        }
        active.begin().commit();
    }

    /** Of all the other groups, each in a transaction of its own; whether it is refused or not. */
    private List<Transaction> flushOthers() {
        List<Transaction> open = new ArrayList<>();
        for (long other : others) {
            Transaction transaction = active.begin(active.pool().groupOf(other));
            FIRST.set(active.pool(), other, 5);
            try {
                transaction.flush();
            } catch (StandbyBehindException e) {
                assertTrue(transaction.toString().contains("of groups"), "it is open");
            }
            open.add(transaction);
        }
        return open;
    }

    private long oldestUndecided() {
        try (ControlFile control = ControlFile.open(directory.path());
                LogFile log = LogFile.open(new DomainFiles(control, "app").log(1))) {
            return log.oldestUndecidedAcquire();
        }
    }

    /** An abort must be possible: the standby that is in its way is dropped. So many do not fit into what room is left. */
    @Test
    void anAbortIsNeverRefused() throws InterruptedException {
        open(SlowStandby.REJECT);
        createOthers();
        try (ThaStandby standby = standby(SlowStandby.REJECT)) {
            standby.read(pool -> {
                List<Transaction> flushed = flushOthers();
                assertEquals(0, active.rejectedCommits());
                assertThrows(StandbyBehindException.class, this::fillTheRing);
                flushed.forEach(Transaction::close);
                return null;
            });
            assertEquals(1, active.droppedStandbys());
            for (long other : others) {
                assertEquals(0, FIRST.get(active.pool(), other));
            }
            assertArrives(standby);
        }
    }

    private void fillTheRing() {
        while (true) {
            try (Transaction transaction = active.begin(0)) {
                FIRST.set(active.pool(), block, 0, ++written);
                transaction.commit();
            }
        }
    }

    @Test
    void aDeadStandbyIsNotWaitedFor() {
        open(SlowStandby.REJECT);
        try (ForkedJvm doomed = ForkedJvm.of(AckTest.Follower.class).args(directory.path()).start()) {
            doomed.awaitLine("READY");
            doomed.stop();
            doomed.awaitStopped();
            Transaction transaction = refused();
            doomed.kill();
            commitWhenThereIsRoom(transaction);
            commitMany();
            assertEquals(0, active.standbys());
        }
    }

    @Test
    void aSlowStandbyIsDroppedAndComesBack() throws InterruptedException {
        open(SlowStandby.DROP);
        try (ThaStandby standby = standby(SlowStandby.DROP)) {
            standby.read(pool -> {
                commitMany();
                return null;
            });
            assertEquals(1, active.droppedStandbys());
            assertEquals(0, active.rejectedCommits());
            assertArrives(standby);
            assertEquals(2, standby.status().join().copies());
        }
    }

    @Test
    void aStandbyThatIsHeldUpGoesOnWhileTheLogHasItsPosition() throws InterruptedException {
        open(SlowStandby.DROP);
        try (ThaStandby standby = standby(SlowStandby.DROP)) {
            for (int round = 0; round < 10; round++) {
                standby.read(pool -> {
                    for (int i = 0; i < 3; i++) {
                        commit();
                    }
                    return null;
                });
                assertArrives(standby);
            }
            assertEquals(0, active.droppedStandbys());
            assertEquals(1, standby.status().join().copies());
        }
    }

    @Test
    void withoutAStandbyNothingIsRefused() {
        open(SlowStandby.REJECT);
        commitMany();
        assertEquals(0, active.rejectedCommits());
    }
}
