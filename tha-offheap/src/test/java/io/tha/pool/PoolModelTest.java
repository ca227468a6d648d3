package io.tha.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tha.PoolFullException;
import io.tha.layout.Layout;
import io.tha.layout.LongField;
import io.tha.testkit.DomainDirectory;
import io.tha.testkit.Extent;
import io.tha.testkit.Seeds;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Random operations on a pool and its image, against plain collections. */
class PoolModelTest {
    private static final int STEPS = Extent.of(100_000);
    private static final int GROUPS = 3;
    private static final Layout SMALL = Layout.named("Small").int64("first").int64("last").build();
    private static final Layout LARGE = Layout.named("Large").int64("first").bytes("filling", 3_000).int64("last").build();
    private static final Layout HUGE = Layout.named("Huge").int64("first").bytes("filling", 20_000).int64("last").build();
    private static final List<Layout> LAYOUTS = List.of(SMALL, LARGE, HUGE);

    private DomainDirectory directory;
    private ThaPool pool;
    private CommittedImage image;
    private PoolStructure structure;

    /** What the model knows of an object. */
    private static final class Expected {
        final String name;
        final Layout layout;
        final int group;
        long first;
        long last;
        long committedFirst;
        long committedLast;

        Expected(String name, Layout layout, int group) {
            this.name = name;
            this.layout = layout;
            this.group = group;
        }

        @Override
        public String toString() {
            return name + " " + layout.name() + " " + group + " " + first + " " + last;
        }
    }

    private final Map<Long, Expected> live = new HashMap<>();
    private final List<Map<Long, Expected>> created = new ArrayList<>();
    private final List<Map<Long, Expected>> deleted = new ArrayList<>();
    private final Set<Long> gone = new HashSet<>();

    @BeforeEach
    void create() {
        directory = DomainDirectory.create();
        pool = ThaPool.create(directory.resolve("model.pool"), 8 << 20);
        image = CommittedImage.create(directory.resolve("model.image"), pool);
        structure = pool.structure();
        pool.register(LAYOUTS.toArray(Layout[]::new));
        for (int group = 0; group < GROUPS; group++) {
            created.add(new HashMap<>());
            deleted.add(new HashMap<>());
            assertEquals(group, group == 0 ? 0 : pool.createGroup("group" + group));
        }
    }

    @AfterEach
    void close() {
        pool.close();
        image.close();
        directory.close();
    }

    @Test
    void randomOperationsLeaveWhatPlainCollectionsHold() {
        Random random = Seeds.random();

        for (int step = 0; step < STEPS; step++) {
            step(random, step);
        }

        for (int group = 0; group < GROUPS; group++) {
            commit(group);
        }
        assertEquals(expected(), content(pool));
        image.close();
        try (ThaPool reopened = ThaPool.open(directory.resolve("model.image"))) {
            assertEquals(expected(), content(reopened));
            long fresh = reopened.allocateDynamic(SMALL, "p0");
            assertFalse(live.containsKey(fresh));
        }
        image = CommittedImage.over(io.tha.memory.MappedFile.open(directory.resolve("model.image"), 1));
    }

    private void step(Random random, int step) {
        int group = random.nextInt(GROUPS);
        int action = random.nextInt(100);
        if (action < 40) {
            allocate(random, group, step);
        } else if (action < 65) {
            write(random);
        } else if (action < 88) {
            delete(random);
        } else if (action < 96) {
            commit(group);
        } else {
            rollback(group);
        }
        if (!gone.isEmpty()) {
            long old = gone.iterator().next();
            assertFalse(pool.isLive(old));
        }
    }

    private void allocate(Random random, int group, int step) {
        Layout layout = LAYOUTS.get(random.nextInt(20) == 0 ? 2 : random.nextInt(2));
        try {
            boolean named = random.nextBoolean();
            long handle = named ? pool.allocate(layout, "object/" + step, group) : pool.allocateDynamic(layout, "p" + random.nextInt(4), group);
            Expected object = new Expected(pool.nameOf(handle), layout, group);
            assertTrue(live.put(handle, object) == null, "a live handle was given out again");
            created.get(group).put(handle, object);
            assertEquals(0, layout.int64Field("first").get(pool, handle));
            assertEquals(0, layout.int64Field("last").get(pool, handle));
        } catch (PoolFullException e) {
            // The pool is small on purpose: go on with what there is.
        }
    }

    private void write(Random random) {
        Long handle = any(random);
        if (handle != null) {
            Expected object = live.get(handle);
            object.first = random.nextLong();
            object.last = random.nextLong();
            object.layout.int64Field("first").set(pool, handle, object.first);
            object.layout.int64Field("last").set(pool, handle, object.last);
        }
    }

    private void delete(Random random) {
        Long handle = any(random);
        if (handle != null) {
            Expected object = live.remove(handle);
            pool.delete(handle);
            deleted.get(object.group).put(handle, object);
            LongField field = object.layout.int64Field("first");
            assertThrows(IllegalStateException.class, () -> field.get(pool, handle));
            assertEquals(0, pool.find(object.name));
        }
    }

    private Long any(Random random) {
        if (live.isEmpty()) {
            return null;
        }
        int skip = random.nextInt(Math.min(live.size(), 50));
        return live.keySet().stream().skip(skip).findFirst().orElseThrow();
    }

    /** What capture does, in short: creates, whole contents, deletes. */
    private void commit(int group) {
        image.appendRegistry(structure, structure.registry().usedBytes());
        created.get(group).keySet().stream().filter(live::containsKey).forEach(handle -> image.create(structure, handle));
        live.forEach((handle, object) -> {
            if (object.group == group) {
                assertTrue(image.contains(handle, object.layout.key()));
                long body = handle >>> 16;
                image.update(body, pool.base() + body, object.layout.sizeBytes());
                object.committedFirst = object.first;
                object.committedLast = object.last;
            }
        });
        deleted.get(group).keySet().stream().filter(handle -> !created.get(group).containsKey(handle)).forEach(image::delete);
        structure.commitPending(group);
        gone.addAll(deleted.get(group).keySet());
        created.get(group).clear();
        deleted.get(group).clear();
    }

    private void rollback(int group) {
        structure.reviveDeleted(group);
        structure.discardCreated(group);
        created.get(group).keySet().forEach(live::remove);
        deleted.get(group).forEach((handle, object) -> {
            if (!created.get(group).containsKey(handle)) {
                live.put(handle, object);
            }
        });
        created.get(group).clear();
        deleted.get(group).clear();
    }

    private Map<String, String> expected() {
        Map<String, String> objects = new TreeMap<>();
        live.forEach((handle, object) -> objects.put(object.name, handle + " " + object));
        return objects;
    }

    private static Map<String, String> content(ThaPool pool) {
        Map<String, String> objects = new TreeMap<>();
        pool.forEach(handle -> {
            Layout layout = pool.layoutOf(handle);
            Expected object = new Expected(pool.nameOf(handle), layout, pool.groupOf(handle));
            object.first = layout.int64Field("first").get(pool, handle);
            object.last = layout.int64Field("last").get(pool, handle);
            assertEquals(handle, pool.find(object.name));
            objects.put(object.name, handle + " " + object);
        });
        return objects;
    }
}
