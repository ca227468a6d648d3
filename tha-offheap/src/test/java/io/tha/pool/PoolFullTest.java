package io.tha.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tha.PoolFullException;
import io.tha.layout.Layout;
import io.tha.testkit.DomainDirectory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is left when the memory of a pool, or the room for its registrations, is used up. */
class PoolFullTest {
    private static final Layout SMALL = Layout.named("Small").int64("value").build();
    private static final Layout LARGE = Layout.named("Large").int64("value").bytes("rest", 3_000).build();
    private static final Layout HUGE = Layout.named("Huge").int64("value").bytes("rest", 100_000).build();
    private static final int ATTEMPTS = 1_000;

    private DomainDirectory directory;
    private ThaPool pool;

    @BeforeEach
    void create() {
        directory = DomainDirectory.create();
        pool = ThaPool.create(directory.resolve("full.pool"), 1 << 20);
        pool.register(SMALL, LARGE, HUGE);
    }

    @AfterEach
    void close() {
        pool.close();
        directory.close();
    }

    @Test
    void aRefusedNamedObjectLeavesEverythingAsItWas() {
        fill(LARGE);
        assertNothingIsLeftBehind(() -> pool.allocate(LARGE, "one too many"));
        assertEquals(0, pool.find("one too many"));
    }

    @Test
    void aRefusedDynamicObjectLeavesEverythingAsItWas() {
        fill(LARGE);
        assertNothingIsLeftBehind(() -> pool.allocateDynamic(LARGE, "prefix"));

        pool.delete(pool.find("object 0"));
        pool.structure().commitPending(Registry.DEFAULT_GROUP);
        assertEquals("prefix#1", pool.nameOf(pool.allocateDynamic(LARGE, "prefix")));
    }

    @Test
    void aRefusedHugeObjectLeavesEverythingAsItWas() {
        fill(HUGE);
        assertNothingIsLeftBehind(() -> pool.allocate(HUGE, "one too many"));
        assertNothingIsLeftBehind(() -> pool.allocateDynamic(HUGE, "prefix"));
        assertNotEquals(0, pool.allocate(SMALL, "one too many"));
    }

    @Test
    void whenNoPageIsLeftEverythingThatNeedsOneIsRefused() {
        fill(HUGE);
        fill(LARGE);
        fill(SMALL);

        for (Layout layout : List.of(SMALL, LARGE, HUGE)) {
            assertNothingIsLeftBehind(() -> pool.allocate(layout, "x".repeat(900)));
            assertNothingIsLeftBehind(() -> pool.allocateDynamic(layout, "prefix"));
        }
    }

    @Test
    void aDeletedObjectMakesRoomAgain() {
        fill(HUGE);
        pool.delete(pool.find("object 0"));
        assertThrows(PoolFullException.class, () -> pool.allocate(HUGE, "next"));

        pool.structure().commitPending(Registry.DEFAULT_GROUP);

        assertNotEquals(0, pool.allocate(HUGE, "next"));
    }

    @Test
    void aPoolThatWasFilledAndEmptiedCanBeFilledAgain() {
        int filled = fill(LARGE);
        List<Long> all = new ArrayList<>();
        pool.forEach(all::add);
        all.forEach(pool::delete);
        pool.structure().commitPending(Registry.DEFAULT_GROUP);

        assertEquals(filled, fill(LARGE));
    }

    @Test
    void aRegistryThatIsFullRefusesWhatItHasNoRoomFor() {
        long free = pool.freeBytes();
        String tail = "x".repeat(900);

        int[] groups = {0};
        assertThrows(PoolFullException.class, () -> {
            while (true) {
                pool.createGroup(groups[0] + tail);
                groups[0]++;
            }
        });

        assertTrue(groups[0] > 10);
        assertThrows(PoolFullException.class, () -> pool.allocateDynamic(SMALL, tail));
        assertEquals(free, pool.freeBytes());
        pool.close();
        pool = ThaPool.open(directory.resolve("full.pool"));
        assertEquals(1, pool.createGroup(0 + tail));
        assertThrows(PoolFullException.class, () -> pool.createGroup(groups[0] + tail));
    }

    private int fill(Layout layout) {
        int[] count = {0};
        boolean first = pool.find("object 0") == 0;
        assertThrows(PoolFullException.class, () -> {
            while (true) {
                pool.allocate(layout, (first ? "object " : layout.name() + " ") + count[0]);
                count[0]++;
            }
        });
        return count[0];
    }

    private void assertNothingIsLeftBehind(Runnable refused) {
        // A class keeps an empty slab for its next object: the first attempt may take one for the name.
        assertThrows(PoolFullException.class, refused::run);
        Map<String, Long> content = content();
        long free = pool.freeBytes();

        for (int i = 0; i < ATTEMPTS; i++) {
            assertThrows(PoolFullException.class, refused::run);
        }

        assertEquals(content, content());
        assertEquals(free, pool.freeBytes());
    }

    private Map<String, Long> content() {
        Map<String, Long> content = new TreeMap<>();
        pool.forEach(handle -> content.put(pool.nameOf(handle), handle));
        content.forEach((name, handle) -> assertEquals(handle, pool.find(name)));
        return content;
    }
}
