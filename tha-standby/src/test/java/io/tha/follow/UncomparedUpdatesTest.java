package io.tha.follow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tha.CorruptRegionException;
import io.tha.layout.Layout;
import io.tha.layout.LongField;
import io.tha.layout.PointerField;
import io.tha.layout.Utf8Field;
import io.tha.memory.LineMarks;
import io.tha.memory.Memory;
import io.tha.memory.ObjectMemory;
import io.tha.testkit.DomainDirectory;
import io.tha.tracker.PageTracker;
import io.tha.tracker.TrackerKind;
import io.tha.tracker.Trackers;
import java.util.BitSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Updates that the active has not compared, one rule each. */
class UncomparedUpdatesTest {
    private static final int TEXT_LENGTH = 40_000;
    private static final int NUMBERS = 8_192;
    private static final Layout ROUTE =
            Layout.named("Route").int32("flights").int32("seats").pointer("origin").pointer("destination").bytes("note", 8).build();
    private static final Layout BOOK = Layout.named("Book").utf8("text", TEXT_LENGTH).build();
    private static final Layout ROW = Layout.named("Row").int64Array("numbers", NUMBERS).build();
    private static final PointerField ORIGIN = ROUTE.pointerField("origin");
    private static final PointerField DESTINATION = ROUTE.pointerField("destination");
    private static final Utf8Field TEXT = BOOK.utf8Field("text");
    private static final LongField NUMBER = ROW.int64Field("numbers");

    private final DomainDirectory directory = DomainDirectory.create();
    private ScriptedActive active;
    private Copy copy;

    @BeforeEach
    void open() {
        active = new ScriptedActive(directory.path(), ROUTE, BOOK, ROW);
        copy = Copy.fromBeginning(active, directory.resolve("copy.pool"));
    }

    @AfterEach
    void close() {
        copy.close();
        active.close();
        directory.close();
    }

    private long created(Layout layout, String name) {
        long handle = active.pool.allocate(layout, name);
        active.begin();
        active.create(handle);
        commit();
        return handle;
    }

    /** Sends a whole object; returns how many of its bytes were written to the copy. */
    private long bytesWrittenOf(long handle) {
        long before = copy.replica.changedBytes();
        active.begin();
        active.update(handle, 0, active.pool.layoutOf(handle).sizeBytes(), false);
        commit();
        return copy.replica.changedBytes() - before;
    }

    private void commit() {
        active.publish();
        copy.follow();
        active.advance();
    }

    private void delete(long handle) {
        active.pool.delete(handle);
        active.begin();
        active.delete(handle);
        commit();
    }

    @Test
    void aNumberIsWrittenWholeAndARawByteAlone() {
        long route = created(ROUTE, "SFO-BOS");
        Memory.putByte(active.pool.address(route) + ROUTE.int32Field("seats").offset() + 1, (byte) 1);
        Memory.putByte(active.pool.address(route) + ROUTE.bytesField("note").offset() + 3, (byte) 1);

        assertEquals(Integer.BYTES + 1, bytesWrittenOf(route));
        assertEquals(0, bytesWrittenOf(route));
        assertEquals(2L * ROUTE.sizeBytes(), copy.replica.uncomparedBytes());
    }

    @Test
    void whatTheActiveHasComparedCountsAsNeither() {
        long route = created(ROUTE, "SFO-BOS");
        ROUTE.int32Field("seats").set(active.pool, route, 180);
        active.begin();
        active.update(route, 0, ROUTE.sizeBytes(), true);
        commit();

        assertEquals(0, copy.replica.uncomparedBytes());
        assertEquals(0, copy.replica.changedBytes());
        assertEquals(180, ROUTE.int32Field("seats").get(copy.pool, copy.handle(route)));
    }

    @ParameterizedTest
    @EnumSource(value = TrackerKind.class, names = {"USERFAULTFD", "MPROTECT"})
    void aPageWithoutChangesIsNotWritten(TrackerKind kind) {
        assumeTrue(Trackers.unavailableReason(kind) == null, () -> kind + ": " + Trackers.unavailableReason(kind));
        long row = created(ROW, "row");
        for (int i = 0; i < NUMBERS; i++) {
            NUMBER.set(active.pool, row, i, i);
        }
        bytesWrittenOf(row);
        try (PageTracker witness = Trackers.create(kind, copy.pool.structure(), null, copy.pool.structure().memory().base())) {
            witness.start();
            writtenPages(witness);

            assertEquals(0, bytesWrittenOf(row));
            assertEquals(new BitSet(), writtenPages(witness));

            NUMBER.set(active.pool, row, 5_000, -1);
            assertEquals(Long.BYTES, bytesWrittenOf(row));
            BitSet one = new BitSet();
            long offset = ObjectMemory.bodyOffset(copy.handle(row)) + 5_000L * Long.BYTES;
            one.set((int) (offset >>> LineMarks.PAGE_SHIFT));
            assertEquals(one, writtenPages(witness));
        }
    }

    private static BitSet writtenPages(PageTracker witness) {
        BitSet pages = new BitSet();
        witness.gather();
        witness.collect(0, (page, lines) -> pages.set(page));
        witness.clear(0);
        return pages;
    }

    @Test
    void aPointerWithEqualBytesIsStillConverted() {
        // Takes the place in the copy that the active has given to the first one.
        long filler = active.pool.allocate(ROUTE, "not sent");
        long second = created(ROUTE, "second");
        long third = created(ROUTE, "third");
        long route = created(ROUTE, "SFO-BOS");
        assertEquals(filler, copy.handle(second), "the copy has this object where the active has another one");
        assertEquals(second, copy.handle(third), "and so on");
        ORIGIN.set(active.pool, route, third);
        bytesWrittenOf(route);
        assertEquals(second, copy.pointer(route, ORIGIN.offset()), "as bytes, what the active has for another object");

        ORIGIN.set(active.pool, route, second);

        assertEquals(Long.BYTES, bytesWrittenOf(route));
        assertEquals(copy.handle(second), copy.pointer(route, ORIGIN.offset()));
    }

    @Test
    void aDanglingPointerIsWrittenOnceAndMendedLater() {
        long route = created(ROUTE, "SFO-BOS");
        long early = active.pool.allocate(ROUTE, "early");
        ORIGIN.set(active.pool, route, early);
        DESTINATION.set(active.pool, route, early);

        assertEquals(2 * Long.BYTES, bytesWrittenOf(route));
        assertEquals(0, bytesWrittenOf(route));
        assertEquals(0, copy.pool.objectAt(copy.pointer(route, ORIGIN.offset())));

        active.begin();
        active.create(early);
        commit();
        assertEquals(copy.handle(early), copy.pointer(route, ORIGIN.offset()));
        assertEquals(copy.handle(early), copy.pointer(route, DESTINATION.offset()));
        assertEquals(0, bytesWrittenOf(route));
    }

    @Test
    void aPointerToWhatWasDeletedDangles() {
        long route = created(ROUTE, "SFO-BOS");
        long airport = created(ROUTE, "SFO");
        ORIGIN.set(active.pool, route, airport);
        bytesWrittenOf(route);
        delete(airport);

        assertEquals(Long.BYTES, bytesWrittenOf(route), "once: what it points to is not known any more");
        assertEquals(0, bytesWrittenOf(route));
        assertNotEquals(0, copy.pointer(route, ORIGIN.offset()));
        assertEquals(0, copy.pool.objectAt(copy.pointer(route, ORIGIN.offset())));
    }

    @Test
    void oneDanglingPointerIsNotTakenForAnother() {
        long route = created(ROUTE, "SFO-BOS");
        long first = active.pool.allocate(ROUTE, "first");
        long second = active.pool.allocate(ROUTE, "second");
        ORIGIN.set(active.pool, route, first);
        bytesWrittenOf(route);
        ORIGIN.set(active.pool, route, second);

        assertEquals(Long.BYTES, bytesWrittenOf(route));
        active.begin();
        active.create(second);
        active.create(first);
        commit();
        assertEquals(copy.handle(second), copy.pointer(route, ORIGIN.offset()));
    }

    @Test
    void aPointerThatComesInTwoPartsIsConvertedWhenItIsComplete() {
        created(ROUTE, "first here");
        long filler = active.pool.allocate(ROUTE, "not sent");
        long airport = created(ROUTE, "SFO");
        long route = created(ROUTE, "SFO-BOS");
        ORIGIN.set(active.pool, route, airport);
        DESTINATION.set(active.pool, route, route);
        int middle = ORIGIN.offset() + Integer.BYTES;

        active.begin();
        active.update(route, 0, middle, false);
        active.update(route, middle, ROUTE.sizeBytes(), false);
        commit();

        assertEquals(filler, copy.handle(airport), "the two sides differ");
        assertEquals(copy.handle(airport), copy.pointer(route, ORIGIN.offset()));
        assertEquals(copy.handle(route), copy.pointer(route, DESTINATION.offset()));
    }

    @Test
    void ofATextThatComesInPartsOnlyThePartThatDiffersIsWritten() {
        long book = created(BOOK, "book");
        TEXT.set(active.pool, book, "x".repeat(TEXT_LENGTH));
        bytesWrittenOf(book);
        TEXT.set(active.pool, book, "x".repeat(TEXT_LENGTH - 1) + "y");
        long before = copy.replica.changedBytes();
        int cut = 32 << 10;

        active.begin();
        active.update(book, 0, cut, false);
        active.update(book, cut, TEXT_LENGTH, false);
        commit();

        assertEquals(TEXT_LENGTH - cut, copy.replica.changedBytes() - before);
        assertEquals(TEXT.get(active.pool, book), TEXT.get(copy.pool, copy.handle(book)));
    }

    @ParameterizedTest
    @MethodSource("rangesThatCannotBe")
    void aRangeThatCannotBeIsRefusedComparedOrNot(int start, int length, boolean compared) {
        long route = created(ROUTE, "SFO-BOS");
        active.begin();
        active.sendNonsense(route, start, length, compared);
        active.publish();

        String message = assertThrows(CorruptRegionException.class, copy::follow).getMessage();
        assertEquals("transaction log: UPDATE of " + length + " bytes at " + start + " of an object of 32 bytes, in a frame of 48; "
                + "the region was damaged, rebuild this standby", message);
        assertEquals(-1, Memory.firstNonZero(copy.address(route), ROUTE.sizeBytes()));
        assertEquals(0, copy.replica.uncomparedBytes());
    }

    static Stream<Arguments> rangesThatCannotBe() {
        int[][] ranges = {
            {-1, 8}, {Integer.MIN_VALUE, 8}, {Integer.MAX_VALUE, 8}, {32, 1}, {28, 8}, {33, -1}, {0, -1}, {0, 9}, {0, Integer.MAX_VALUE},
            {8, Integer.MIN_VALUE}
        };
        return Stream.of(ranges).flatMap(range -> Stream.of(Arguments.of(range[0], range[1], true), Arguments.of(range[0], range[1], false)));
    }

    @Test
    void anUnknownObjectIsRefused() {
        active.begin();
        active.sendNonsense(0x123_4560_0001L, 0, 8, false);
        active.publish();

        String message = assertThrows(CorruptRegionException.class, copy::follow).getMessage();
        assertTrue(message.contains("UPDATE of handle 0x12345600001, which names no object"), message);
    }
}
