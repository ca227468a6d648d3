package io.tha.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.tha.ThaException;
import io.tha.layout.Layout;
import io.tha.memory.MappedFile;
import io.tha.memory.Memory;
import io.tha.testkit.DomainDirectory;
import io.tha.testkit.Extent;
import io.tha.testkit.Seeds;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Every byte of a pool file's structure is damaged in turn: it is refused, or opened with content that can be walked and used. */
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PoolCorruptionTest {
    private static final Layout SMALL = Layout.named("Small").int64("first").int64("last").build();
    private static final Layout LARGE = Layout.named("Large").int64("first").bytes("rest", 2_000).build();
    private static final Layout HUGE = Layout.named("Huge").int64("first").bytes("rest", 9_000).build();
    private static final int SIZE = 256 << 10;
    private static final int[] MASKS = Extent.isWhole() ? new int[] {0x01, 0x80, 0xFF} : new int[] {0xFF};

    private DomainDirectory directory;
    private MappedFile file;
    private long pristine;
    private int structureEnd;
    private int refused;
    private int opened;

    @BeforeEach
    void create() {
        directory = DomainDirectory.create();
        try (ThaPool pool = ThaPool.create(directory.resolve("damaged.pool"), SIZE)) {
            pool.register(SMALL, LARGE, HUGE, Layout.named("Removed").int64("gone").build());
            int group = pool.createGroup("group");
            pool.createGroup("removed");
            pool.removeGroup(pool.createGroup("removed"));
            pool.unregister(Layout.named("Removed").int64("gone").build());
            for (int i = 0; i < 10; i++) {
                pool.allocate(SMALL, "small " + i, i % 2 == 0 ? group : Registry.DEFAULT_GROUP);
                pool.allocateDynamic(SMALL, "prefix", group);
            }
            pool.allocate(LARGE, "large", group);
            pool.allocateDynamic(HUGE);
            pool.delete(pool.find("small 4"));
            pool.delete(pool.find("small 5"));
            pool.structure().commitPending(group);
            pool.structure().commitPending(Registry.DEFAULT_GROUP);
            structureEnd = pool.structure().memory().firstDataPage() << 12;
        }
        file = MappedFile.open(directory.resolve("damaged.pool"), 1);
        pristine = Memory.allocate(SIZE);
        Memory.copy(file.address(), pristine, SIZE);
        assertEquals(20, use());
        restore();
    }

    @AfterEach
    void close() {
        Memory.free(pristine);
        file.close();
        directory.close();
    }

    private void restore() {
        Memory.copy(pristine, file.address(), SIZE);
    }

    @Test
    void noDamagedByteOfTheStructureIsFollowedBlindly() {
        for (int offset = 0; offset < structureEnd; offset++) {
            for (int mask : MASKS) {
                Memory.putByte(file.address() + offset, (byte) (Memory.getByte(file.address() + offset) ^ mask));
                judge("byte " + offset + " ^ 0x" + Integer.toHexString(mask));
            }
        }
        assertTrue(refused > 0 && opened > 0, refused + " refused, " + opened + " opened");
    }

    @Test
    void noDamagedWordIsFollowedBlindly() {
        Random random = Seeds.random();

        for (int offset = 0; offset < SIZE; offset += Long.BYTES) {
            if (offset >= structureEnd && Memory.getLong(file.address() + offset) == 0) {
                continue;
            }
            for (long word : new long[] {0, -1, Long.MIN_VALUE, Long.MAX_VALUE, 0x7FFF_FFF8_7FFF_FFF8L, 0x0000_0018_0000_0009L, random.nextLong()}) {
                Memory.putLong(file.address() + offset, word);
                judge("word " + offset + " := 0x" + Long.toHexString(word));
            }
        }
        assertTrue(refused > 0 && opened > 0, refused + " refused, " + opened + " opened");
    }

    private void judge(String damage) {
        try {
            int objects = use();
            if (objects > 20 + SIZE / SlotDescriptor.HEADER_LENGTH) {
                fail(damage + " opens with " + objects + " objects");
            }
            opened++;
        } catch (ThaException e) {
            refused++;
        } catch (RuntimeException | Error e) {
            throw new AssertionError(damage + " leads to an exception that does not tell", e);
        }
        restore();
    }

    /** Opens the pool and uses what it has; how many objects there are. */
    private int use() {
        try (ThaPool pool = ThaPool.open(file.path())) {
            int[] count = {0};
            pool.forEach(handle -> {
                count[0]++;
                pool.find(pool.nameOf(handle) == null ? "none" : pool.nameOf(handle));
                pool.layoutOf(handle).int64Field("first").set(pool, handle, 1);
                pool.groupOf(handle);
                pool.objectIdOf(handle);
                pool.objectAt(handle + (4 << 16));
            });
            pool.register(SMALL);
            long handle = pool.allocate(SMALL, "another");
            pool.delete(handle);
            pool.structure().commitPending(Registry.DEFAULT_GROUP);
            return count[0];
        }
    }
}
