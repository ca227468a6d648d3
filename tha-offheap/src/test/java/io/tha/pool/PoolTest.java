package io.tha.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tha.layout.Layout;
import io.tha.layout.LongField;
import io.tha.memory.ObjectMemory;
import io.tha.testkit.DomainDirectory;
import io.tha.testkit.Seeds;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Objects, handles and pointers of one pool. */
class PoolTest {
    private static final Layout FLIGHT = Layout.named("Flight").int64("seats").int64("sold").build();
    private static final Layout ROUTE = Layout.named("Route").int64("miles").bytes("text", 1_000).build();
    private static final Layout CABIN = Layout.named("Cabin").int64("rows").bytes("plan", 20_000).build();
    private static final LongField SEATS = FLIGHT.int64Field("seats");
    private static final LongField MILES = ROUTE.int64Field("miles");
    private static final int SLOT_LIFE = 70_000;
    private static final int CRAFTED_HANDLES = 1_000_000;

    private DomainDirectory directory;
    private ThaPool pool;

    @BeforeEach
    void create() {
        directory = DomainDirectory.create();
        pool = ThaPool.create(directory.resolve("test.pool"), 2 << 20);
        pool.register(FLIGHT, ROUTE, CABIN);
    }

    @AfterEach
    void close() {
        pool.close();
        directory.close();
    }

    private void commit() {
        pool.structure().commitPending(Registry.DEFAULT_GROUP);
    }

    @Test
    void aDeletedObjectsMemoryIsUsedAgainAfterTheCommitAndEmpty() {
        long first = pool.allocate(FLIGHT, "first");
        SEATS.set(pool, first, 180);
        pool.delete(first);
        commit();

        long second = pool.allocate(FLIGHT, "second");

        assertEquals(ObjectMemory.bodyOffset(first), ObjectMemory.bodyOffset(second));
        assertNotEquals(first, second);
        assertEquals(0, SEATS.get(pool, second));
    }

    @Test
    void aNumberThatNoNameHasIsNotFound() {
        long first = pool.allocateDynamic(FLIGHT, "f");

        assertEquals(first, pool.find("f#1"));
        assertEquals(0, pool.find("f#2"));
        assertEquals(0, pool.find("f#01"));
        assertEquals(0, pool.find("f#" + ((1L << 48) + 1)));
        assertEquals(0, pool.find("f#18446744073709551617"));
    }

    @Test
    void everyUseOfADeletedObjectIsRefused() {
        long handle = pool.allocate(FLIGHT, "gone");
        pool.delete(handle);

        for (int round = 0; round < 2; round++) {
            assertThrows(IllegalStateException.class, () -> SEATS.get(pool, handle));
            assertThrows(IllegalStateException.class, () -> SEATS.set(pool, handle, 1));
            assertThrows(IllegalStateException.class, () -> pool.delete(handle));
            assertThrows(IllegalStateException.class, () -> pool.nameOf(handle));
            assertEquals(0, pool.find("gone"));
            assertEquals(0, pool.objectAt(handle));
            commit();
        }
    }

    @Test
    void aHandleOfAnotherPoolIsRefused() {
        try (ThaPool other = ThaPool.create(directory.resolve("other.pool"), 2 << 20)) {
            other.register(CABIN, FLIGHT);
            other.allocate(CABIN, "cabin");
            long foreign = other.allocate(FLIGHT, "flight");

            assertThrows(IllegalArgumentException.class, () -> SEATS.get(pool, foreign));
            assertThrows(IllegalArgumentException.class, () -> pool.delete(foreign));
        }
    }

    @Test
    void aFieldOfAnotherLayoutIsRefusedAndTheMessageNamesTheObjectsOwn() {
        long flight = pool.allocate(FLIGHT, "flight");

        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> MILES.get(pool, flight));

        assertTrue(refused.getMessage().contains("'Flight'"), refused.getMessage());
        assertThrows(IllegalArgumentException.class, () -> MILES.set(pool, flight, 1));
    }

    @Test
    void nullIsNoObject() {
        assertThrows(NullPointerException.class, () -> SEATS.get(pool, 0));
        assertThrows(NullPointerException.class, () -> pool.delete(0));
        assertEquals(0, pool.objectAt(0));
    }

    @Test
    void aClosedPoolRefusesItsHandles() {
        ThaPool closed = ThaPool.create(directory.resolve("closed.pool"), 2 << 20);
        closed.register(FLIGHT);
        long handle = closed.allocate(FLIGHT, "flight");

        closed.close();

        closed.close();
        assertThrows(IllegalStateException.class, () -> SEATS.get(closed, handle));
        assertThrows(IllegalStateException.class, () -> SEATS.set(closed, handle, 1));
        assertThrows(IllegalStateException.class, () -> closed.find("flight"));
        assertThrows(IllegalStateException.class, () -> closed.nameOf(handle));
        assertThrows(IllegalStateException.class, () -> closed.isLive(handle));
        assertThrows(IllegalStateException.class, () -> closed.objectAt(handle));
        assertThrows(IllegalStateException.class, () -> closed.delete(handle));
        assertThrows(IllegalStateException.class, () -> closed.allocate(FLIGHT, "another"));
        assertThrows(IllegalStateException.class, () -> closed.allocateDynamic(FLIGHT));
        assertThrows(IllegalStateException.class, () -> closed.register(ROUTE));
        assertThrows(IllegalStateException.class, () -> closed.forEach(any -> {}));
    }

    @Test
    void craftedHandlesReadAnObjectOrAreRefused() {
        Random random = Seeds.random();
        Set<Long> flights = new HashSet<>();
        for (int i = 0; i < 1_000; i++) {
            flights.add(pool.allocateDynamic(FLIGHT));
            pool.allocateDynamic(i % 10 == 0 ? CABIN : ROUTE, "other");
            if (pool.freeBytes() < 100_000) {
                break;
            }
        }
        long size = pool.structure().memory().sizeBytes();

        for (int i = 0; i < CRAFTED_HANDLES; i++) {
            long offset = i % 2 == 0 ? random.nextLong() : (long) (random.nextDouble() * (size + 8_192)) - 4_096;
            long handle = i % 4 < 2 ? offset << ObjectMemory.GENERATION_BITS | random.nextInt(3) : offset;
            if (!flights.contains(handle)) {
                assertThrows(RuntimeException.class, () -> SEATS.get(pool, handle));
                assertThrows(RuntimeException.class, () -> SEATS.set(pool, handle, 1));
            }
            long found = pool.objectAt(handle);
            assertTrue(found == 0 || pool.isLive(found));
            assertEquals(pool.isLive(handle), found != 0 && found == handle);
        }
    }

    @Test
    void aPointerIntoAnObjectFindsItAndNoneBesideIt() {
        long cabin = pool.allocate(CABIN, "cabin");
        long flight = pool.allocate(FLIGHT, "flight");

        for (long object : new long[] {cabin, flight}) {
            long body = ObjectMemory.bodyOffset(object);
            int size = pool.layoutOf(object).sizeBytes();
            for (int offset = 0; offset < size; offset++) {
                assertEquals(object, pool.objectAt(ObjectMemory.handle(body + offset, ObjectMemory.generation(object))));
            }
            assertEquals(0, pool.objectAt(ObjectMemory.handle(body - 1, ObjectMemory.generation(object))));
            assertEquals(0, pool.objectAt(ObjectMemory.handle(body, ObjectMemory.generation(object) + 1)));
        }
    }

    @Test
    void noHandleIsEverGivenOutTwice() {
        Set<Long> handles = new HashSet<>();

        for (int i = 0; i < SLOT_LIFE; i++) {
            long handle = pool.allocate(FLIGHT, "same");
            assertTrue(handles.add(handle), "the handle of round " + i + " was there before");
            pool.delete(handle);
            commit();
        }
    }

    @Test
    void noHandleIsGivenOutTwiceWherePagesChangeTheirLayouts() {
        Set<Long> handles = new HashSet<>();
        long[] live = new long[40];

        for (int i = 0; i < SLOT_LIFE; i++) {
            int place = i % live.length;
            if (live[place] != 0) {
                pool.delete(live[place]);
                commit();
            }
            live[place] = pool.allocateDynamic(i / 100 % 3 == 0 ? CABIN : i / 100 % 3 == 1 ? ROUTE : FLIGHT);
            assertTrue(handles.add(live[place]), "the handle of round " + i + " was there before");
        }
    }

    @Test
    void groupsNeverShareAPage() {
        Map<Long, Integer> groups = new HashMap<>();
        int second = pool.createGroup("second");
        int third = pool.createGroup("third");

        for (int i = 0; i < 300; i++) {
            Layout layout = i % 3 == 0 ? ROUTE : FLIGHT;
            int group = i % 2 == 0 ? second : i % 5 == 0 ? third : Registry.DEFAULT_GROUP;
            long body = ObjectMemory.bodyOffset(pool.allocate(layout, "object " + i, group));
            for (long page = body - SlotDescriptor.HEADER_LENGTH >> 12; page <= body + layout.sizeBytes() - 1 >> 12; page++) {
                assertEquals(group, groups.computeIfAbsent(page, any -> group), "group on page " + page);
                assertEquals(group, pool.structure().pages().groupId((int) page));
            }
        }
    }
}
