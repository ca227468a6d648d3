package io.tha.region;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tha.memory.Memory;
import io.tha.memory.Posix;
import io.tha.testkit.DomainDirectory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** SCRUB frames in a log of 64 KiB, and what readers ask for. */
class ScrubFrameTest {
    private static final int CAPACITY = 64 << 10;
    private static final int LONGEST_BODY = FrameDescriptor.SCRUB_ENTRIES_OFFSET - FrameDescriptor.HEADER_LENGTH
            + FrameDescriptor.MAX_SCRUB_ENTRIES * FrameDescriptor.SCRUB_ENTRY_LENGTH;

    private final DomainDirectory directory = DomainDirectory.create();
    private final List<String> delivered = new ArrayList<>();
    private final long body = Memory.allocate(LONGEST_BODY);
    private LogFile log;
    private ReaderSlots readers;
    private LogWriter writer;

    @BeforeEach
    void open() {
        log = LogFile.prepare(directory.resolve("prepared"), new LogConfig(CAPACITY, true));
        log.name(directory.resolve("a.1.log"), 1, "a.image");
        readers = new ReaderSlots(log, process -> false);
        // Nobody is waited for: who stands in the way is dropped.
        writer = new LogWriter(log, readers, ReaderPolicy.dropAfter(Duration.ZERO));
    }

    @AfterEach
    void close() {
        writer.close();
        log.close();
        Memory.free(body);
        directory.close();
    }

    private void commit(long id) {
        writer.begin(id, true);
        writer.publishCommit(null);
    }

    private void poll(LogReader reader) {
        int transactions = reader.poll(new FrameHandler() {
            @Override
            public void frame(int type, long address, int lengthBytes) {
                delivered.add("frame " + type);
            }

            @Override
            public void committed(long transactionId, long endPosition) {
                delivered.add("commit " + transactionId);
            }

            @Override
            public void scrub(long address, int lengthBytes) {
                delivered.add("scrub " + Memory.getLong(address + FrameDescriptor.SCRUB_FROM_OFFSET));
            }

            @Override
            public void scrubbed(long endPosition) {
                delivered.add("scrubbed");
            }
        });
        assertTrue(transactions >= 0, () -> "result of the poll: " + transactions);
    }

    @Test
    void aScrubFrameIsDeliveredAloneWhereItStandsBetweenTransactions() {
        try (LogReader reader = LogReader.join(log, readers, 1, () -> 0)) {
            commit(1);
            Memory.putLong(body, 77);
            writer.publishScrub(body, LONGEST_BODY);
            commit(2);

            poll(reader);

            assertEquals(List.of("commit 1", "scrub 77", "scrubbed", "commit 2"), delivered);
        }
    }

    @Test
    void scrubbingTakesNoRoomFromAReaderThatStandsStill() {
        try (LogReader still = LogReader.join(log, readers, 1, () -> 0);
                LogReader other = LogReader.join(log, readers, 2, () -> 0)) {
            for (int i = 0; i < 1_000 && writer.hasRoomToScrub(); i++) {
                writer.publishScrub(body, LONGEST_BODY);
                poll(other);
            }

            assertFalse(writer.hasRoomToScrub());
            assertTrue(writer.tail() <= CAPACITY / 8 + CAPACITY / 16, () -> writer.tail() + " bytes of the ring are taken");
            assertEquals(2, readers.activeCount());
            poll(still);
            assertTrue(writer.hasRoomToScrub());
        }
    }

    @Test
    void whatScrubbingPublishesIsNoProgressOfTheService() {
        commit(1);
        long before = writer.publications();

        writer.publishScrub(body, LONGEST_BODY);

        assertEquals(before, writer.publications());
    }

    /** A reader that rests is not kept awake by scrubbing: it spins and naps only behind a transaction. */
    @Test
    void whoRestsRestsAgainAtOnceBehindAScrubFrame() {
        assumeTrue(Posix.available(), "needs a futex to rest on");
        try (LogReader reader = LogReader.join(log, readers, 1, () -> 0)) {
            while (Memory.getIntVolatile(log.sleepers()) == 0) {
                reader.rest();
            }

            writer.publishScrub(body, LONGEST_BODY);
            assertEquals(1, Memory.getIntVolatile(log.sleepers()));
            writer.wakeReaders();
            assertEquals(0, Memory.getIntVolatile(log.sleepers()));
            poll(reader);
            reader.rest();
            assertEquals(1, Memory.getIntVolatile(log.sleepers()));

            commit(1);
            poll(reader);
            reader.rest();
            assertEquals(0, Memory.getIntVolatile(log.sleepers()));
        }
    }

    @Test
    void aRequestIsToldOnceAndEachReaderHasItsOwn() {
        ScrubRequests requests = new ScrubRequests(readers);
        List<String> told = new ArrayList<>();
        ScrubRequests.Answerer answerer = (handle, start, length) -> told.add(handle + " " + start + " " + length);
        try (LogReader first = LogReader.join(log, readers, 1, () -> 0);
                LogReader second = LogReader.join(log, readers, 2, () -> 0)) {
            first.request(11, 1, 2);
            second.request(22, 3, 4);

            assertEquals(2, requests.poll(answerer));
            assertEquals(0, requests.poll(answerer));
            first.request(11, 1, 2);
            assertEquals(1, requests.poll(answerer));

            assertEquals(List.of("11 1 2", "22 3 4", "11 1 2"), told);
        }
        // The next owner of a slot goes on counting.
        try (LogReader third = LogReader.join(log, readers, 3, () -> 0)) {
            assertEquals(0, requests.poll(answerer));
            third.request(33, 5, 6);
            assertEquals(1, requests.poll(answerer));
        }
        assertEquals("33 5 6", told.get(told.size() - 1));
    }
}
