package io.tha.standby;

import io.tha.CorruptRegionException;
import io.tha.active.ThaApplication;
import io.tha.active.ThaConfig;
import io.tha.active.Transaction;
import io.tha.layout.Layout;
import io.tha.layout.LongField;
import io.tha.memory.CrashPoint;
import java.nio.file.Path;

/**
 * An active, with its standby in the same process, of which a commit fails between the publication and the image: as when the JVM tells of a
 * fault in mapped memory. Argument: domain directory. Prints {@code BROKEN} when the commit says so, and {@code VALUE value suspects} when scrubbing
 * has ended, or has found something.
 */
final class HalfCommittedNode {
    private static final String NAME = "app";
    private static final String OBJECT = "counter";
    private static final Layout COUNTER = Layout.named("Counter").int64("value").build();
    private static final LongField VALUE = COUNTER.int64Field("value");

    private HalfCommittedNode() {}

    public static void main(String[] args) throws InterruptedException {
        ThaConfig config = ThaConfig.builder().poolBytes(4 << 20).ringBytes(64 << 10).scrubShare(1).build();
        ThaApplication active = ThaApplication.open(Path.of(args[0]), NAME, config);
        active.register(COUNTER);
        active.pool().allocate(COUNTER, OBJECT);
        commit(active, 1);
        ThaStandby standby = ThaStandby.open(Path.of(args[0]), NAME, config);
        standby.register(COUNTER);
        standby.awaitReady();
        long idle = scrubbers() - 1;
        Thread service = Thread.currentThread();
        CrashPoint.observe(point -> {
            if (point == CrashPoint.AFTER_PUBLISH_BEFORE_IMAGE && Thread.currentThread() == service) {
                throw new InternalError("a fault");
            }
        });
        try {
            commit(active, 2);
        } catch (CorruptRegionException e) {
            System.out.println("BROKEN");
        }
        while (value(standby) != 2) {
            Thread.onSpinWait();
        }
        while (scrubbers() > idle && standby.status().scrub().suspects() == 0) {
            Thread.onSpinWait();
        }
        System.out.println("VALUE " + value(standby) + " " + standby.status().scrub().suspects());
        Runtime.getRuntime().halt(0);
    }

    private static void commit(ThaApplication active, long value) {
        try (Transaction transaction = active.begin()) {
            VALUE.set(active.pool(), active.pool().find(OBJECT), value);
            transaction.commit();
        }
    }

    private static long value(ThaStandby standby) {
        return LedgerDomain.readOr(0L, standby, pool -> VALUE.get(pool, pool.find(OBJECT)));
    }

    /** The active's, and that of the active that the standby would become, which does nothing. */
    private static long scrubbers() {
        return Thread.getAllStackTraces().keySet().stream().filter(thread -> thread.getName().equals("tha-scrub-" + NAME)).count();
    }
}
