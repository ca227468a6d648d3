package io.tha.tracker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tha.ThaException;
import io.tha.memory.LineMarks;
import io.tha.memory.MappedFile;
import io.tha.memory.Memory;
import io.tha.testkit.DomainDirectory;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Writes to protected pages are noticed, by whatever thread and to however many pages. */
@Timeout(300)
class FaultProtectionTest {
    private static final int GIBIBYTE_PAGES = 1 << 18;

    @TempDir
    private Path directory;

    @BeforeEach
    void requireHandler() {
        String reason = Trackers.unavailableReason(TrackerKind.MPROTECT);
        assumeTrue(reason == null, reason);
    }

    private static BitSet pages(int... pages) {
        BitSet set = new BitSet();
        for (int page : pages) {
            set.set(page);
        }
        return set;
    }

    @Test
    void aWrittenPageIsReportedOncePerScan() {
        try (TestMemory memory = TestMemory.of(200)) {
            assertEquals(pages(), memory.scan());
            memory.write(0, 1);
            memory.write(3, 2);
            memory.write(3, 3);
            memory.write(64, 4);
            memory.write(199, 5);

            assertEquals(pages(0, 3, 64, 199), memory.scan());
            assertEquals(pages(), memory.scan());
            assertEquals(3, memory.read(3));

            memory.write(3, 6);
            assertEquals(pages(3), memory.scan());
        }
    }

    @Test
    void moreRunsAreReportedThanTheBufferHolds() {
        try (TestMemory memory = TestMemory.of(10_000)) {
            BitSet written = new BitSet();
            for (int page = 1; page < 10_000; page += 2) {
                memory.write(page, page);
                written.set(page);
            }

            assertEquals(written, memory.scan());
            assertEquals(pages(), memory.scan());
        }
    }

    @Test
    void everySecondPageOfAGibibyteIsReported() {
        try (TestMemory memory = TestMemory.of(GIBIBYTE_PAGES)) {
            long before = TestMemory.mappings();
            writeEverySecondPage(memory);
            long open = TestMemory.mappings();
            assertEverySecondPage(memory);

            assertTrue(open > before + 10_000 && open < before + 40_000, open + " mappings");
            assertTrue(TestMemory.mappings() <= before + 10, TestMemory.mappings() + " mappings remain of " + open + ", before " + before);
        }
    }

    /** Whoever has used up the mappings: the handler must not count on being the only one, or on having counted right. */
    @Test
    void everySecondPageOfAGibibyteIsReportedWhenTheKernelRefuses() {
        try (TestMemory memory = TestMemory.of(GIBIBYTE_PAGES, Long.MAX_VALUE)) {
            writeEverySecondPage(memory);
            assertEverySecondPage(memory);
            memory.write(17, 1);

            assertEquals(pages(17), memory.scan());
        }
    }

    private static void writeEverySecondPage(TestMemory memory) {
        for (int page = 0; page < memory.pageCount(); page += 2) {
            memory.write(page, page + 1);
        }
    }

    private static void assertEverySecondPage(TestMemory memory) {
        BitSet found = memory.scan();
        for (int page = 0; page < memory.pageCount(); page += 2) {
            assertEquals(page + 1, memory.read(page));
            assertTrue(found.get(page), "page " + page);
        }
    }

    @Test
    void writesToAPrivateMappingOfAFileAreReportedAndItsPiecesMerged() {
        try (DomainDirectory files = DomainDirectory.create()) {
            Path path = files.resolve("pool");
            int pageCount = 8_192;
            long length = (long) pageCount * LineMarks.PAGE_LENGTH;
            try (MappedFile shared = MappedFile.create(path, length);
                    MappedFile working = MappedFile.openPrivate(path, length);
                    FaultProtection protection = FaultProtection.open()) {
                protection.makeMergeable(working.address());
                protection.watch(working.address(), length);
                Memory.putLong(shared.address(), 7);
                assertEquals(7, Memory.getLong(working.address()), "a page that was not written follows the file");
                long before = TestMemory.mappings();
                for (int page = 0; page < pageCount; page += 3) {
                    Memory.putLong(working.address() + (long) page * LineMarks.PAGE_LENGTH, 8);
                }
                BitSet found = new BitSet();
                protection.scan(working.address(), working.address() + length,
                        (start, end) -> found.set((int) (start - working.address() >>> LineMarks.PAGE_SHIFT)));

                assertEquals((pageCount + 2) / 3, found.cardinality());
                assertEquals(7, Memory.getLong(shared.address()));
                assertTrue(TestMemory.mappings() <= before + 10, TestMemory.mappings() + " mappings, before " + before);
            }
        }
    }

    @Test
    void aSystemCallIsRefusedUntilThePageIsTouched() throws IOException {
        Path file = Files.write(directory.resolve("input"), new byte[] {1, 2, 3, 4, 5, 6, 7, 8});
        try (TestMemory memory = TestMemory.of(100); FileChannel channel = FileChannel.open(file)) {
            IOException refused = assertThrows(IOException.class, () -> channel.read(memory.buffer(5), 0));
            assertEquals("Bad address", refused.getMessage());
            assertEquals(pages(), memory.scan());

            memory.hold(1, 5, 6);
            assertEquals(pages(5), memory.scan(), "another group commits meanwhile");
            assertEquals(8, channel.read(memory.buffer(5), 0));

            assertEquals(0x0807_0605_0403_0201L, memory.read(5));
            assertEquals(pages(5), memory.scan());
            memory.protection().letGo(2);
            assertEquals(pages(5), memory.scan());
            memory.protection().letGo(1);
            assertEquals(pages(5), memory.scan());
            assertEquals(pages(), memory.scan());
            assertThrows(IOException.class, () -> channel.read(memory.buffer(5), 0));
        }
    }

    @Test
    void whatIsHeldSurvivesAndItsNeighboursAreWatched() {
        try (TestMemory memory = TestMemory.of(400)) {
            memory.hold(1, 100, 200);
            memory.write(99, 1);
            memory.write(200, 1);
            memory.write(399, 1);

            BitSet held = new BitSet();
            held.set(100, 200);
            BitSet all = new BitSet();
            all.or(held);
            all.or(pages(99, 200, 399));
            assertEquals(all, memory.scan());
            assertEquals(held, memory.scan());
            memory.write(99, 2);
            held.set(99);
            assertEquals(held, memory.scan());
        }
    }

    @Test
    void severalRangesAreWatchedAndTheirNumberIsLimited() {
        List<TestMemory> memories = new ArrayList<>();
        try {
            for (int i = 0; i < 40; i++) {
                memories.add(TestMemory.of(10));
            }
            for (int i = 0; i < 40; i++) {
                memories.get(i).write(i % 10, i);
            }
            for (int i = 0; i < 40; i++) {
                assertEquals(pages(i % 10), memories.get(i).scan());
            }
            ThaException full = assertThrows(ThaException.class, () -> {
                while (memories.size() < 100) {
                    memories.add(TestMemory.of(10));
                }
            });
            assertTrue(full.getMessage().contains("64 pools"), full.getMessage());
        } finally {
            memories.forEach(TestMemory::close);
        }
    }

    @Test
    void memoryThatIsNotWatchedAnyMoreIsWritable() {
        try (TestMemory memory = TestMemory.of(10)) {
            memory.write(1, 1);
            memory.protection().close();
            memory.write(1, 2);
            memory.write(2, 2);
        }
    }
}
