package io.tha.standby;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.jna.Pointer;
import io.tha.active.ThaApplication;
import io.tha.active.ThaConfig;
import io.tha.active.Transaction;
import io.tha.layout.ByteField;
import io.tha.layout.Field;
import io.tha.layout.IntField;
import io.tha.layout.Layout;
import io.tha.layout.LongField;
import io.tha.layout.ShortField;
import io.tha.memory.Memory;
import io.tha.pool.ThaPool;
import io.tha.tracker.TrackerKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/**
 * An active with a standby in one process, some groups of objects from a few bytes to several pages, and every way to write to them. What counts
 * is that the standby has each byte after each commit.
 */
final class TrackerWorkload implements AutoCloseable {
    static final int GROUPS = 4;

    private static final int LARGE_OBJECTS = 6;
    private static final int SMALL_OBJECTS = 150;
    private static final int LONGEST_RAW_WRITE = 6_000;
    private static final int PAGE = 4_096;
    private static final int LINE = 64;

    private static final Layout LARGE = Layout.named("Large")
            .int64Array("longs", 300)
            .int32Array("ints", 301)
            .int16Array("shorts", 303)
            .int8Array("bytes", 305)
            .bytes("raw", 5_001)
            .build();
    private static final LongField LONGS = LARGE.int64Field("longs");
    private static final IntField INTS = LARGE.int32Field("ints");
    private static final ShortField SHORTS = LARGE.int16Field("shorts");
    private static final ByteField BYTES = LARGE.int8Field("bytes");
    private static final List<Field> LARGE_FIELDS = List.of(LONGS, INTS, SHORTS, BYTES);
    private static final Layout SMALL = Layout.named("Small").int64Array("values", 5).build();
    private static final LongField VALUES = SMALL.int64Field("values");

    /** How a write is made. */
    enum Way {
        FIELD,
        PUT,
        BYTE_BUFFER,
        BULK_COPY,
        MEMSET,
        FILE_READ
    }

    private final ThaApplication active;
    private final ThaStandby standby;
    private final ThaPool pool;
    private final CaptureMode mode;
    private final long source = Memory.allocate(LONGEST_RAW_WRITE);
    private final FileChannel file;
    private boolean ready;
    private final long[][] handles = new long[GROUPS][LARGE_OBJECTS + SMALL_OBJECTS];

    TrackerWorkload(Path directory, CaptureMode mode) throws IOException {
        ThaConfig config =
                mode.configure(ThaConfig.builder().poolBytes(8 << 20).ringBytes(1 << 20).readerTimeout(Duration.ofMinutes(2)));
        this.mode = mode;
        active = ThaApplication.open(directory.resolve("domain"), "writes", config);
        standby = ThaStandby.open(directory.resolve("domain"), "writes", config);
        pool = active.pool();
        active.register(LARGE, SMALL);
        for (int group = 0; group < GROUPS; group++) {
            int id = group == 0 ? 0 : pool.createGroup("group " + group);
            assertEquals(group, id);
            for (int i = 0; i < handles[group].length; i++) {
                handles[group][i] = pool.allocate(layout(i), name(group, i), group);
            }
        }
        active.begin().commit();
        Path random = directory.resolve("random");
        Random bytes = new Random(1);
        byte[] content = new byte[LONGEST_RAW_WRITE * 2];
        bytes.nextBytes(content);
        Files.write(random, content);
        Memory.copyFrom(content, 0, source, LONGEST_RAW_WRITE);
        file = FileChannel.open(random, StandardOpenOption.READ);
    }

    private static Layout layout(int object) {
        return object < LARGE_OBJECTS ? LARGE : SMALL;
    }

    private static String name(int group, int object) {
        return "object " + group + "/" + object;
    }

    /** So many random writes to a group, with commits between them, and some aborts. */
    void write(int group, int writes, Random random) {
        int left = writes;
        while (left > 0) {
            int count = Math.min(left, 1 + random.nextInt(random.nextInt(20) == 0 ? 2_000 : 60));
            try (Transaction transaction = active.begin(group)) {
                for (int i = 0; i < count; i++) {
                    writeOnce(group, random, transaction);
                }
                if (random.nextInt(10) > 0 || !mode.canAbort()) {
                    transaction.commit();
                }
            }
            left -= count;
        }
    }

    /** Writes under one transaction, and compares all afterwards. */
    void writeAndCompare(int group, int writes, Random random) throws InterruptedException {
        try (Transaction transaction = active.begin(group)) {
            for (int i = 0; i < writes; i++) {
                writeOnce(group, random, transaction);
            }
            transaction.commit();
        }
        compare();
    }

    private void writeOnce(int group, Random random, Transaction transaction) {
        int object = random.nextInt(handles[group].length);
        if (random.nextInt(3) == 0) {
            object = random.nextInt(LARGE_OBJECTS);
        }
        Way way = mode.tracker == TrackerKind.SOFTWARE ? Way.FIELD : Way.values()[random.nextInt(Way.values().length)];
        long handle = handles[group][object];
        if (way == Way.FIELD) {
            Field field = setField(object, handle, random);
            if (mode.isTold()) {
                transaction.changed(handle, field);
            }
            return;
        }
        int size = layout(object).sizeBytes();
        int offset = offset(pool.address(handle), size, random);
        raw(way, handle, offset, size - offset, random);
    }

    private Field setField(int object, long handle, Random random) {
        if (object >= LARGE_OBJECTS) {
            VALUES.set(pool, handle, random.nextInt(5), random.nextLong());
            return VALUES;
        }
        int kind = random.nextInt(4);
        switch (kind) {
            case 0 -> LONGS.set(pool, handle, random.nextInt(300), random.nextLong());
            case 1 -> INTS.set(pool, handle, random.nextInt(301), random.nextInt());
            case 2 -> SHORTS.set(pool, handle, random.nextInt(303), (short) random.nextInt());
            default -> BYTES.set(pool, handle, random.nextInt(305), (byte) random.nextInt());
        }
        return LARGE_FIELDS.get(kind);
    }

    /** Anywhere, but often just before the end of a line or a page. */
    private static int offset(long address, int size, Random random) {
        int offset = random.nextInt(size);
        int unit = random.nextInt(3) == 0 ? PAGE : random.nextInt(2) == 0 ? LINE : 1;
        long boundary = (address + offset) / unit * unit;
        long before = boundary - 1 - random.nextInt(7);
        return unit == 1 || before < address ? offset : (int) (before - address);
    }

    private void raw(Way way, long handle, int offset, int room, Random random) {
        long address = pool.address(handle) + offset;
        int width = 1 << random.nextInt(4);
        if (mode.isTold() && (way == Way.PUT || way == Way.BYTE_BUFFER)) {
            pool.touch(handle, offset, Math.min(width, room));
        }
        int length = 1 + random.nextInt(Math.min(room, random.nextInt(8) == 0 ? LONGEST_RAW_WRITE : 200));
        if (mode.isTold() && (way == Way.BULK_COPY || way == Way.MEMSET)) {
            pool.touch(handle, offset, length);
        }
        switch (way) {
            case PUT -> put(address, room >= width ? width : 1, random);
            case BYTE_BUFFER -> buffer(address, room >= width ? width : 1, random);
            case BULK_COPY -> Memory.copy(source, address, length);
            case MEMSET -> new Pointer(address).setMemory(0, length, (byte) random.nextInt());
            case FILE_READ -> {
                // MPROTECT is blind for the kernel's writes, and says so.
                pool.touch(handle, offset, length);
                read(address, length, random);
            }
            default -> throw new AssertionError(way);
        }
    }

    private static void put(long address, int width, Random random) {
        switch (width) {
            case 1 -> Memory.putByte(address, (byte) random.nextInt());
            case 2 -> Memory.putShort(address, (short) random.nextInt());
            case 4 -> Memory.putInt(address, random.nextInt());
            default -> Memory.putLong(address, random.nextLong());
        }
    }

    private static void buffer(long address, int width, Random random) {
        ByteBuffer buffer = new Pointer(address).getByteBuffer(0, width).order(ByteOrder.LITTLE_ENDIAN);
        switch (width) {
            case 1 -> buffer.put((byte) random.nextInt());
            case 2 -> buffer.putChar((char) random.nextInt());
            case 4 -> buffer.putFloat(random.nextFloat());
            default -> buffer.putDouble(random.nextDouble());
        }
    }

    /** The kernel writes. */
    private void read(long address, int length, Random random) {
        try {
            ByteBuffer buffer = new Pointer(address).getByteBuffer(0, length);
            assertEquals(length, file.read(buffer, random.nextInt(LONGEST_RAW_WRITE)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Every byte of every object; all transactions must be decided. */
    void compare() throws InterruptedException {
        if (!ready) {
            ready = true;
            mode.awaitReady(active, standby);
        }
        while (!active.isFollowed()) {
            Thread.onSpinWait();
        }
        standby.read(copy -> {
            for (int group = 0; group < GROUPS; group++) {
                for (int i = 0; i < handles[group].length; i++) {
                    long found = copy.address(copy.find(name(group, i)));
                    long difference = Memory.mismatch(pool.address(handles[group][i]), found, layout(i).sizeBytes());
                    assertEquals(-1, difference, name(group, i) + " differs at that offset");
                }
            }
            return null;
        });
    }

    @Override
    public void close() throws IOException {
        standby.close();
        active.close();
        file.close();
        Memory.free(source);
    }
}
