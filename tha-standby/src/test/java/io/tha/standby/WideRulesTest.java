package io.tha.standby;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.tha.active.ThaApplication;
import io.tha.active.ThaConfig;
import io.tha.active.Transaction;
import io.tha.layout.Layout;
import io.tha.layout.LongField;
import io.tha.pool.ThaPool;
import io.tha.testkit.DomainDirectory;
import io.tha.testkit.Seeds;
import io.tha.transform.Conversions;
import io.tha.transform.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rules over objects of several pages: what is computed lies on other pages than what was written, and what was written on many lines. */
@Timeout(120)
class WideRulesTest {
    private static final ThaConfig CONFIG = ThaConfig.builder().poolBytes(8 << 20).ringBytes(1 << 20).build();
    private static final int TRANSACTIONS = 150;
    private static final int PARTS = 40;
    /** So that zeros of an older object are no zeros of a newer one. */
    private static final long OFFSET = 7;

    private static final Layout OLD =
            Layout.named("Wide").int64("twice").bytes("margin", 600).int64Array("pair", 2).int64("sum").build();
    private static final Layout BOX = Layout.named("Box").int64("before").int64Array("pair", 2).build();
    private static final Layout NEW = Layout.named("Wide")
            .int64Array("parts", PARTS).bytes("filling", 5000).int64("single").bytes("margin", 600).struct("box", BOX)
            .bytes("more", 4500).int64("sum").int64Array("pair", 2).int64("twice").build();
    /** The one after, which has dropped what only the older one reads. */
    private static final Layout LATER =
            Layout.named("Wide").struct("box", BOX).int64("single").int64Array("parts", PARTS).build();

    private static final Conversions RULES = Conversions.NONE
            .rule(new Rule(
                    List.of("sum"),
                    List.of("parts"),
                    (memory, wide) -> {
                        for (int i = 0; i < PARTS; i++) {
                            field(NEW, "parts").set(memory, wide, i, i == 0 ? field(NEW, "sum").get(memory, wide) : 0);
                        }
                    },
                    (memory, wide) -> {
                        long sum = 0;
                        for (int i = 0; i < PARTS; i++) {
                            sum += field(NEW, "parts").get(memory, wide, i);
                        }
                        field(NEW, "sum").set(memory, wide, sum);
                    }))
            .rule(new Rule(
                    List.of("twice"),
                    List.of("single"),
                    (memory, wide) -> field(NEW, "single").set(memory, wide, field(NEW, "twice").get(memory, wide) / 2 + OFFSET),
                    (memory, wide) -> field(NEW, "twice").set(memory, wide, 2 * (field(NEW, "single").get(memory, wide) - OFFSET))))
            .rule(Rule.moved(NEW, "pair", "box.pair"));

    private final DomainDirectory directory = DomainDirectory.create();
    private final Random random = Seeds.random();
    private final List<Long> objects = new ArrayList<>();
    /** Whether the tracker has to be told; others find the one line that was written. */
    private boolean isTold;

    private static LongField field(Layout layout, String path) {
        return layout.int64Field(path);
    }

    @AfterEach
    void remove() {
        directory.close();
    }

    @ParameterizedTest
    @EnumSource(CaptureMode.class)
    void anOlderStandbyGetsTheOlderFields(CaptureMode mode) throws InterruptedException {
        mode.requireAvailable();
        isTold = mode.isTold();
        try (ThaApplication active = ThaApplication.open(directory.path(), "app", mode.configure(CONFIG.toBuilder()));
                ThaStandby standby = standby(OLD, Conversions.NONE)) {
            active.register(NEW, RULES);
            transact(active, NEW, false);
            mode.awaitReady(active, standby);
            for (int i = 0; i < TRANSACTIONS; i++) {
                transact(active, NEW, mode.canAbort());
            }
            compare(active, standby, (theirs, wide, copy, here) -> {
                assertEquals(sum(theirs, NEW, wide), field(OLD, "sum").get(copy, here));
                assertEquals(2 * (field(NEW, "single").get(theirs, wide) - OFFSET), field(OLD, "twice").get(copy, here));
                assertEquals(field(NEW, "box.pair").get(theirs, wide, 0), field(OLD, "pair").get(copy, here, 0));
                assertEquals(field(NEW, "box.pair").get(theirs, wide, 1), field(OLD, "pair").get(copy, here, 1));
            });
        }
    }

    @Test
    void aNewerStandbyComputesTheNewerFields() throws InterruptedException {
        try (ThaApplication active = ThaApplication.open(directory.path(), "app", CONFIG); ThaStandby standby = standby(NEW, RULES)) {
            active.register(OLD);
            transact(active, OLD, false);
            standby.awaitReady();
            for (int i = 0; i < TRANSACTIONS; i++) {
                transact(active, OLD, true);
            }
            compare(active, standby, (theirs, wide, copy, here) -> {
                assertEquals(field(OLD, "sum").get(theirs, wide), sum(copy, NEW, here));
                assertEquals(field(OLD, "twice").get(theirs, wide) / 2 + OFFSET, field(NEW, "single").get(copy, here));
                assertEquals(field(OLD, "pair").get(theirs, wide, 0), field(NEW, "box.pair").get(copy, here, 0));
                assertEquals(field(OLD, "pair").get(theirs, wide, 1), field(NEW, "box.pair").get(copy, here, 1));
            });
        }
    }

    @Test
    void aStandbyOfAStillNewerActiveComputesTheOlderFields() throws InterruptedException {
        try (ThaApplication active = ThaApplication.open(directory.path(), "app", CONFIG); ThaStandby standby = standby(NEW, RULES)) {
            active.register(LATER);
            transact(active, LATER, false);
            standby.awaitReady();
            for (int i = 0; i < TRANSACTIONS; i++) {
                transact(active, LATER, true);
            }
            compare(active, standby, (theirs, wide, copy, here) -> {
                assertEquals(sum(theirs, LATER, wide), sum(copy, NEW, here));
                assertEquals(sum(theirs, LATER, wide), field(NEW, "sum").get(copy, here));
                assertEquals(2 * (field(LATER, "single").get(theirs, wide) - OFFSET), field(NEW, "twice").get(copy, here));
                assertEquals(field(LATER, "box.pair").get(theirs, wide, 1), field(NEW, "pair").get(copy, here, 1));
            });
        }
    }

    private ThaStandby standby(Layout layout, Conversions conversions) {
        ThaStandby standby = ThaStandby.open(directory.path(), "app", CONFIG);
        standby.register(layout, conversions);
        return standby;
    }

    /** Creates, writes one value or a few, and deletes, also what was created or written by the same transaction. */
    private void transact(ThaApplication active, Layout layout, boolean mayAbort) {
        ThaPool pool = active.pool();
        try (Transaction transaction = active.begin()) {
            if (objects.size() < 40 && random.nextInt(3) > 0) {
                objects.add(pool.allocate(layout, "wide" + random.nextLong()));
            }
            for (int i = random.nextInt(4); i > 0 && !objects.isEmpty(); i--) {
                write(pool, transaction, layout, objects.get(random.nextInt(objects.size())));
            }
            if (random.nextInt(4) == 0) {
                // Else what is deleted is not updated before.
                transaction.flush();
            }
            if (!objects.isEmpty() && random.nextInt(3) == 0) {
                // The last one is often new.
                pool.delete(objects.remove(random.nextBoolean() ? objects.size() - 1 : random.nextInt(objects.size())));
            }
            if (mayAbort && random.nextInt(6) == 0) {
                transaction.abort();
                objects.clear();
                pool.forEach(objects::add);
            } else {
                transaction.commit();
            }
        }
    }

    private void write(ThaPool pool, Transaction transaction, Layout layout, long wide) {
        String[] newer = {"parts", "single", "box.pair"};
        String[] older = {"sum", "twice", "pair"};
        LongField written = field(layout, (layout.equals(OLD) ? older : newer)[random.nextInt(3)]);
        int index = random.nextInt(written.count());
        written.set(pool, wide, index, 2L * random.nextInt(1000));
        if (isTold) {
            transaction.changed(wide, written);
        }
    }

    private static long sum(ThaPool pool, Layout layout, long wide) {
        long sum = 0;
        for (int i = 0; i < PARTS; i++) {
            sum += field(layout, "parts").get(pool, wide, i);
        }
        return sum;
    }

    /** Compares an object of the active with the standby's. */
    private interface Comparison {
        void compare(ThaPool active, long wide, ThaPool copy, long here);
    }

    private void compare(ThaApplication active, ThaStandby standby, Comparison comparison) throws InterruptedException {
        while (!active.isFollowed()) {
            assertNull(standby.status().failure());
            Thread.onSpinWait();
        }
        standby.read(copy -> {
            for (long wide : objects) {
                comparison.compare(active.pool(), wide, copy, copy.find(active.pool().nameOf(wide)));
            }
            return null;
        });
    }
}
