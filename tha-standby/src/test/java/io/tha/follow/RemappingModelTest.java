package io.tha.follow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tha.active.ThaApplication;
import io.tha.active.ThaConfig;
import io.tha.active.Transaction;
import io.tha.layout.Layout;
import io.tha.layout.LongField;
import io.tha.layout.PointerField;
import io.tha.pool.CommittedImage;
import io.tha.pool.ThaPool;
import io.tha.region.ControlFile;
import io.tha.region.DomainFiles;
import io.tha.region.LogFile;
import io.tha.region.LogReader;
import io.tha.region.OutcomeTable;
import io.tha.region.ReaderSlots;
import io.tha.standby.ThaStandby;
import io.tha.testkit.DomainDirectory;
import io.tha.testkit.Seeds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Timeout;

/**
 * Random graphs of objects in several groups, a takeover, and a standby that is left: while it looks for its objects in the new active's image,
 * that one creates, deletes, changes and reuses; in the end both have the same.
 */
@Timeout(120)
class RemappingModelTest {
    private static final String NAME = "app";
    private static final Layout NODE = Layout.named("Node").int64("value").pointer("next", "Node").pointer("other", "Leaf").build();
    private static final Layout LEAF = Layout.named("Leaf").int64("value").int64Array("rest", 80).build();
    private static final LongField NODE_VALUE = NODE.int64Field("value");
    private static final LongField LEAF_VALUE = LEAF.int64Field("value");
    private static final PointerField NEXT = NODE.pointerField("next");
    private static final PointerField OTHER = NODE.pointerField("other");
    private static final int GROUPS = 3;
    private static final int STATIC_NAMES = 30;
    private static final int MOST_CHANGES = 12;
    private static final ThaConfig CONFIG =
            ThaConfig.builder().poolBytes(4 << 20).ringBytes(8 << 20).readerTimeout(Duration.ofSeconds(60)).lease(Duration.ZERO).build();

    private final Random random = Seeds.random();
    private final DomainDirectory directory = DomainDirectory.create();
    private final ControlFile control = ControlFile.open(directory.path());
    private final DomainFiles files = new DomainFiles(control, NAME);

    @AfterEach
    void remove() {
        control.close();
        directory.close();
    }

    @RepeatedTest(8)
    void aStandbyThatIsLeftFindsItsObjectsWhileTheNewActiveGoesOn() throws InterruptedException {
        ThaApplication first = ThaApplication.open(directory.path(), NAME, CONFIG);
        prepare(first);
        change(first, 60);
        boolean copiesLate = random.nextBoolean();
        ThaConfig nextConfig = CONFIG.toBuilder().poolBytes(randomSize()).build();
        try (ThaPool pool = ThaPool.create(files.newPool(), randomSize());
                OutcomeTable outcomes = OutcomeTable.create(files.outcomes(pool.structure().memory().path()));
                ThaStandby next = ThaStandby.open(directory.path(), NAME, nextConfig)) {
            if (!copiesLate) {
                next.awaitReady();
                change(first, 60);
            }
            LogFile log = openLog(1);
            Joiner joiner = new Joiner(new ReaderSlots(log, slot -> false), control.processSlot(), Joiner.Version.undeclared(), () -> {});
            Follower left = Follower.join(log, files, joiner, pool.structure(), outcomes);
            change(first, 60);
            next.awaitReady();
            change(first, 30);
            first.close();
            drain(left);
            ThaApplication second = next.awaitTakeover().application();
            assertEquals(LogReader.ENDED, left.poll());
            left.close();

            followOn(second, pool);

            second.close();
        }
    }

    /** Places are the same on two sides where their pools have the same size. */
    private long randomSize() {
        return (4L + random.nextInt(3)) << 20;
    }

    private static PeerSpace peers(CommittedImage image) {
        return new PeerSpace(image.memory().firstDataPage(), image.memory().pageCount());
    }

    /** Calls back after every slot. */
    private void followOn(ThaApplication active, ThaPool pool) {
        LogFile log = openLog(2);
        assertEquals(1, log.epochBefore());
        try (CommittedImage image = CommittedImage.openForReading(files.sibling(log.imageName()));
                Replica replica = new Replica(pool.structure(), peers(image), Joiner.Version.undeclared(), false);
                Spool spool = new Spool()) {
            change(active, random.nextInt(20));
            LogReader reader = LogReader.resume(log, new ReaderSlots(log, slot -> false), control.processSlot(), 0);
            assertNotNull(reader);
            int oneIn = 1 + random.nextInt(40);
            new Remapping(image, replica, new PulseEvery(1, () -> {
                if (random.nextInt(oneIn) == 0) {
                    change(active, 1);
                }
            })).run();
            change(active, random.nextInt(10));
            replica.deleteOrphans();
            while (reader.poll(spool) > 0) {
                // Until the tail.
            }
            while (spool.replaySome(replica)) {
                // In order.
            }
            replica.endRedo();
            assertEquals(text(active.pool()), text(pool));
            change(active, 60);
            while (reader.poll(replica) > 0) {
                // Until the tail.
            }
            assertEquals(text(active.pool()), text(pool));
            reader.close();
        } finally {
            log.close();
        }
    }

    private LogFile openLog(long epoch) {
        return LogFile.open(files.log(epoch));
    }

    private static void drain(Follower follower) {
        int transactions = 1;
        while (transactions >= 0 && !follower.isAtCut()) {
            transactions = follower.poll();
        }
        assertFalse(transactions == LogReader.LAGGED, "the log is large enough");
    }

    private static void prepare(ThaApplication application) {
        application.register(NODE, LEAF);
        for (int group = 1; group < GROUPS; group++) {
            application.pool().createGroup("group-" + group);
        }
    }

    /** Commits so many random transactions, each over some groups. */
    private void change(ThaApplication application, int transactions) {
        for (int i = 0; i < transactions; i++) {
            List<Long> live = live(application.pool());
            int group = random.nextInt(GROUPS);
            try (Transaction transaction = random.nextBoolean() ? application.begin(group) : application.begin()) {
                for (int change = random.nextInt(MOST_CHANGES); change >= 0; change--) {
                    change(application.pool(), live, group);
                }
                if (random.nextInt(8) == 0) {
                    transaction.abort();
                } else {
                    transaction.commit();
                }
            }
        }
    }

    private void change(ThaPool pool, List<Long> live, int group) {
        int kind = random.nextInt(10);
        long object = live.isEmpty() ? 0 : live.get(random.nextInt(live.size()));
        boolean usable = object != 0 && pool.isLive(object) && pool.groupOf(object) == group;
        if (kind < 4 || !usable) {
            create(pool, live, group);
        } else if (kind < 7) {
            pool.delete(object);
            live.remove(object);
        } else if (pool.layoutOf(object).name().equals("Leaf")) {
            LEAF_VALUE.set(pool, object, random.nextLong());
        } else {
            NODE_VALUE.set(pool, object, random.nextLong());
            point(pool, object, live);
        }
    }

    private void create(ThaPool pool, List<Long> live, int group) {
        Layout layout = random.nextInt(4) == 0 ? LEAF : NODE;
        String name = layout.name() + "-" + random.nextInt(STATIC_NAMES);
        if (live.size() > 400) {
            return;
        }
        if (random.nextBoolean()) {
            live.add(pool.allocateDynamic(layout, "some", group));
            return;
        }
        try {
            live.add(pool.allocate(layout, name, group));
        } catch (IllegalArgumentException e) {
            // Taken, perhaps by an object whose deletion is not decided.
            assertTrue(e.getMessage().contains("is taken"), e.getMessage());
        }
    }

    private void point(ThaPool pool, long object, List<Long> live) {
        long target = live.get(random.nextInt(live.size()));
        boolean leaf = pool.isLive(target) && pool.layoutOf(target).name().equals("Leaf");
        (leaf ? OTHER : NEXT).set(pool, object, random.nextInt(6) == 0 ? 0 : target);
    }

    private static List<Long> live(ThaPool pool) {
        List<Long> live = new ArrayList<>();
        pool.forEach(live::add);
        return live;
    }

    /** Every object with its fields, by names. */
    private static String text(ThaPool pool) {
        return live(pool).stream().map(object -> text(pool, object)).sorted().collect(Collectors.joining("\n"));
    }

    private static String text(ThaPool pool, long object) {
        String name = pool.nameOf(object);
        assertEquals(object, pool.find(name), name);
        String head = name + " id " + pool.objectIdOf(object) + " group " + pool.structure().registry().groupName(pool.groupOf(object));
        return pool.layoutOf(object).name().equals("Leaf")
                ? head + " " + LEAF_VALUE.get(pool, object)
                : head + " " + NODE_VALUE.get(pool, object) + " " + target(pool, NEXT.get(pool, object)) + " "
                        + target(pool, OTHER.get(pool, object));
    }

    private static String target(ThaPool pool, long pointer) {
        long object = pool.objectAt(pointer);
        return object == 0 ? "nowhere" : pool.nameOf(object);
    }
}
