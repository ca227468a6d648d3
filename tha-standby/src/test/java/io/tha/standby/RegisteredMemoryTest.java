package io.tha.standby;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import io.tha.PoolFullException;
import io.tha.active.RegisteredMemory;
import io.tha.active.ThaApplication;
import io.tha.active.ThaConfig;
import io.tha.active.Transaction;
import io.tha.layout.Layout;
import io.tha.memory.Memory;
import io.tha.memory.Posix;
import io.tha.pool.ThaPool;
import io.tha.testkit.DomainDirectory;
import io.tha.testkit.Extent;
import io.tha.testkit.Seeds;
import io.tha.tracker.TrackerKind;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Memory outside the pool is state like any other: it follows, is rolled back, and is taken over; in every mode. */
@Timeout(120)
class RegisteredMemoryTest {
    private static final int PAGE = 4096;
    private static final int HUGE_PAGE = 2 << 20;
    private static final int MADV_HUGEPAGE = 14;
    private static final int MEMORIES = 3;
    private static final int STEPS_PER_ROUND = Extent.of(3_000);

    private static final Layout STATICS =
            Layout.named("Statics").int64("count").int64("hits").local().int32Array("values", 5_000).build();
    private static final int SIZE = STATICS.sizeBytes();
    private static final int LENGTH = SIZE + PAGE - 1 & -PAGE;
    private static final int HITS = STATICS.int64Field("hits").offset();

    private final DomainDirectory directory = DomainDirectory.create();
    private final List<Long> mappings = new ArrayList<>();
    private final byte[][] committed = new byte[MEMORIES][SIZE];
    private final byte[][] written = new byte[MEMORIES][SIZE];
    private final RegisteredMemory[] memories = new RegisteredMemory[MEMORIES];
    private final int[] groups = new int[MEMORIES];
    private Random random;
    private Path input;

    @TempDir
    private Path files;

    @AfterEach
    void remove() {
        mappings.forEach(address -> Posix.unmap(address, LENGTH));
        directory.close();
    }

    private long map() {
        long address = Posix.map(-1, LENGTH, Posix.PROT_READ | Posix.PROT_WRITE, Posix.MAP_PRIVATE | Posix.MAP_ANONYMOUS);
        mappings.add(address);
        return address;
    }

    private static ThaConfig.Builder config() {
        return ThaConfig.builder().poolBytes(4 << 20).ringBytes(1 << 20).readerTimeout(Duration.ofSeconds(20));
    }

    @ParameterizedTest
    @EnumSource
    void whatAnybodyWritesFollowsIsRolledBackAndTakenOver(CaptureMode mode) throws IOException, InterruptedException {
        mode.requireAvailable();
        random = Seeds.random();
        input = Files.createFile(files.resolve("input"));
        ThaConfig config = mode.configure(config());
        ThaApplication active = ThaApplication.open(directory.path(), "app", config);
        active.register(STATICS);
        // Two of one group, one of another.
        groups[2] = active.pool().createGroup("other");
        for (int round = 1; round <= 3; round++) {
            register(active);
            active.begin().commit();
            try (ThaStandby standby = ThaStandby.open(directory.path(), "app", config)) {
                mode.awaitReady(active, standby);
                work(active, standby, mode.canAbort());
                active.close();
                active = standby.awaitTakeover().application();
            }
        }
        active.close();
    }

    /** With new memory: empty the first time, to be filled from the object after a takeover. */
    private void register(ThaApplication active) {
        for (int i = 0; i < MEMORIES; i++) {
            memories[i] = active.registerMemory("statics" + i, map(), LENGTH, STATICS, groups[i]);
            // Local content did not come along.
            Arrays.fill(committed[i], HITS, HITS + Long.BYTES, (byte) 0);
            written[i] = committed[i].clone();
            assertArrayEquals(committed[i], content(memories[i].address()), "memory " + i);
        }
    }

    private void work(ThaApplication active, ThaStandby standby, boolean canAbort) throws IOException {
        Transaction[] open = new Transaction[2];
        for (int step = 0; step < STEPS_PER_ROUND; step++) {
            int memory = random.nextInt(MEMORIES);
            int first = memory < 2 ? 0 : 1;
            if (open[first] == null) {
                open[first] = active.begin(groups[memory]);
            }
            int action = random.nextInt(40);
            if (action < 34) {
                write(memory);
            } else if (action == 34) {
                open[first].flush();
            } else if (action == 35) {
                reopen(active, memory);
            } else {
                decide(open[first], memory, !canAbort || action < 39);
                open[first] = null;
            }
            for (int i = 0; i < MEMORIES; i++) {
                assertArrayEquals(written[i], content(memories[i].address()), "memory " + i + " at step " + step);
            }
            if (step % 50 == 0) {
                assertFollows(active, standby);
            }
        }
        for (int first = 0; first < 2; first++) {
            if (open[first] != null) {
                decide(open[first], first * 2, true);
            }
        }
        assertFollows(active, standby);
    }

    private void write(int memory) throws IOException {
        int length = random.nextInt(8) == 0 ? 1 + random.nextInt(6_000) : 1 << random.nextInt(4);
        int offset = random.nextInt(SIZE - length + 1);
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        if (random.nextInt(4) == 0) {
            // Nothing changes.
            bytes = Arrays.copyOfRange(written[memory], offset, offset + length);
        }
        System.arraycopy(bytes, 0, written[memory], offset, length);
        long address = memories[memory].address() + offset;
        if (random.nextInt(4) == 0) {
            memories[memory].touch(offset, length);
            Files.write(input, bytes);
            try (FileChannel channel = FileChannel.open(input)) {
                assertEquals(length, channel.read(new Pointer(address).getByteBuffer(0, length)));
            }
        } else {
            Memory.copyFrom(bytes, 0, address, length);
        }
    }

    /** Somewhere else, in the middle of a transaction. */
    private void reopen(ThaApplication active, int memory) {
        memories[memory].close();
        assertFalse(memories[memory].isOpen());
        memories[memory] = active.registerMemory("statics" + memory, map(), LENGTH, STATICS, groups[memory]);
        assertArrayEquals(written[memory], content(memories[memory].address()), "reopened");
    }

    private void decide(Transaction transaction, int memory, boolean commit) {
        if (commit) {
            transaction.commit();
        } else {
            transaction.abort();
        }
        transaction.close();
        for (int i = 0; i < MEMORIES; i++) {
            if (groups[i] == groups[memory]) {
                if (!commit) {
                    System.arraycopy(written[i], HITS, committed[i], HITS, Long.BYTES);
                    written[i] = committed[i].clone();
                }
                committed[i] = written[i].clone();
            }
        }
    }

    private void assertFollows(ThaApplication active, ThaStandby standby) {
        while (!active.isFollowed()) {
            Thread.onSpinWait();
        }
        standby.read(pool -> {
            for (int i = 0; i < MEMORIES; i++) {
                byte[] expected = committed[i].clone();
                Arrays.fill(expected, HITS, HITS + Long.BYTES, (byte) 0);
                assertArrayEquals(expected, content(pool.address(pool.find("statics" + i))), "object " + i);
            }
            return null;
        });
    }

    private static byte[] content(long address) {
        byte[] content = new byte[SIZE];
        Memory.copyTo(address, content, 0, SIZE);
        return content;
    }

    @Test
    void aRegistrationEndsWithItsObject() {
        try (ThaApplication active = ThaApplication.open(directory.path(), "app", config().build())) {
            active.register(STATICS);
            long address = map();
            RegisteredMemory aborted;
            try (Transaction transaction = active.begin()) {
                aborted = active.registerMemory("statics", address, LENGTH, STATICS, 0);
                Memory.putLong(address, 7);
                transaction.abort();
            }
            assertFalse(aborted.isOpen());
            assertThrows(IllegalStateException.class, () -> aborted.touch(0, 1));
            assertEquals(7, Memory.getLong(address));

            RegisteredMemory memory = active.registerMemory("statics", address, LENGTH, STATICS, 0);
            active.begin().commit();
            try (Transaction transaction = active.begin()) {
                active.pool().delete(memory.handle());
                Memory.putLong(address, 8);
                transaction.flush();
                transaction.abort();
            }
            assertTrue(memory.isOpen());
            assertEquals(7, Memory.getLong(address), "the object is back, as it was");
            active.pool().delete(memory.handle());
            active.begin().commit();
            assertFalse(memory.isOpen());
            memory.close();
            assertEquals(7, Memory.getLong(address));
            assertTrue(active.registerMemory("statics", address, LENGTH, STATICS, 0).isOpen());
        }
    }

    /** A pool whose accessors cost nanoseconds, beside memory that is watched by the kernel. */
    @Test
    void thePoolKeepsItsTracker() {
        try (ThaApplication active =
                ThaApplication.open(directory.path(), "app", config().tracker(TrackerKind.SOFTWARE).build())) {
            active.register(STATICS);
            RegisteredMemory memory = active.registerMemory("statics", map(), LENGTH, STATICS, 0);
            assertTrue(memory.tracker().seesRawWrites());
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"USERFAULTFD", "MPROTECT", "COMPARE"})
    void memoryThatCannotBeRegisteredIsRefused(TrackerKind tracker) {
        TrackerTest.requireAvailable(tracker);
        try (ThaApplication active =
                ThaApplication.open(directory.path(), "app", config().tracker(tracker).build())) {
            active.register(STATICS);
            ThaPool pool = active.pool();
            int group = pool.createGroup("other");
            long address = map();
            refuses("whole pages", active, address + 8, LENGTH, 0);
            refuses("whole pages", active, -PAGE, LENGTH, 0);
            refuses("expected " + LENGTH, active, address, LENGTH + PAGE, 0);
            refuses("expected " + LENGTH, active, address, SIZE, 0);
            refuses("overlap the pool", active, pool.base(), LENGTH, 0);
            long constant = Posix.map(-1, LENGTH, Posix.PROT_READ, Posix.MAP_PRIVATE | Posix.MAP_ANONYMOUS);
            refuses("mapped r--, expected rw-", active, constant, LENGTH, 0);
            Posix.unmap(constant, LENGTH);
            long torn = map();
            Posix.unmap(torn + PAGE, PAGE);
            refuses("0x" + Long.toHexString(torn + PAGE) + " is ", active, torn, LENGTH, 0);
            assertEquals(0, pool.find("statics"), "nothing is left of what was refused");

            RegisteredMemory memory = active.registerMemory("statics", address, LENGTH, STATICS, 0);
            refuses("overlap the memory of another object", active, address, LENGTH, 0);
            refuses("has a memory already", active, map(), LENGTH, 0);
            assertThrows(IndexOutOfBoundsException.class, () -> memory.touch(SIZE - 1, 2));
            memory.close();
            refuses("is of group 0, expected " + group, active, address, LENGTH, group);
            Layout large = Layout.opaque("large", 8 << 20);
            active.register(large);
            long tooMuch = Posix.map(-1, 8 << 20, Posix.PROT_READ | Posix.PROT_WRITE, Posix.MAP_PRIVATE | Posix.MAP_ANONYMOUS);
            assertThrows(PoolFullException.class, () -> active.registerMemory("large", tooMuch, 8 << 20, large, 0));
            Memory.putLong(tooMuch, 1);
            Posix.unmap(tooMuch, 8 << 20);
        }
        assertThrows(IllegalStateException.class, this::registerWithAClosedApplication);
    }

    private void registerWithAClosedApplication() {
        ThaApplication closed = ThaApplication.open(directory.path(), "closed", config().build());
        closed.close();
        closed.registerMemory("statics", map(), LENGTH, STATICS, 0);
    }

    private static void refuses(String expected, ThaApplication active, long address, long length, int group) {
        String message = assertThrows(IllegalArgumentException.class, () -> active.registerMemory("statics", address, length, STATICS, group))
                .getMessage();
        assertTrue(message.contains(expected), message);
    }

    /** Where the kernel grants what it is advised to, one huge page holds many written ones and many that were not. */
    @ParameterizedTest
    @EnumSource(names = {"USERFAULTFD", "MPROTECT", "COMPARE"})
    void writesToHugePagesArrive(TrackerKind tracker) {
        TrackerTest.requireAvailable(tracker);
        random = Seeds.random();
        Layout large = Layout.opaque("large", 2 * HUGE_PAGE);
        long mapping = Posix.map(-1, 3L * HUGE_PAGE, Posix.PROT_READ | Posix.PROT_WRITE, Posix.MAP_PRIVATE | Posix.MAP_ANONYMOUS);
        long address = mapping + HUGE_PAGE - 1 & -HUGE_PAGE;
        assertEquals(0, Posix.advise(address, 2L * HUGE_PAGE, MADV_HUGEPAGE));
        Memory.putLong(address, 1);
        Memory.putLong(address + HUGE_PAGE, 1);
        try (ThaApplication active = ThaApplication.open(
                directory.path(), "app", config().poolBytes(16 << 20).tracker(tracker).build())) {
            active.register(large);
            RegisteredMemory memory = active.registerMemory("large", address, 2L * HUGE_PAGE, large, 0);
            active.begin().commit();
            for (int round = 0; round < 50; round++) {
                for (int i = random.nextInt(100); i >= 0; i--) {
                    Memory.putLong(address + random.nextInt(2 * HUGE_PAGE - Long.BYTES), random.nextLong());
                }
                active.begin().commit();
                assertEquals(-1, Memory.mismatch(address, active.pool().address(memory.handle()), 2L * HUGE_PAGE), "round " + round);
            }
        } finally {
            Posix.unmap(mapping, 3L * HUGE_PAGE);
        }
    }

    /** Somebody has opened a page behind the tracker's back. */
    @Test
    void anAuditFindsAMissedWriteHereToo() {
        TrackerTest.requireAvailable(TrackerKind.MPROTECT);
        try (ThaApplication active = ThaApplication.open(
                directory.path(), "app", config().tracker(TrackerKind.MPROTECT).auditEvery(1).build())) {
            active.register(STATICS);
            RegisteredMemory memory = active.registerMemory("statics", map(), LENGTH, STATICS, 0);
            active.begin().commit();
            Memory.putLong(memory.address(), 5);
            active.begin().commit();
            assertEquals(0, active.missedWrites());
            assertEquals(0, MemoryProtection.LIBC.mprotect(memory.address() + PAGE, PAGE, Posix.PROT_READ | Posix.PROT_WRITE));
            Memory.putLong(memory.address() + PAGE, 77);
            active.begin().commit();
            assertEquals(1, active.missedWrites());
            assertEquals(77, Memory.getLong(active.pool().address(memory.handle()) + PAGE));
            active.begin().commit();
            assertEquals(1, active.missedWrites());
        }
    }

    /** To be called behind the tracker's back. */
    public interface MemoryProtection extends Library {
        MemoryProtection LIBC = Native.load("c", MemoryProtection.class);

        int mprotect(long address, long length, int protection);
    }
}
