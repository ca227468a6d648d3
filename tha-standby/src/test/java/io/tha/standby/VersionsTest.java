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
import io.tha.follow.DiscardedChange;
import io.tha.layout.Layout;
import io.tha.pool.ThaPool;
import io.tha.takeover.Takeover;
import io.tha.transform.Conversions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Active and standby in two versions, in one process. */
@Timeout(60)
class VersionsTest extends TwoVersions {
    private static final Layout OLD_LEG = Layout.named("Leg").utf8("to", 3).int16("minutes").build();
    private static final Layout OLD_FLIGHT = Layout.named("Flight")
            .int32("number").int16("delay").utf8("carrier", 2).structArray("legs", OLD_LEG, 2).pointer("next", "Flight").int8("dropped").build();
    /** Widened, reordered, renamed, grown; one field is new, one gone. */
    private static final Layout NEW_LEG = Layout.named("Leg").int32("minutes").utf8("to", 4).build();

    private static final Layout NEW_FLIGHT = Layout.named("Flight")
            .pointer("next", "Flight").structArray("legs", NEW_LEG, 3).float32("delay").utf8("airline", 8).was("carrier").int64("number")
            .int16("gate").build();
    private static final Conversions NEW_FLIGHTS = Conversions.NONE.defaultTo("gate", 7);

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
        ThaStandby newer = standby(NEW_FLIGHT, NEW_FLIGHTS);
        try (ThaApplication older = open(OLD_FLIGHT)) {
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
