package io.tha.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tha.LayoutMismatchException;
import io.tha.layout.Layout;
import io.tha.testkit.DomainDirectory;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Names, layouts and groups: what is taken, what can be removed, and what is left of it. */
class PoolRegistrationTest {
    private static final Layout FLIGHT = Layout.named("Flight").int64("seats").build();
    private static final Layout ROUTE = Layout.named("Route").int64("miles").build();

    private DomainDirectory directory;
    private Path path;
    private ThaPool pool;

    @BeforeEach
    void create() {
        directory = DomainDirectory.create();
        path = directory.resolve("test.pool");
        pool = ThaPool.create(path, 1 << 20);
        pool.register(FLIGHT, ROUTE);
    }

    @AfterEach
    void close() {
        pool.close();
        directory.close();
    }

    private void commit(int group) {
        pool.structure().commitPending(group);
    }

    @Test
    void aNameIsGivenOnlyOnce() {
        long first = pool.allocate(FLIGHT, "name");
        long free = pool.freeBytes();

        assertThrows(IllegalArgumentException.class, () -> pool.allocate(FLIGHT, "name"));

        assertEquals(first, pool.find("name"));
        assertEquals(free, pool.freeBytes());
        int[] count = {0};
        pool.forEach(handle -> count[0]++);
        assertEquals(1, count[0]);
    }

    @Test
    void theNameOfADeletedObjectIsTakenUntilTheTransactionIsDecided() {
        pool.delete(pool.allocate(FLIGHT, "name"));

        assertThrows(IllegalArgumentException.class, () -> pool.allocate(FLIGHT, "name"));

        commit(0);
        assertNotEquals(0, pool.allocate(FLIGHT, "name"));
    }

    @Test
    void textsThatAreNoNamesAreRefused() {
        for (String text : new String[] {"", "a#b", "#", "x".repeat(1_023), "ü".repeat(512)}) {
            assertThrows(IllegalArgumentException.class, () -> pool.allocate(FLIGHT, text), text);
            assertThrows(IllegalArgumentException.class, () -> pool.allocateDynamic(FLIGHT, text), text);
            assertThrows(IllegalArgumentException.class, () -> pool.createGroup(text), text);
        }
        assertEquals(pool.find("x".repeat(1_022)), 0);
        long longest = pool.allocate(FLIGHT, "ü".repeat(511));
        assertEquals(longest, pool.find("ü".repeat(511)));
    }

    @Test
    void aLayoutWithObjectsIsNotRemovedAndOneWithoutIs() {
        long handle = pool.allocate(FLIGHT, "flight");
        assertThrows(IllegalStateException.class, () -> pool.unregister(FLIGHT));
        pool.delete(handle);
        assertThrows(IllegalStateException.class, () -> pool.unregister(FLIGHT));
        commit(0);

        pool.unregister(FLIGHT);

        assertThrows(IllegalArgumentException.class, () -> pool.allocate(FLIGHT, "flight"));
        pool.register(Layout.named("Flight").int32("other").build());
    }

    @Test
    void aLayoutOfTheSameNameIsNoOtherLayout() {
        assertThrows(LayoutMismatchException.class, () -> pool.register(Layout.named("Flight").int32("other").build()));
    }

    @Test
    void aGroupWithObjectsIsNotRemovedAndOneWithoutIs() {
        int group = pool.createGroup("group");
        long handle = pool.allocate(FLIGHT, "flight", group);
        assertThrows(IllegalStateException.class, () -> pool.removeGroup(group));
        pool.delete(handle);
        assertThrows(IllegalStateException.class, () -> pool.removeGroup(group));
        commit(group);

        pool.removeGroup(group);

        assertThrows(IllegalArgumentException.class, () -> pool.allocate(FLIGHT, "flight", group));
        assertThrows(IllegalArgumentException.class, () -> pool.removeGroup(group));
        assertThrows(IllegalArgumentException.class, () -> pool.removeGroup(0));
        assertNotEquals(group, pool.createGroup("group"));
    }

    @Test
    void aFileCanBeOpenedAfterALayoutAndAGroupWereRemoved() {
        removeWhatWasUsed(FLIGHT, "group");
        pool.close();

        pool = ThaPool.open(path);

        assertEquals(0, pool.find("object"));
        assertNotEquals(0, pool.find("kept"));
        pool.register(FLIGHT);
        assertNotEquals(0, pool.allocate(FLIGHT, "object"));
    }

    @Test
    void anImageCanBeOpenedAfterALayoutAndAGroupWereRemoved() {
        Path imagePath = directory.resolve("test.image");
        try (CommittedImage image = CommittedImage.create(imagePath, pool)) {
            PoolStructure structure = pool.structure();
            image.appendRegistry(structure, structure.registry().usedBytes());
            long handle = pool.allocate(FLIGHT, "object");
            image.create(structure, handle);
            pool.delete(handle);
            image.delete(handle);
            commit(0);
            pool.unregister(FLIGHT);
            image.appendRegistry(structure, structure.registry().usedBytes());
        }

        try (ThaPool opened = ThaPool.open(imagePath)) {
            assertEquals(0, opened.find("object"));
            opened.register(FLIGHT);
            assertNotEquals(0, opened.allocate(FLIGHT, "object"));
        }
    }

    @Test
    void whatRemovedGroupsAndLayoutsHadIsFreeAgain() {
        pool.allocate(ROUTE, "first");
        removeWhatWasUsed(FLIGHT, "group");
        long free = pool.freeBytes();

        for (int i = 0; i < 20; i++) {
            pool.register(FLIGHT);
            pool.delete(pool.find("kept"));
            commit(0);
            removeWhatWasUsed(FLIGHT, "group");
        }

        assertEquals(free, pool.freeBytes());
    }

    private void removeWhatWasUsed(Layout layout, String groupName) {
        int group = pool.createGroup(groupName);
        pool.allocate(ROUTE, "kept");
        for (int i = 0; i < 2; i++) {
            pool.delete(pool.allocate(layout, "object"));
            pool.delete(pool.allocate(ROUTE, "object of the group", group));
            commit(0);
            commit(group);
        }
        pool.unregister(layout);
        pool.removeGroup(group);
        assertTrue(pool.isLive(pool.find("kept")));
    }
}
