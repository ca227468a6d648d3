package io.tha.standby;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tha.ThaException;
import io.tha.active.ThaApplication;
import io.tha.follow.DanglingPointer;
import io.tha.follow.FieldLoss;
import io.tha.layout.Layout;
import io.tha.testkit.DomainDirectory;
import io.tha.transform.Conversions;
import io.tha.transform.Dangling;
import io.tha.transform.Loss;
import io.tha.transform.Narrowing;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What does not fit another version is refused, or made to fit, and told in both cases. */
@Timeout(60)
class LossTest extends TwoVersions {
    @Test
    void aValueThatDoesNotFitStopsTheStandbyAndNotTheActive() throws InterruptedException {
        Layout wide = Layout.named("Counter").int64("count").build();
        Layout narrow = Layout.named("Counter").int8("count").build();
        try (ThaApplication active = open(wide); ThaStandby standby = standby(narrow, Conversions.NONE)) {
            long counter = active.pool().allocate(wide, "visits");
            wide.int64Field("count").set(active.pool(), counter, 127);
            commit(active);
            standby.awaitReady();
            wide.int64Field("count").add(active.pool(), counter, 1);
            commit(active);

            ThaException failure = assertThrows(ThaException.class, standby::awaitTakeover);

            assertTrue(failure.getMessage().contains("field 'count' of Counter 'visits': int64 128"), failure.getMessage());
            assertEquals(List.of(new FieldLoss("visits", "Counter", "count", "count", "int64 128", Loss.RANGE, Narrowing.FAIL)), standby.losses());
            assertEquals(failure.getMessage(), standby.status().failure());
            wide.int64Field("count").add(active.pool(), counter, 1);
            commit(active);
            while (active.standbys() > 0) {
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void aStateThatDoesNotFitIsRefusedAtTheJoin() {
        Layout wide = Layout.named("Counter").int64("count").build();
        Layout narrow = Layout.named("Counter").int8("count").build();
        try (ThaApplication active = open(wide); ThaStandby standby = standby(narrow, Conversions.NONE)) {
            wide.int64Field("count").set(active.pool(), active.pool().allocate(wide, "visits"), 128);
            commit(active);

            ThaException failure = assertThrows(ThaException.class, standby::awaitReady);

            assertTrue(failure.getMessage().contains("'visits': int64 128"), failure.getMessage());
            assertEquals(Map.of("Counter.count", 1L), standby.status().losses().values());
        }
    }

    @Test
    void whatIsClampedIsCountedAndTold() throws InterruptedException {
        Layout wide = Layout.named("Counter").int64Array("counts", 3).utf8("text", 8).build();
        Layout narrow = Layout.named("Counter").int8Array("counts", 2).utf8("text", 4).build();
        Conversions clamps = Conversions.NONE.narrowing(Narrowing.CLAMP);
        try (ThaApplication active = open(wide); ThaStandby standby = standby(narrow, clamps)) {
            long counter = active.pool().allocate(wide, "visits");
            wide.int64Field("counts").set(active.pool(), counter, 1, -1_000);
            commit(active);
            standby.awaitReady();
            wide.int64Field("counts").set(active.pool(), counter, 0, 1_000);
            wide.int64Field("counts").set(active.pool(), counter, 2, 1);
            wide.utf8Field("text").set(active.pool(), counter, "abcdef");
            commit(active);
            awaitFollowed(active);

            standby.read(pool -> {
                assertEquals(127, narrow.int8Field("counts").get(pool, pool.find("visits"), 0));
                assertEquals(-128, narrow.int8Field("counts").get(pool, pool.find("visits"), 1));
                assertEquals("abcd", narrow.utf8Field("text").get(pool, pool.find("visits")));
                return null;
            });
            assertEquals(Map.of("Counter.counts", 3L, "Counter.text", 1L), standby.status().losses().values());
            assertEquals(
                    List.of("counts[1] RANGE", "counts[0] RANGE", "counts[2] LENGTH", "text LENGTH"),
                    standby.losses().stream().map(loss -> loss.element() + " " + loss.loss()).toList());
            assertNull(standby.status().failure());
        }
    }

    @Test
    void layoutsOfWhichNothingCanBeMadeAreRefusedAtOnce() {
        Layout text = Layout.named("Thing").utf8("what", 8).int32("fine").build();
        Layout number = Layout.named("Thing").int32("what").int32("fine").build();
        try (ThaApplication active = open(text); ThaStandby standby = standby(number, Conversions.NONE)) {
            commit(active);

            String failure = assertThrows(ThaException.class, standby::awaitReady).getMessage();

            assertTrue(failure.contains("field 'what': utf8(8) cannot become int32"), failure);
        }
    }

    @Test
    void pointersThatDangleFollowThePolicyAndAreTold() throws InterruptedException {
        Layout node = Layout.named("Node").pointer("next", "Node").int64("value").build();
        for (Dangling policy : Dangling.values()) {
            DomainDirectory own = DomainDirectory.create();
            try (own;
                    ThaApplication active = ThaApplication.open(own.path(), "app", CONFIG);
                    ThaStandby standby = ThaStandby.open(own.path(), "app", CONFIG)) {
                active.register(node);
                standby.register(node, Conversions.NONE.dangling(policy));
                long holder = active.pool().allocate(node, "holder");
                long gone = active.pool().allocate(node, "gone");
                commit(active);
                standby.awaitReady();
                active.pool().delete(gone);
                commit(active);
                node.pointerField("next").set(active.pool(), holder, gone);
                commit(active);

                if (policy == Dangling.FAIL) {
                    String failure = assertThrows(ThaException.class, standby::awaitTakeover).getMessage();
                    assertTrue(failure.contains("field 'next' of Node 'holder'"), failure);
                } else {
                    awaitFollowed(active);
                    long there = standby.read(pool -> node.pointerField("next").get(pool, pool.find("holder")));
                    assertEquals(policy == Dangling.NULL, there == 0);
                    assertEquals(1, standby.status().losses().danglingPointers());
                }

                DanglingPointer told = standby.danglingPointers().get(0);
                assertEquals("holder next", told.object() + " " + told.field());
                assertTrue(told.target().contains(Long.toHexString(gone)), told.target());
            }
        }
    }
}
