package io.tha.standby;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tha.LayoutMismatchException;
import io.tha.ThaException;
import io.tha.active.StandbyMode;
import io.tha.active.ThaApplication;
import io.tha.active.ThaConfig;
import io.tha.active.Transaction;
import io.tha.follow.DanglingPointer;
import io.tha.follow.DiscardedChange;
import io.tha.follow.FieldLoss;
import io.tha.layout.Layout;
import io.tha.pool.ThaPool;
import io.tha.takeover.Takeover;
import io.tha.testkit.DomainDirectory;
import io.tha.transform.Conversions;
import io.tha.transform.Dangling;
import io.tha.transform.Loss;
import io.tha.transform.Narrowing;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Active and standby in two versions, in one process. */
@Timeout(60)
class VersionsTest {
    private static final ThaConfig CONFIG = ThaConfig.builder().poolBytes(4 << 20).ringBytes(1 << 20).build();
    private static final Layout OLD_LEG = Layout.named("Leg").utf8("to", 3).int16("minutes").build();
    private static final Layout OLD_FLIGHT = Layout.named("Flight")
            .int32("number").int16("delay").utf8("carrier", 2).structArray("legs", OLD_LEG, 2).pointer("next", "Flight").int8("dropped").build();
    /** Widened, reordered, renamed, grown; one field is new, one gone. */
    private static final Layout NEW_LEG = Layout.named("Leg").int32("minutes").utf8("to", 4).build();

    private static final Layout NEW_FLIGHT = Layout.named("Flight")
            .pointer("next", "Flight").structArray("legs", NEW_LEG, 3).float32("delay").utf8("airline", 8).was("carrier").int64("number")
            .int16("gate").build();
    private static final Conversions NEW_FLIGHTS = Conversions.NONE.defaultTo("gate", 7);

    private final DomainDirectory directory = DomainDirectory.create();

    @AfterEach
    void remove() {
        directory.close();
    }

    private ThaApplication open(Layout... layouts) {
        ThaApplication active = ThaApplication.open(directory.path(), "app", CONFIG);
        active.register(layouts);
        return active;
    }

    private ThaStandby standby(Layout layout, Conversions conversions) {
        ThaStandby standby = ThaStandby.open(directory.path(), "app", CONFIG);
        standby.register(layout, conversions);
        return standby;
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

    private static long oldFlight(ThaPool pool, String name, int number) {
        long flight = pool.allocate(OLD_FLIGHT, name);
        OLD_FLIGHT.int32Field("number").set(pool, flight, number);
        OLD_FLIGHT.int16Field("delay").set(pool, flight, (short) -5);
        OLD_FLIGHT.utf8Field("carrier").set(pool, flight, "UA");
        OLD_FLIGHT.utf8Field("legs[1].to").set(pool, flight, "SFO");
        OLD_FLIGHT.int16Field("legs[1].minutes").set(pool, flight, (short) 90);
        OLD_FLIGHT.int8Field("dropped").set(pool, flight, (byte) 3);
        return flight;
    }

    private static void assertNewFlight(ThaPool pool, String name, int number) {
        long flight = pool.find(name);
        assertEquals(number, NEW_FLIGHT.int64Field("number").get(pool, flight));
        assertEquals(-5f, NEW_FLIGHT.float32Field("delay").get(pool, flight));
        assertEquals("UA", NEW_FLIGHT.utf8Field("airline").get(pool, flight));
        assertEquals("SFO", NEW_FLIGHT.utf8Field("legs[1].to").get(pool, flight));
        assertEquals(90, NEW_FLIGHT.int32Field("legs[1].minutes").get(pool, flight));
        assertEquals(7, NEW_FLIGHT.int16Field("gate").get(pool, flight));
    }

    @Test
    void aNewerStandbyTakesOverFromAnOlderActiveAndAnOlderOneFromIt() throws InterruptedException {
        ThaApplication older = open(OLD_FLIGHT);
        long copied = oldFlight(older.pool(), "copied", 1);
        commit(older);
        ThaStandby newer = standby(NEW_FLIGHT, NEW_FLIGHTS);
        newer.awaitReady();
        long followed = oldFlight(older.pool(), "followed", 2);
        OLD_FLIGHT.pointerField("next").set(older.pool(), copied, followed);
        OLD_FLIGHT.pointerField("next").set(older.pool(), followed, copied);
        commit(older);
        awaitFollowed(older);
        newer.read(pool -> {
            assertNewFlight(pool, "copied", 1);
            assertNewFlight(pool, "followed", 2);
            assertEquals(pool.find("copied"), NEW_FLIGHT.pointerField("next").get(pool, pool.find("followed")));
            return null;
        });

        older.close();
        ThaApplication second = newer.awaitTakeover().application();
        ThaStandby olderAgain = standby(OLD_FLIGHT, Conversions.NONE);
        olderAgain.awaitReady();
        ThaPool pool = second.pool();
        long flight = pool.find("copied");
        NEW_FLIGHT.int64Field("number").set(pool, flight, 1001);
        NEW_FLIGHT.int16Field("gate").set(pool, flight, (short) 12);
        NEW_FLIGHT.int32Field("legs[0].minutes").set(pool, flight, 30);
        commit(second);
        newer.close();
        second.close();

        ThaApplication third = olderAgain.awaitTakeover().application();
        long back = third.pool().find("copied");
        assertEquals(1001, OLD_FLIGHT.int32Field("number").get(third.pool(), back));
        assertEquals(-5, OLD_FLIGHT.int16Field("delay").get(third.pool(), back));
        assertEquals("UA", OLD_FLIGHT.utf8Field("carrier").get(third.pool(), back));
        assertEquals(30, OLD_FLIGHT.int16Field("legs[0].minutes").get(third.pool(), back));
        assertEquals(90, OLD_FLIGHT.int16Field("legs[1].minutes").get(third.pool(), back));
        assertEquals(0, OLD_FLIGHT.int8Field("dropped").get(third.pool(), back));
        assertEquals(third.pool().find("followed"), OLD_FLIGHT.pointerField("next").get(third.pool(), back));
        assertEquals(Map.of(), olderAgain.status().losses().values());
        olderAgain.close();
        third.close();
    }

    @Test
    void anOlderActiveHandsOverToANewerStandbyInGoodOrder() throws InterruptedException {
        try (ThaApplication older = open(OLD_FLIGHT); ThaStandby newer = standby(NEW_FLIGHT, NEW_FLIGHTS)) {
            oldFlight(older.pool(), "flight", 1);
            commit(older);
            newer.awaitReady();

            assertTrue(older.switchover(Duration.ofSeconds(30)).isHandedOver());

            ThaApplication next = newer.awaitTakeover().application();
            assertNewFlight(next.pool(), "flight", 1);
            newer.close();
            next.close();
        }
    }

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
    void aStandbyThatMapsTheImageNeedsEqualLayoutsUnderAnyName() {
        Layout older = Layout.named("Leg").int32("minutes").build();
        Layout newer = Layout.named("Segment").renamedFrom("Leg").int32("minutes").build();
        try (ThaApplication active = open(older);
                ThaStandby standby = ThaStandby.open(
                        directory.path(), "app", CONFIG.toBuilder().standbyMode(StandbyMode.MAPPING).build())) {
            standby.register(newer);
            commit(active);

            String failure = assertThrows(ThaException.class, standby::awaitReady).getMessage();

            assertTrue(failure.contains("layout 'Leg'") && failure.contains("standbyMode COPY"), failure);
        }
    }

    @Test
    void aLayoutIsRenamedByTheNewerVersionForBothDirections() throws InterruptedException {
        Layout older = Layout.named("Leg").int32("minutes").build();
        Layout newer = Layout.named("Segment").renamedFrom("Leg").int32("minutes").build();
        ThaApplication first = open(older);
        older.int32Field("minutes").set(first.pool(), first.pool().allocate(older, "leg"), 5);
        commit(first);
        ThaStandby upgrade = standby(newer, Conversions.NONE);
        upgrade.awaitReady();
        first.close();
        ThaApplication second = upgrade.awaitTakeover().application();
        assertEquals(5, newer.int32Field("minutes").get(second.pool(), second.pool().find("leg")));
        ThaStandby downgrade = standby(older, Conversions.NONE);
        downgrade.awaitReady();
        newer.int32Field("minutes").set(second.pool(), second.pool().allocate(newer, "other"), 6);
        commit(second);
        upgrade.close();
        second.close();

        ThaApplication third = downgrade.awaitTakeover().application();

        assertEquals(5, older.int32Field("minutes").get(third.pool(), third.pool().find("leg")));
        assertEquals(6, older.int32Field("minutes").get(third.pool(), third.pool().find("other")));
        downgrade.close();
        third.close();
    }

    @Test
    void layoutsThatWereReplacedOrCameBackAreKnownToWhoJoinsLater() throws InterruptedException {
        Layout before = Layout.named("Leg").int32("minutes").build();
        Layout after = Layout.named("Segment").renamedFrom("Leg").int32("minutes").build();
        Layout again = Layout.named("Again").int32("number").build();
        try (ThaApplication active = open(before, again); ThaStandby first = standby(after, Conversions.NONE)) {
            long leg = active.pool().allocate(before, "leg");
            long one = active.pool().allocate(again, "one");
            commit(active);
            first.awaitReady();
            active.pool().delete(leg);
            active.pool().delete(one);
            commit(active);
            active.pool().unregister(before);
            active.pool().unregister(again);
            active.register(after, again);
            after.int32Field("minutes").set(active.pool(), active.pool().allocate(after, "segment"), 5);
            again.int32Field("number").set(active.pool(), active.pool().allocate(again, "two"), 6);
            commit(active);
            awaitFollowed(active);
            try (ThaStandby second = standby(after, Conversions.NONE)) {
                second.awaitReady();
                for (ThaStandby standby : List.of(first, second)) {
                    standby.read(pool -> {
                        assertEquals(5, after.int32Field("minutes").get(pool, pool.find("segment")));
                        assertEquals(6, again.int32Field("number").get(pool, pool.find("two")));
                        return null;
                    });
                    assertNull(standby.status().join().trouble());
                }
            }
        }
    }

    @Test
    void twoLayoutsOfTheActiveAreNotOneHere() {
        Layout one = Layout.named("Leg").int32("minutes").build();
        Layout other = Layout.named("Segment").int32("minutes").build();
        try (ThaApplication active = open(one, other);
                ThaStandby standby = standby(Layout.named("Segment").renamedFrom("Leg").int32("minutes").build(), Conversions.NONE)) {
            commit(active);

            String failure = assertThrows(ThaException.class, standby::awaitReady).getMessage();

            assertTrue(failure.contains("layouts 'Leg' and 'Segment' of the active are both 'Segment' here"), failure);
        }
    }

    @Test
    void confusingNamesAreRefused() {
        try (ThaStandby standby = standby(OLD_FLIGHT, Conversions.NONE)) {
            standby.register(OLD_FLIGHT);
            assertThrows(LayoutMismatchException.class, () -> standby.register(NEW_FLIGHT));
            assertThrows(
                    LayoutMismatchException.class,
                    () -> standby.register(Layout.named("Trip").renamedFrom("Flight").int32("x").build()));
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

    @Test
    void aPointerIntoAnObjectLeadsToTheSameFieldThere() throws InterruptedException {
        Layout link = Layout.named("Link").pointer("to", "Leg").pointer("flight", "Flight").build();
        try (ThaApplication active = open(OLD_FLIGHT, link); ThaStandby standby = standby(NEW_FLIGHT, NEW_FLIGHTS)) {
            standby.register(link);
            ThaPool pool = active.pool();
            long flight = oldFlight(pool, "flight", 1);
            long chain = pool.allocate(link, "link");
            link.pointerField("to").set(pool, chain, OLD_FLIGHT.utf8Field("legs[1].to").pointerTo(flight));
            link.pointerField("flight").set(pool, chain, flight);
            commit(active);
            standby.awaitReady();

            standby.read(copy -> {
                long here = copy.find("flight");
                assertEquals(NEW_FLIGHT.int32Field("legs[1].minutes").pointerTo(here), link.pointerField("to").get(copy, copy.find("link")));
                assertEquals(here, link.pointerField("flight").get(copy, copy.find("link")));
                return null;
            });
        }
    }

    @Test
    void pointersBetweenGroupsAndToWhatIsCreatedLaterInATransactionLeadThere() throws InterruptedException {
        try (ThaApplication active = open(OLD_FLIGHT); ThaStandby standby = standby(NEW_FLIGHT, NEW_FLIGHTS)) {
            ThaPool pool = active.pool();
            int other = pool.createGroup("other");
            commit(active);
            standby.awaitReady();
            long first = pool.allocate(OLD_FLIGHT, "first");
            long second = pool.allocate(OLD_FLIGHT, "second", other);
            long third = pool.allocate(OLD_FLIGHT, "third");
            OLD_FLIGHT.pointerField("next").set(pool, first, second);
            OLD_FLIGHT.pointerField("next").set(pool, second, third);
            OLD_FLIGHT.pointerField("next").set(pool, third, third);
            commit(active);
            long fourth = pool.allocate(OLD_FLIGHT, "fourth", other);
            OLD_FLIGHT.pointerField("next").set(pool, first, fourth);
            try (Transaction before = active.begin(0)) {
                before.commit();
            }
            awaitFollowed(active);
            assertEquals(1, standby.status().losses().danglingPointers());
            try (Transaction behind = active.begin(other)) {
                behind.commit();
            }
            awaitFollowed(active);

            standby.read(copy -> {
                assertEquals("fourth", next(copy, "first"));
                assertEquals("third", next(copy, "second"));
                assertEquals("third", next(copy, "third"));
                return null;
            });
        }
    }

    private static String next(ThaPool copy, String object) {
        return copy.nameOf(NEW_FLIGHT.pointerField("next").get(copy, copy.find(object)));
    }

    @Test
    void arraysThatAreLongerThanAFrameAreTransformedWhole() throws InterruptedException {
        int count = 50_000;
        Layout ints = Layout.named("Series").int32Array("values", count).utf8Array("codes", 3, count).build();
        Layout longs = Layout.named("Series").utf8Array("codes", 4, count).int64Array("values", count).build();
        try (ThaApplication active = open(ints); ThaStandby standby = standby(longs, Conversions.NONE)) {
            commit(active);
            standby.awaitReady();
            long series = active.pool().allocate(ints, "series");
            for (int i = 0; i < count; i++) {
                ints.int32Field("values").set(active.pool(), series, i, ~i);
                ints.utf8Field("codes").set(active.pool(), series, i, "ABC");
            }
            commit(active);
            awaitFollowed(active);

            standby.read(pool -> {
                for (int i = 0; i < count; i++) {
                    assertEquals(~i, longs.int64Field("values").get(pool, pool.find("series"), i));
                    assertEquals("ABC", longs.utf8Field("codes").get(pool, pool.find("series"), i));
                }
                return null;
            });
            // A frame that is refused would be mended by another copy.
            assertNull(standby.status().join().trouble());
        }
    }

    /** What the other one has asked for comes in parts that cut values. */
    @Test
    void aStandbyIsNotDisturbedByTheRepairOfAnother() throws InterruptedException {
        Layout older = Layout.named("Vast").utf8Array("codes", 3, 50_000).build();
        Layout newer = Layout.named("Vast").utf8Array("codes", 4, 50_000).build();
        ThaConfig scrubbing = CONFIG.toBuilder().scrubShare(0.5).build();
        try (ThaApplication active = ThaApplication.open(directory.path(), "app", scrubbing);
                ThaStandby same = standby(older, Conversions.NONE);
                ThaStandby other = standby(newer, Conversions.NONE)) {
            active.register(older);
            long vast = active.pool().allocate(older, "vast");
            older.utf8Field("codes").set(active.pool(), vast, 49_999, "ABC");
            commit(active);
            same.awaitReady();
            other.awaitReady();
            Damage damage = same.read(pool -> Damage.of(
                    pool, pool.find("vast"), "codes[25000]", older.utf8Field("codes").offset() + 25_000 * 3, new Random(1)));

            damage.make(same.read(pool -> pool.structure().memory().path()));

            while (same.status().scrub().repaired() == 0) {
                Thread.onSpinWait();
            }
            commit(active);
            awaitFollowed(active);
            assertNull(other.status().join().trouble());
            assertEquals("ABC", other.<String>read(pool -> newer.utf8Field("codes").get(pool, pool.find("vast"), 49_999)));
        }
    }

    @Test
    void whatIsDiscardedIsToldByTheFieldsOfTheActive() throws InterruptedException {
        ThaApplication active = open(OLD_FLIGHT);
        long flight = oldFlight(active.pool(), "flight", 1);
        commit(active);
        ThaStandby standby = standby(NEW_FLIGHT, NEW_FLIGHTS);
        standby.awaitReady();
        Transaction transaction = active.begin();
        // Where the number is on the active there are zeros here, of another field.
        OLD_FLIGHT.int32Field("number").set(active.pool(), flight, 0);
        OLD_FLIGHT.utf8Field("carrier").set(active.pool(), flight, "AA");
        transaction.flush();
        active.close();

        Takeover takeover = standby.awaitTakeover();

        assertEquals(
                List.of(
                        new DiscardedChange(DiscardedChange.Kind.UPDATED, "flight", "Flight", "number", 0),
                        new DiscardedChange(DiscardedChange.Kind.UPDATED, "flight", "Flight", "carrier", "AA")),
                takeover.discarded().get(0).changes());
        assertNewFlight(takeover.application().pool(), "flight", 1);
        standby.close();
        takeover.application().close();
    }

    /** Also if it has the same version as that: both may have lost something on the way, but not the same. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aStandbyOfAnotherVersionCopiesTheStateOfWhoHasTakenOver(boolean bothNewer) throws InterruptedException, ExecutionException {
        ThaApplication active = open(OLD_FLIGHT);
        oldFlight(active.pool(), "flight", 1);
        commit(active);
        ThaStandby first = bothNewer ? standby(NEW_FLIGHT, NEW_FLIGHTS) : standby(OLD_FLIGHT, Conversions.NONE);
        ThaStandby second = standby(NEW_FLIGHT, NEW_FLIGHTS);
        first.awaitReady();
        second.awaitReady();
        active.close();

        Winner winner = awaitOne(first, second);

        ThaStandby other = winner.standby() == first ? second : first;
        ThaApplication next = winner.takeover().application();
        while (other.status().epoch() != next.epoch() || !other.status().ready()) {
            assertNull(other.status().failure());
            Thread.onSpinWait();
        }
        assertEquals(0, other.status().join().takeoversFollowed());
        assertEquals(2, other.status().join().copies());
        first.close();
        second.close();
        next.close();
    }

    private record Winner(ThaStandby standby, Takeover takeover) {}

    private static Winner awaitOne(ThaStandby first, ThaStandby second) throws InterruptedException, ExecutionException {
        ExecutorService waiting = Executors.newFixedThreadPool(2);
        try {
            return waiting.invokeAny(List.of(() -> new Winner(first, first.awaitTakeover()), () -> new Winner(second, second.awaitTakeover())));
        } finally {
            waiting.shutdownNow();
        }
    }
}
