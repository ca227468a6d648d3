package io.tha.standby;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tha.ThaException;
import io.tha.active.ThaApplication;
import io.tha.active.ThaConfig;
import io.tha.active.Transaction;
import io.tha.layout.Layout;
import io.tha.layout.LongField;
import io.tha.layout.PointerField;
import io.tha.takeover.Takeover;
import io.tha.testkit.DomainDirectory;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Active and standby in one process: what is committed arrives, what is not does not. */
@Timeout(60)
class FollowTest {
    private static final Layout NODE = Layout.named("Node").int64("value").pointer("next", "Node").int64("scratch").local().build();
    private static final LongField VALUE = NODE.int64Field("value");
    private static final LongField SCRATCH = NODE.int64Field("scratch");
    private static final PointerField NEXT = NODE.pointerField("next");
    private static final ThaConfig CONFIG =
            ThaConfig.builder().poolBytes(4 << 20).ringBytes(1 << 20).readerTimeout(Duration.ofSeconds(20)).build();

    private final DomainDirectory directory = DomainDirectory.create();

    @AfterEach
    void remove() {
        directory.close();
    }

    @Test
    void committedChangesArriveAndUncommittedOnesDoNot() throws InterruptedException {
        try (ThaApplication active = ThaApplication.open(directory.path(), "app", CONFIG);
                ThaStandby standby = ThaStandby.open(directory.path(), "app", CONFIG)) {
            active.register(NODE);
            long first = active.pool().allocate(NODE, "first");
            VALUE.set(active.pool(), first, 1);
            SCRATCH.set(active.pool(), first, 99);
            commit(active);
            standby.awaitReady();
            long second = active.pool().allocateDynamic(NODE, "node");
            NEXT.set(active.pool(), first, second);
            NEXT.set(active.pool(), second, first);
            VALUE.set(active.pool(), second, 2);
            commit(active);
            VALUE.set(active.pool(), second, 3);
            awaitFollowed(active);

            standby.read(pool -> {
                long here = pool.find("first");
                long next = NEXT.get(pool, here);
                assertEquals(1, VALUE.get(pool, here));
                assertEquals(0, SCRATCH.get(pool, here));
                assertEquals(2, VALUE.get(pool, next));
                assertEquals("node#1", pool.nameOf(next));
                assertEquals(here, NEXT.get(pool, next));
                assertThrows(IllegalStateException.class, () -> VALUE.set(pool, here, 5));
                return null;
            });
        }
    }

    @Test
    void aStandbyThatGivesUpLaterSaysWhy() throws InterruptedException {
        ThaConfig small = CONFIG.toBuilder().poolBytes(512 << 10).build();
        try (ThaApplication active = ThaApplication.open(directory.path(), "app", CONFIG);
                ThaStandby standby = ThaStandby.open(directory.path(), "app", small)) {
            Layout large = Layout.opaque("Large", 1 << 20);
            active.register(large);
            commit(active);
            standby.awaitReady();
            assertNull(standby.status().failure());
            active.pool().allocate(large, "large");
            commit(active);
            assertThrows(ThaException.class, standby::awaitTakeover);
            String failure = standby.status().failure();
            assertTrue(failure.contains("pool file"), failure);
            assertFalse(standby.status().ready());
            String refusal = assertThrows(IllegalStateException.class, () -> standby.read(pool -> null)).getMessage();
            assertTrue(refusal.contains(failure), refusal);
            active.pool().allocateDynamic(large);
            commit(active); // the active goes on
        }
    }

    @Test
    void aStandbyTakesOverWhenTheActiveLeavesAndAnotherJoinsIt() throws InterruptedException {
        ThaApplication active = ThaApplication.open(directory.path(), "app", CONFIG);
        active.register(NODE);
        long doomed = active.pool().allocate(NODE, "doomed");
        long kept = active.pool().allocate(NODE, "kept");
        VALUE.set(active.pool(), kept, 7);
        commit(active);
        for (int round = 0; round < 5; round++) {
            try (ThaStandby standby = ThaStandby.open(directory.path(), "app", CONFIG)) {
                standby.awaitReady();
                if (round == 0) {
                    active.pool().delete(doomed);
                    commit(active);
                }
                active.close();

                Takeover takeover = standby.awaitTakeover();

                active = takeover.application();
                assertEquals(round + 2L, takeover.epoch());
                assertTrue(active.isActive());
                assertEquals(0, active.pool().find("doomed"));
                long here = active.pool().find("kept");
                assertEquals(7 + round, VALUE.get(active.pool(), here));
                VALUE.add(active.pool(), here, 1);
                long fresh = active.pool().allocate(NODE, "fresh" + round);
                NEXT.set(active.pool(), here, fresh);
                commit(active);
            }
        }
        active.close();
    }

    @Test
    void abortRestoresWhatWasCommitted() {
        try (ThaApplication active = ThaApplication.open(directory.path(), "app", CONFIG)) {
            active.register(NODE);
            long object = active.pool().allocate(NODE, "object");
            long other = active.pool().allocate(NODE, "other");
            VALUE.set(active.pool(), object, 1);
            commit(active);
            long created;
            try (Transaction transaction = active.begin()) {
                VALUE.set(active.pool(), object, 2);
                SCRATCH.set(active.pool(), object, 3);
                created = active.pool().allocate(NODE, "created");
                active.pool().delete(other);
                transaction.abort();
            }

            assertEquals(1, VALUE.get(active.pool(), object));
            assertEquals(3, SCRATCH.get(active.pool(), object));
            assertFalse(active.pool().isLive(created));
            assertEquals(0, active.pool().find("created"));
            assertEquals(other, active.pool().find("other"));
            assertTrue(active.pool().isLive(other));
        }
    }

    @Test
    void layoutsAndGroupsComeAndGoWhileReplicationRuns() throws InterruptedException {
        Layout late = Layout.named("Late").int32("number").build();
        Layout replaced = Layout.named("Late").int32("number").utf8("text", 12).build();
        try (ThaApplication active = ThaApplication.open(directory.path(), "app", CONFIG);
                ThaStandby standby = ThaStandby.open(directory.path(), "app", CONFIG)) {
            standby.awaitReady();
            int group = active.pool().createGroup("orders");
            active.register(late);
            long object = active.pool().allocate(late, "object", group);
            late.int32Field("number").set(active.pool(), object, 42);
            commit(active);
            awaitFollowed(active);
            standby.read(pool -> {
                assertEquals(42, late.int32Field("number").get(pool, pool.find("object")));
                assertEquals("orders", pool.structure().registry().groupName(pool.groupOf(pool.find("object"))));
                return null;
            });

            active.pool().delete(object);
            commit(active);
            active.pool().unregister(late);
            active.pool().removeGroup(group);
            active.register(replaced);
            long other = active.pool().allocate(replaced, "other");
            replaced.utf8Field("text").set(active.pool(), other, "second");
            commit(active);
            awaitFollowed(active);

            standby.read(pool -> {
                assertEquals(0, pool.find("object"));
                assertEquals(-1, pool.structure().registry().groupId("orders"));
                assertEquals("second", replaced.utf8Field("text").get(pool, pool.find("other")));
                return null;
            });
        }
        try (ThaStandby joiner = ThaStandby.open(directory.path(), "app", CONFIG);
                ThaApplication next = joiner.awaitTakeover().application()) {
            assertEquals("second", replaced.utf8Field("text").get(next.pool(), next.pool().find("other")));
        }
    }

    @Test
    void aQueryDoesNotWaitForABusyFollower() throws InterruptedException {
        try (ThaApplication active = ThaApplication.open(directory.path(), "app", CONFIG);
                ThaStandby standby = ThaStandby.open(directory.path(), "app", CONFIG)) {
            active.register(NODE);
            long first = active.pool().allocate(NODE, "first");
            long second = active.pool().allocate(NODE, "second");
            commit(active);
            standby.awaitReady();
            Thread writer = new Thread(() -> {
                while (!Thread.currentThread().isInterrupted()) {
                    VALUE.add(active.pool(), first, 1);
                    VALUE.add(active.pool(), second, 1);
                    commit(active);
                }
            });
            writer.start();

            long last = 0;
            for (int query = 0; query < 2_000 || last == 0; query++) {
                long seen = standby.read(pool -> {
                    long value = VALUE.get(pool, pool.find("first"));
                    assertEquals(value, VALUE.get(pool, pool.find("second")), "half of a transaction");
                    return value;
                });
                assertTrue(seen >= last);
                last = seen;
            }
            writer.interrupt();
            writer.join();
        }
    }

    private static void commit(ThaApplication active) {
        try (Transaction transaction = active.begin()) {
            transaction.commit();
        }
    }

    private static void awaitFollowed(ThaApplication active) {
        while (!active.isFollowed()) {
            Thread.onSpinWait();
        }
    }
}
