package io.tha.standby;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tha.Outcome;
import io.tha.ThaException;
import io.tha.active.StandbyMode;
import io.tha.active.SwitchoverResult;
import io.tha.active.ThaApplication;
import io.tha.active.ThaConfig;
import io.tha.active.Transaction;
import io.tha.capture.Snapshot;
import io.tha.layout.Layout;
import io.tha.layout.LongField;
import io.tha.pool.ThaPool;
import io.tha.testkit.DomainDirectory;
import io.tha.tracker.TrackerKind;
import io.tha.tracker.Trackers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A standby that maps the active's image: what it answers, what it refuses, and how the state goes on after its takeover. */
@Timeout(120)
class MappingTest {
    private static final String NAME = "mapping";
    private static final ThaConfig COPYING = ThaConfig.builder().poolBytes(4 << 20).ringBytes(64 << 10).lease(Duration.ZERO).build();
    private static final ThaConfig MAPPING = COPYING.toBuilder().standbyMode(StandbyMode.MAPPING).build();
    private static final Layout ITEM = Layout.named("Item").int64("value").bytes("rest", 100).build();
    private static final Layout LATER = Layout.named("Later").int64("value").build();
    private static final LongField VALUE = ITEM.int64Field("value");
    private static final int ITEMS = 2_000;

    @AutoClose
    private final DomainDirectory directory = DomainDirectory.create();

    private ThaApplication open(ThaConfig config) {
        ThaApplication active = ThaApplication.open(directory.path(), NAME, config);
        active.register(ITEM);
        for (int i = 0; i < ITEMS; i++) {
            VALUE.set(active.pool(), active.pool().allocate(ITEM, "item-" + i), i);
            VALUE.set(active.pool(), active.pool().allocateDynamic(ITEM, "item"), i);
        }
        active.begin().commit();
        return active;
    }

    private ThaStandby standby(ThaConfig config, Layout... layouts) {
        ThaStandby standby = ThaStandby.open(directory.path(), NAME, config);
        standby.register(layouts);
        return standby;
    }

    private static void assertItems(ThaPool pool, long added) {
        for (int i = 0; i < ITEMS; i++) {
            assertEquals(i + added, VALUE.get(pool, pool.find("item-" + i)));
            assertEquals(i, VALUE.get(pool, pool.find("item#" + (i + 1))));
        }
    }

    private static void change(ThaApplication active) {
        ThaPool pool = active.pool();
        try (Transaction transaction = active.begin()) {
            for (int i = 0; i < ITEMS; i++) {
                VALUE.add(pool, pool.find("item-" + i), 1);
            }
            transaction.commit();
        }
    }

    @Test
    void itAnswersWhatItKnowsAndIsNotRead() throws InterruptedException {
        try (ThaApplication active = open(COPYING);
                ThaStandby standby = standby(MAPPING, ITEM)) {
            standby.awaitReady();
            Transaction transaction = active.begin();
            transaction.commit();
            while (!active.isFollowed()) {
                Thread.onSpinWait();
            }

            assertEquals(Outcome.COMMITTED, standby.outcome(transaction.id()));
            assertTrue(standby.status().ready());
            assertEquals(List.of(), standby.intents());
            String refusal = assertThrows(IllegalStateException.class, () -> standby.read(pool -> 0)).getMessage();
            assertTrue(refusal.contains("standbyMode COPY"), refusal);
        }
    }

    /** By a switchover, where the old active lives on, with each tracker; then a standby with a copy joins, and takes over in its turn. */
    @ParameterizedTest
    @EnumSource(names = {"SOFTWARE", "USERFAULTFD", "MPROTECT", "COMPARE"})
    void theSuccessorIsAnActiveLikeAnyOther(TrackerKind tracker) throws InterruptedException {
        assumeTrue(Trackers.unavailableReason(tracker) == null, () -> Trackers.unavailableReason(tracker));
        try (ThaApplication active = open(COPYING);
                ThaStandby standby = standby(MAPPING.toBuilder().tracker(tracker).build(), ITEM, LATER)) {
            standby.awaitReady();
            change(active);
            assertEquals(SwitchoverResult.End.HANDED_OVER, active.switchover(Duration.ofSeconds(60)).end());
            try (ThaApplication successor = standby.awaitTakeover().application()) {
                ThaPool pool = successor.pool();
                assertItems(pool, 1);
                long named = pool.find("item-7");
                assertEquals(active.pool().find("item-7"), named, "the handle is the same");
                change(successor);
                try (Transaction transaction = successor.begin()) {
                    pool.delete(named);
                    VALUE.set(pool, pool.find("item-8"), -1);
                    transaction.abort();
                }
                assertItems(pool, 2);
                pool.delete(pool.find("item#1"));
                long later = pool.allocate(LATER, "later");
                pool.allocateDynamic(ITEM, "item");
                successor.begin().commit();
                assertEquals(ITEMS + 1, number(pool), "numbers go on");
                try (ThaStandby copying = standby(COPYING, ITEM, LATER)) {
                    copying.awaitReady();
                    long mirrored = copying.read(copy -> copy.find("later"));
                    assertTrue(mirrored != 0 && pool.isLive(later));
                    assertEquals(SwitchoverResult.End.HANDED_OVER, successor.switchover(Duration.ofSeconds(60)).end());
                    try (ThaApplication last = copying.awaitTakeover().application()) {
                        assertEquals(0, last.pool().find("item#1"));
                        assertEquals(9, VALUE.get(last.pool(), last.pool().find("item-7")));
                    }
                }
            }
        }
    }

    /** The greatest number of an item that has a name with one. */
    private static long number(ThaPool pool) {
        long[] greatest = new long[1];
        pool.forEach(handle -> {
            String name = pool.nameOf(handle);
            int hash = name.indexOf('#');
            greatest[0] = hash < 0 ? greatest[0] : Math.max(greatest[0], Long.parseLong(name.substring(hash + 1)));
        });
        return greatest[0];
    }

    @Test
    void anotherVersionOfALayoutIsRefused() {
        Layout other = Layout.named("Item").int64("value").int64("more").build();
        try (ThaApplication active = open(COPYING);
                ThaStandby standby = standby(MAPPING, other)) {
            String refusal = assertThrows(ThaException.class, standby::awaitReady).getMessage();
            assertTrue(refusal.contains("layout 'Item'") && refusal.contains("equal layouts"), refusal);
            assertTrue(active.isActive());
        }
    }

    @Test
    void anActiveWithoutAnImageIsRefused() {
        try (ThaApplication active = open(COPYING.toBuilder().snapshot(Snapshot.LINES).build());
                ThaStandby standby = standby(MAPPING, ITEM)) {
            String refusal = assertThrows(ThaException.class, standby::awaitReady).getMessage();
            assertTrue(refusal.contains("snapshot IMAGE"), refusal);
            assertTrue(active.isActive());
        }
        assertThrows(IllegalArgumentException.class, () -> MAPPING.toBuilder().snapshot(Snapshot.NONE).build());
    }

    /** Those of its rehearsal too. */
    @ParameterizedTest
    @EnumSource
    void aStandbyThatLeavesTakesItsFilesWithIt(StandbyMode mode) throws InterruptedException, IOException {
        try (ThaApplication active = open(COPYING)) {
            List<String> before = files();
            try (ThaStandby standby = standby(COPYING.toBuilder().standbyMode(mode).build(), ITEM)) {
                standby.awaitReady();
                assertFalse(before.equals(files()));
            }
            assertEquals(before, files());
            assertTrue(active.isActive());
        }
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(directory.path())) {
            return new ArrayList<>(files.map(file -> file.getFileName().toString()).filter(name -> name.startsWith(NAME)).sorted().toList());
        }
    }
}
