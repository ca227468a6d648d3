package io.tha.standby;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tha.active.ThaApplication;
import io.tha.active.ThaConfig;
import io.tha.layout.Layout;
import io.tha.layout.LongField;
import io.tha.memory.ObjectMemory;
import io.tha.pool.ThaPool;
import io.tha.region.ControlFile;
import io.tha.testkit.DomainDirectory;
import io.tha.transform.Conversions;
import io.tha.transform.Rule;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Followers of one process that wait together. */
@Timeout(120)
class LookoutTest {
    private static final ThaConfig CONFIG = ThaConfig.builder().poolBytes(1 << 20).ringBytes(1 << 20).build();
    private static final int STANDBYS = 3;
    private static final int TRANSACTIONS = 2_000;
    private static final Layout SENT = Layout.named("Counter").int64("value").build();
    private static final Layout KEPT = Layout.named("Counter").int64("value").int64("twice").build();
    private static final LongField SENT_VALUE = SENT.int64Field("value");
    private static final LongField VALUE = KEPT.int64Field("value");
    private static final LongField TWICE = KEPT.int64Field("twice");

    private final DomainDirectory directory = DomainDirectory.create();
    private final List<ThaApplication> applications = new ArrayList<>();
    private final List<StandbyTask> standbys = new ArrayList<>();
    /** By which threads something was applied, for each of the standbys. */
    private final List<Set<Thread>> appliers = new ArrayList<>();

    @AfterEach
    void remove() {
        standbys.forEach(StandbyTask::close);
        applications.forEach(ThaApplication::close);
        directory.close();
    }

    /** Their copies have another layout: what converts the values sees who applies them. */
    private void follow(Lookout lookout) throws InterruptedException {
        for (int i = 0; i < STANDBYS; i++) {
            String name = "app" + i;
            ThaApplication application = ThaApplication.open(directory.path(), name, CONFIG);
            application.register(SENT);
            application.pool().allocate(SENT, "counter");
            application.begin().commit();
            applications.add(application);

            Set<Thread> threads = ConcurrentHashMap.newKeySet();
            Rule rule = new Rule(List.of("value"), List.of("twice"), (memory, object) -> twice(memory, object, threads), (memory, object) -> {});
            StandbyTask standby = new StandbyTask(ControlFile.open(directory.path()), name, CONFIG, lookout);
            standby.register(KEPT, Conversions.NONE.rule(rule));
            standby.start();
            standbys.add(standby);
            appliers.add(threads);
            standby.awaitReady();
        }
        appliers.forEach(Set::clear);
    }

    private static void twice(ObjectMemory memory, long object, Set<Thread> threads) {
        threads.add(Thread.currentThread());
        TWICE.set(memory, object, 2 * VALUE.get(memory, object));
    }

    private void commitToAll(long value) {
        for (ThaApplication application : applications) {
            SENT_VALUE.set(application.pool(), application.pool().find("counter"), value);
            application.begin().commit();
        }
        for (ThaApplication application : applications) {
            while (!application.isFollowed()) {
                Thread.onSpinWait();
            }
        }
    }

    private void requireAll(long value) {
        for (StandbyTask standby : standbys) {
            assertEquals(2 * value, standby.<Long>read(pool -> twice(pool)));
        }
    }

    private static long twice(ThaPool pool) {
        return TWICE.get(pool, pool.find("counter"));
    }

    private boolean hasOneAppliedForAnother() {
        Set<Thread> all = new HashSet<>();
        appliers.forEach(all::addAll);
        return all.size() < appliers.stream().mapToInt(Set::size).sum();
    }

    @Test
    void whereOneMaySpinItAppliesForThoseThatAreParked() throws InterruptedException {
        follow(new Lookout(1));

        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        long value = 0;
        while (value < TRANSACTIONS || !hasOneAppliedForAnother()) {
            assertTrue(System.nanoTime() - end < 0, () -> "each has applied for itself alone: " + appliers);
            commitToAll(++value);
        }
        requireAll(value);
    }

    @Test
    void whereAllMaySpinEachAppliesForItself() throws InterruptedException {
        follow(new Lookout(STANDBYS));

        for (long value = 1; value <= TRANSACTIONS; value++) {
            commitToAll(value);
        }
        requireAll(TRANSACTIONS);
        appliers.forEach(threads -> assertEquals(1, threads.size()));
    }

    @Test
    void whoIsClosedOrTakesOverIsNotWaitedFor() throws Exception {
        follow(new Lookout(1));
        commitToAll(1);

        standbys.get(0).close();
        applications.get(1).close();
        ThaApplication serving = standbys.get(1).takeover().get().application();
        assertEquals(2, twice(serving.pool()));
        SENT_VALUE.set(applications.get(2).pool(), applications.get(2).pool().find("counter"), 2);
        applications.get(2).begin().commit();
        while (!applications.get(2).isFollowed()) {
            Thread.onSpinWait();
        }
        serving.close();

        assertEquals(4, standbys.get(2).<Long>read(pool -> twice(pool)));
    }
}
