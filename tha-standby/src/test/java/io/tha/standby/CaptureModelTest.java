package io.tha.standby;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tha.active.ThaApplication;
import io.tha.active.ThaConfig;
import io.tha.active.Transaction;
import io.tha.capture.Snapshot;
import io.tha.follow.ScrubStatus;
import io.tha.pool.ThaPool;
import io.tha.standby.CaptureModel.Item;
import io.tha.standby.EveryField.Value;
import io.tha.testkit.DomainDirectory;
import io.tha.testkit.Extent;
import io.tha.testkit.Seeds;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Random work with fields of all types in three groups, against plain collections; in every mode. */
@Timeout(300)
class CaptureModelTest {
    private static final int STEPS = Extent.of(60_000);
    private static final int STEPS_PER_LOOK = 250;
    private static final int STEPS_PER_JOIN = STEPS / 4;
    private static final int MAX_OBJECTS = 40;

    private final DomainDirectory directory = DomainDirectory.create();
    private final EveryField fields = new EveryField();
    private final CaptureModel model = new CaptureModel(fields);
    private final Transaction[] open = new Transaction[CaptureModel.GROUPS];
    private ThaApplication active;
    private ThaPool pool;
    private CaptureMode mode;
    private ThaConfig config;
    private Random random;
    private int created;

    @AfterEach
    void remove() {
        directory.close();
    }

    private void prepare(CaptureMode tried, double scrubShare) {
        tried.requireAvailable();
        mode = tried;
        random = Seeds.random();
        ThaConfig.Builder builder = ThaConfig.builder().poolBytes(8 << 20).ringBytes(64 << 10).readerTimeout(Duration.ofSeconds(60));
        config = mode.configure(mode.snapshot == Snapshot.IMAGE ? builder.scrubShare(scrubShare) : builder);
    }

    @ParameterizedTest
    @EnumSource
    void aStandbyHasWhatWasCommittedAndNothingElse(CaptureMode tried) throws InterruptedException {
        prepare(tried, 0.5);
        try (ThaApplication opened = ThaApplication.open(directory.path(), "model", config);
                ThaStandby standby = ThaStandby.open(directory.path(), "model", config)) {
            active = opened;
            pool = active.pool();
            EveryField.LAYOUTS.forEach(active::register);
            for (int group = 1; group < CaptureModel.GROUPS; group++) {
                assertEquals(group, pool.createGroup("group" + group));
            }
            commitAll();
            mode.awaitReady(active, standby);
            for (int step = 1; step <= STEPS; step++) {
                step();
                if (step % STEPS_PER_LOOK == 0) {
                    look(standby, step);
                }
                if (step % STEPS_PER_JOIN == STEPS_PER_JOIN / 2) {
                    joinAndLook(step);
                }
            }
            for (int group = 0; group < CaptureModel.GROUPS; group++) {
                commit(group);
            }
            look(standby, STEPS);
            long scrubbed = standby.status().scrub().objects();
            assertEquals(mode.snapshot == Snapshot.IMAGE, scrubbed > MAX_OBJECTS, () -> scrubbed + " objects were scrubbed");
        }
    }

    private void joinAndLook(int step) throws InterruptedException {
        if (mode.snapshot != Snapshot.IMAGE) {
            commitAll();
        }
        try (ThaStandby late = ThaStandby.open(directory.path(), "model", config)) {
            mode.awaitReady(active, late);
            look(late, step);
        }
    }

    private void look(ThaStandby standby, int step) {
        assertSame(model.workingContent(), CaptureModel.content(fields, pool), "active at step " + step);
        while (!active.isFollowed()) {
            Thread.onSpinWait();
        }
        assertSame(model.committedContent(), standby.read(copy -> CaptureModel.content(fields, copy)), "standby at step " + step);
        ScrubStatus scrub = standby.status().scrub();
        assertTrue(scrub.suspects() == 0 && scrub.rebuilt() == 0, () -> "false alarm at step " + step + ": " + scrub);
    }

    private static void assertSame(Map<Long, String> expected, Map<Long, String> found, String where) {
        assertEquals(expected.keySet(), found.keySet(), where + ": objects");
        expected.forEach((id, content) -> assertEquals(content.replace(' ', '\n'), found.get(id).replace(' ', '\n'), where));
    }

    private void step() {
        int group = random.nextInt(CaptureModel.GROUPS);
        int action = random.nextInt(1000);
        if (action < 120) {
            allocate(group);
        } else if (action < 220) {
            delete(group);
        } else if (action < 820) {
            write(group);
        } else if (action < 900) {
            writeAndWriteBack(group);
        } else if (action < 925) {
            begin(group);
        } else if (action < 945) {
            begin(group);
            open[group].flush();
        } else if (action < 960) {
            abort(group);
        } else if (action < 998) {
            commit(group);
        } else {
            commitAll();
        }
    }

    private void allocate(int group) {
        if (model.size(group) < MAX_OBJECTS) {
            int layout = random.nextInt(8) == 0 ? 2 : random.nextInt(2);
            long handle = random.nextBoolean()
                    ? pool.allocate(EveryField.LAYOUTS.get(layout), "static" + created++, group)
                    : pool.allocateDynamic(EveryField.LAYOUTS.get(layout), "dynamic", group);
            model.create(group, layout, pool, handle);
        }
    }

    private void delete(int group) {
        if (model.size(group) > 0) {
            pool.delete(model.delete(group, model.anyObject(group, random)).handle);
        }
    }

    private void write(int group) {
        if (model.size(group) > 0) {
            Item item = model.item(group, model.anyObject(group, random));
            int index = random.nextInt(item.values.length);
            Value value = fields.of(item.layout).get(index);
            item.values[index] = value.next().next(item.values[index], random);
            value.setter().set(pool, item.handle, item.values[index]);
            tell(group, item);
        }
    }

    private void tell(int group, Item item) {
        if (mode.isTold()) {
            begin(group);
            open[group].changed(item.handle);
        }
    }

    private void writeAndWriteBack(int group) {
        if (model.size(group) > 0) {
            Item item = model.item(group, model.anyObject(group, random));
            int index = random.nextInt(item.values.length);
            Value value = fields.of(item.layout).get(index);
            value.setter().set(pool, item.handle, value.next().next(item.values[index], random));
            value.setter().set(pool, item.handle, item.values[index]);
            tell(group, item);
        }
    }

    private void begin(int group) {
        if (open[group] == null) {
            open[group] = active.begin(group);
        }
    }

    private void commit(int group) {
        begin(group);
        open[group].commit();
        open[group] = null;
        model.commit(group);
    }

    private void abort(int group) {
        begin(group);
        if (mode.canAbort()) {
            open[group].abort();
            model.abort(group);
        } else {
            // The changes stay, and go with the next transaction.
            assertThrows(UnsupportedOperationException.class, open[group]::abort);
            assertThrows(IllegalStateException.class, open[group]::close);
        }
        open[group] = null;
    }

    private void commitAll() {
        for (int group = 0; group < CaptureModel.GROUPS; group++) {
            if (open[group] != null) {
                commit(group);
            }
        }
        try (Transaction transaction = active.begin()) {
            transaction.commit();
        }
        for (int group = 0; group < CaptureModel.GROUPS; group++) {
            model.commit(group);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatWasChangedAndChangedBackIsNotSent(CaptureMode tried) throws InterruptedException {
        assumeTrue(tried.comparesOnActive(), "it is sent, and compared elsewhere or not at all");
        prepare(tried, 0);
        try (ThaApplication opened = ThaApplication.open(directory.path(), "model", config);
                ThaStandby standby = ThaStandby.open(directory.path(), "model", config)) {
            active = opened;
            pool = active.pool();
            EveryField.LAYOUTS.forEach(active::register);
            for (int i = 0; i < MAX_OBJECTS; i++) {
                allocate(0);
            }
            commitAll();
            mode.awaitReady(active, standby);
            for (int round = 0; round < 50; round++) {
                write(0);
                commit(0);
                long before = position(standby);
                commit(0);
                long between = position(standby);
                for (int i = 0; i < 20; i++) {
                    writeAndWriteBack(0);
                }
                commit(0);
                long after = position(standby);

                // A frame that does not fit at the end of the ring goes to its beginning.
                boolean crosses = (before ^ after) >>> 16 != 0;
                assertTrue(crosses || after - between == between - before, () -> "an empty commit has " + (between - before)
                        + " bytes, one that changes nothing has " + (after - between));
            }
        }
    }

    private long position(ThaStandby standby) {
        while (!active.isFollowed()) {
            Thread.onSpinWait();
        }
        return standby.status().position();
    }
}
