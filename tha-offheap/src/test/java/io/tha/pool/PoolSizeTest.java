package io.tha.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tha.layout.BytesField;
import io.tha.layout.Layout;
import io.tha.layout.LongField;
import io.tha.memory.ObjectMemory;
import io.tha.testkit.DomainDirectory;
import io.tha.testkit.Sampled;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Pools beyond what an int can address, and names beyond what a heap would like. */
@Sampled
class PoolSizeTest {
    private static final long GIBIBYTE = 1L << 30;
    /** Two bytes for each name: not even a reference to a Java object. */
    private static final long MOST_HEAP_GROWTH = 20 << 20;
    private static final int NAMES = 10_000_000;
    private static final int NAMES_PER_TRANSACTION = 100_000;
    private static final int COLLECTIONS = 3;

    private DomainDirectory directory;

    @BeforeEach
    void create() {
        directory = DomainDirectory.create();
    }

    @AfterEach
    void close() {
        directory.close();
    }

    private void assumeFree(long bytes) throws IOException {
        long free = Files.getFileStore(directory.path()).getUsableSpace();
        assumeTrue(free >= bytes, directory + " has " + free + " bytes free, needed are " + bytes);
    }

    @Test
    void objectsBeyondTwoGibibytesAreWrittenAndRead() throws IOException {
        assumeFree(4 * GIBIBYTE);
        Layout large = Layout.named("Large").int64("first").bytes("content", 500 << 20).int64("last").build();
        Layout small = Layout.named("Small").int64("value").build();
        LongField last = large.int64Field("last");
        BytesField content = large.bytesField("content");
        LongField value = small.int64Field("value");
        Path path = directory.resolve("large.pool");
        long far = 0;
        long beyond;

        try (ThaPool pool = ThaPool.create(path, 3 * GIBIBYTE)) {
            assertTrue(PoolFileTest.reservedBytes(path) >= 3 * GIBIBYTE, "not reserved in full");
            pool.register(large, small);
            for (int i = 0; i < 5; i++) {
                far = pool.allocate(large, "large " + i);
                last.set(pool, far, i + 1);
                content.set(pool, far, (500 << 20) - 3, new byte[] {1, 2, (byte) (i + 3)});
            }
            beyond = pool.allocate(small, "small");
            value.set(pool, beyond, 42);
            assertTrue(ObjectMemory.bodyOffset(beyond) > 2 * GIBIBYTE, "at " + ObjectMemory.bodyOffset(beyond));
            assertEquals(beyond, pool.objectAt(beyond + (4L << ObjectMemory.GENERATION_BITS)));
        }

        try (ThaPool pool = ThaPool.open(path)) {
            assertEquals(far, pool.find("large 4"));
            assertEquals(5, last.get(pool, far));
            byte[] end = new byte[3];
            content.get(pool, far, (500 << 20) - 3, end);
            assertEquals(7, end[2]);
            assertEquals(42, value.get(pool, beyond));
        }
    }

    @Test
    void tenMillionNamesCostNoHeap() throws IOException {
        assumeFree(2 * GIBIBYTE);
        Layout layout = Layout.named("Named").int64("value").build();
        LongField value = layout.int64Field("value");
        Path path = directory.resolve("names.pool");

        try (ThaPool pool = ThaPool.create(path, GIBIBYTE)) {
            pool.register(layout);
            long before = usedHeap();
            for (int i = 0; i < NAMES; i++) {
                value.set(pool, pool.allocate(layout, "object " + i), i);
                if (i % NAMES_PER_TRANSACTION == 0) {
                    pool.structure().commitPending(Registry.DEFAULT_GROUP);
                }
            }
            assertGrowth(before);
            assertFound(pool, value);
        }

        long before = usedHeap();
        try (ThaPool pool = ThaPool.open(path)) {
            assertGrowth(before);
            assertFound(pool, value);
        }
    }

    private static void assertFound(ThaPool pool, LongField value) {
        for (int i = 0; i < NAMES; i += 97) {
            long handle = pool.find("object " + i);
            assertNotEquals(0, handle);
            assertEquals(i, value.get(pool, handle));
        }
        assertEquals(0, pool.find("object " + NAMES));
    }

    private static void assertGrowth(long before) {
        long growth = usedHeap() - before;
        assertTrue(growth < MOST_HEAP_GROWTH, "the heap has grown by " + growth + " bytes");
    }

    private static long usedHeap() {
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
