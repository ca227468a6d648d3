package io.tha.flyweight;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tha.layout.Layout;
import io.tha.memory.LineMarks;
import io.tha.pool.ThaPool;
import io.tha.testkit.DomainDirectory;
import io.tha.testkit.Seeds;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Generated flyweights do what field handles of the same layout do. */
class FlyweightTest {
    private static final Layout OTHER = Layout.named("Other").bytes("content", 1_024).build();

    private DomainDirectory directory;
    private ThaPool pool;
    private EveryKindFlyweight every;
    private long object;
    private List<FieldPair> pairs;

    @BeforeEach
    void create() {
        directory = DomainDirectory.create();
        pool = ThaPool.create(directory.resolve("test.pool"), 2 << 20);
        pool.register(EveryKindFlyweight.LAYOUT, StopFlyweight.LAYOUT, OTHER);
        pool.structure().setTracked(true);
        object = pool.allocate(EveryKindFlyweight.LAYOUT, "object");
        every = new EveryKindFlyweight().wrap(pool, object);
        pairs = FieldPair.of(every, pool, object);
    }

    @AfterEach
    void close() {
        pool.close();
        directory.close();
    }

    @Test
    void aHandleReadsWhatAFlyweightHasWrittenAndNoFieldTouchesAnother() {
        Random random = Seeds.random();
        Map<FieldPair, Object> written = new HashMap<>();

        for (FieldPair pair : pairs) {
            written.put(pair, pair.values().apply(random));
            pair.flyweight().set().accept(written.get(pair));
        }

        written.forEach((pair, value) -> assertEquals(value, pair.handle().get().get(), pair.path()));
    }

    @Test
    void aFlyweightReadsWhatAHandleHasWritten() {
        Random random = Seeds.random();
        Map<FieldPair, Object> written = new HashMap<>();

        for (FieldPair pair : pairs) {
            written.put(pair, pair.values().apply(random));
            pair.handle().set().accept(written.get(pair));
        }

        written.forEach((pair, value) -> assertEquals(value, pair.flyweight().get().get(), pair.path()));
    }

    @Test
    void theSameLinesAreMarked() {
        Random random = Seeds.random();
        for (FieldPair pair : pairs) {
            Object value = pair.values().apply(random);

            Set<Long> byHandle = linesMarkedBy(() -> pair.handle().set().accept(value));
            Set<Long> byFlyweight = linesMarkedBy(() -> pair.flyweight().set().accept(value));

            assertFalse(byHandle.isEmpty());
            assertEquals(byHandle, byFlyweight, pair.path());
        }
    }

    @Test
    void sumsMarkTheirLineToo() {
        assertEquals(1, linesMarkedBy(() -> every.addInt64(1)).size());
        assertEquals(1, linesMarkedBy(() -> every.addInt64s(3, 1)).size());
        assertEquals(1, linesMarkedBy(() -> every.stops(2).place().addX(1)).size());
    }

    @Test
    void readingMarksNothing() {
        List<Object> values = new ArrayList<>();

        assertTrue(linesMarkedBy(() -> pairs.forEach(pair -> values.add(pair.flyweight().get().get()))).isEmpty());
        assertEquals(pairs.size(), values.size());
    }

    @Test
    void aDeletedObjectIsRefused() {
        Random random = Seeds.random();
        pool.delete(object);

        for (FieldPair pair : pairs) {
            Object value = pair.values().apply(random);
            assertThrows(IllegalStateException.class, () -> pair.flyweight().get().get(), pair.path());
            assertThrows(IllegalStateException.class, () -> pair.flyweight().set().accept(value), pair.path());
        }
        assertThrows(IllegalStateException.class, () -> every.addInt64(1));
        assertThrows(IllegalStateException.class, () -> every.textEquals(""));
    }

    @Test
    void anObjectOfAnotherLayoutIsRefused() {
        Random random = Seeds.random();
        every.wrap(pool, pool.allocate(OTHER, "other"));

        for (FieldPair pair : pairs) {
            Object value = pair.values().apply(random);
            assertThrows(IllegalArgumentException.class, () -> pair.flyweight().get().get(), pair.path());
            assertThrows(IllegalArgumentException.class, () -> pair.flyweight().set().accept(value), pair.path());
        }
    }

    @Test
    void anObjectOfTheNestedLayoutIsNoneOfTheOuterOne() {
        long stop = pool.allocate(StopFlyweight.LAYOUT, "stop");

        assertEquals(0, new StopFlyweight().wrap(pool, stop).minute());
        assertThrows(IllegalArgumentException.class, () -> every.wrap(pool, stop).route().minute());
        assertThrows(IllegalArgumentException.class, () -> new StopFlyweight().wrap(pool, object).minute());
    }

    @Test
    void aWriteToAReadOnlyPoolIsRefused() {
        Random random = Seeds.random();
        pool.structure().setTracked(false);
        pool.structure().setReadOnly(true);

        for (FieldPair pair : pairs) {
            Object value = pair.values().apply(random);
            assertThrows(IllegalStateException.class, () -> pair.flyweight().set().accept(value), pair.path());
        }
        assertEquals(0, every.int64());
    }

    @Test
    void anIndexOutsideTheArrayIsRefusedInTheSameWords() {
        for (int index : new int[] {-1, 4, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
            String expected = assertThrows(IndexOutOfBoundsException.class,
                    () -> EveryKindFlyweight.LAYOUT.int64Field("int64s").get(pool, object, index)).getMessage();

            assertEquals(expected, assertThrows(IndexOutOfBoundsException.class, () -> every.int64s(index)).getMessage());
            assertEquals(expected, assertThrows(IndexOutOfBoundsException.class, () -> every.int64s(index, 1)).getMessage());
            assertEquals(expected, assertThrows(IndexOutOfBoundsException.class, () -> every.addInt64s(index, 1)).getMessage());
            assertThrows(IndexOutOfBoundsException.class, () -> every.texts(index));
            assertThrows(IndexOutOfBoundsException.class, () -> every.stops(index));
        }
        assertThrows(IndexOutOfBoundsException.class, () -> every.bytes(4, new byte[67]));
        assertThrows(IndexOutOfBoundsException.class, () -> every.bytes(new byte[67], 4));
        assertThrows(IndexOutOfBoundsException.class, () -> every.bytes(new byte[1], -1));
    }

    @Test
    void numbersAddUpAsThoseOfFieldHandles() {
        assertEquals(-128, every.addInt8((byte) 127) + every.addInt8((byte) 1) - 127);
        assertEquals(-1, every.addInt16((short) -1));
        assertEquals(Integer.MIN_VALUE, every.addInt32(Integer.MAX_VALUE) + every.addInt32(1) - Integer.MAX_VALUE);
        assertEquals(7, every.addInt64(7));
        assertEquals(0.5f, every.addFloat32(0.5f));
        assertEquals(0.25, every.addFloat64(0.25));
        assertEquals(-128, every.addInt8s(3, (byte) -128));
        assertEquals(12, every.addInt16s(2, (short) 12));
        assertEquals(13, every.addInt32s(39, 13));
        assertEquals(14, every.addInt64s(1, 14));
        assertEquals(1.5f, every.addFloat32s(0, 1.5f));
        assertEquals(2.5, every.addFloat64s(3, 2.5));

        assertEquals(List.of((byte) -128, (short) -1, Integer.MIN_VALUE, 7L, 0.5f, 0.25),
                List.of(every.int8(), every.int16(), every.int32(), every.int64(), every.float32(), every.float64()));
        assertEquals(List.of((byte) -128, (short) 12, 13, 14L, 1.5f, 2.5),
                List.of(every.int8s(3), every.int16s(2), every.int32s(39), every.int64s(1), every.float32s(0), every.float64s(3)));
    }

    @Test
    void textIsComparedInPlace() {
        every.text("Frankfurt");
        every.texts(2, "FRA");
        every.route().exits(1).label("north");

        assertTrue(every.textEquals("Frankfurt"));
        assertFalse(every.textEquals("Frankfur"));
        assertFalse(every.textEquals("Frankfurts"));
        assertTrue(every.textsEquals(2, "FRA"));
        assertFalse(every.textsEquals(1, "FRA"));
        assertTrue(every.textsEquals(1, ""));
        assertTrue(every.route().exits(1).labelEquals("north"));
        assertFalse(every.route().exits(0).labelEquals("north"));
    }

    @Test
    void textThatDoesNotFitIsRefusedInTheSameWordsAndNothingIsWritten() {
        every.text("before");
        for (String value : new String[] {"ten bytes!", "ten bÿtes", "a\0b", "\ud83d"}) {
            String expected = assertThrows(IllegalArgumentException.class,
                    () -> EveryKindFlyweight.LAYOUT.utf8Field("text").set(pool, object, value)).getMessage();

            Set<Long> marked = linesMarkedBy(() -> assertEquals(expected,
                    assertThrows(IllegalArgumentException.class, () -> every.text(value)).getMessage()));

            assertTrue(marked.isEmpty());
            assertEquals("before", every.text());
        }
    }

    @Test
    void oneFlyweightShowsManyObjectsOneAfterTheOther() {
        try (ThaPool second = ThaPool.create(directory.resolve("second.pool"), 2 << 20)) {
            second.register(EveryKindFlyweight.LAYOUT);
            List<Long> objects = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                ThaPool owner = i % 2 == 0 ? pool : second;
                objects.add(owner.allocateDynamic(EveryKindFlyweight.LAYOUT));
                every.wrap(owner, objects.get(i)).int32(i);
                every.stops(1).exits(1).x(i);
            }

            for (int i = 0; i < 10; i++) {
                every.wrap(i % 2 == 0 ? pool : second, objects.get(i));
                assertEquals(objects.get(i), every.handle());
                assertEquals(i, every.int32());
                assertEquals(i, every.stops(1).exits(1).x());
                assertEquals(0, every.stops(1).exits(0).x());
            }
        }
    }

    @Test
    void aNestedFlyweightIsMovedByTheMethodThatReturnsIt() {
        Stop first = every.stops(0);
        first.minute(10);

        Stop second = every.stops(1);
        second.minute(20);

        assertEquals(first, second);
        assertEquals(20, first.minute());
        assertEquals(10, every.stops(0).minute());
        assertNotEquals(every.route(), every.stops(0));
    }

    @Test
    void aFlyweightThatShowsNothingSaysSo() {
        EveryKindFlyweight empty = new EveryKindFlyweight();

        assertEquals(0, empty.handle());
        String message = assertThrows(IllegalStateException.class, empty::int8).getMessage();
        assertTrue(message.contains("call wrap first"), message);
        assertThrows(IllegalStateException.class, () -> empty.int64(1));
        assertThrows(IllegalStateException.class, () -> empty.text("text"));
        assertThrows(IllegalStateException.class, () -> empty.stops(1).minute());
        assertThrows(NullPointerException.class, () -> empty.wrap(null, object));
    }

    @Test
    void aMethodWithABodyIsLeftAlone() {
        assertFalse(every.isFlagged());

        every.flags(0, true);

        assertTrue(every.isFlagged());
    }

    private Set<Long> linesMarkedBy(Runnable action) {
        LineMarks marks = pool.structure().lineMarks();
        marks.clear(0);
        action.run();
        Set<Long> lines = new HashSet<>();
        for (int i = 0; i < marks.dirtyPageCount(0); i++) {
            int page = marks.dirtyPage(0, i);
            for (int line = 0; line < Long.SIZE; line++) {
                if ((marks.mask(page) >>> line & 1) != 0) {
                    lines.add((long) page * Long.SIZE + line);
                }
            }
        }
        marks.clear(0);
        return lines;
    }
}
