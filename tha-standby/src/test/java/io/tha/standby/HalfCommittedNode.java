package io.tha.standby;

import io.tha.CorruptRegionException;
import io.tha.active.ThaApplication;
import io.tha.active.ThaConfig;
import io.tha.active.Transaction;
import io.tha.layout.Layout;
import io.tha.layout.LongField;
import io.tha.memory.CrashPoint;
import java.lang.reflect.Constructor;
import java.nio.file.Path;

/**
 * An active, with its standby in the same process, of which a publication fails behind the point of no return: as when the JVM tells of a fault in
 * mapped memory, or has no heap left. Arguments: domain directory, what fails ({@code COMMIT}, {@code FLUSH}, {@code INTENT} or {@code ABORT}), the
 * class of the error. Prints {@code BROKEN} when the call says so and nothing can be decided any more, and {@code VALUE pool standby suspects} when
 * scrubbing has ended, or has found something.
 */
final class HalfCommittedNode {
    private static final String NAME = "app";
    private static final String OBJECT = "counter";
    private static final Layout COUNTER = Layout.named("Counter").int64("value").build();
    private static final LongField VALUE = COUNTER.int64Field("value");

    private HalfCommittedNode() {}

    public static void main(String[] args) throws ReflectiveOperationException, InterruptedException {
        ThaConfig config = ThaConfig.builder().poolBytes(4 << 20).ringBytes(64 << 10).scrubShare(1).build();
        ThaApplication active = ThaApplication.open(Path.of(args[0]), NAME, config);
        active.register(COUNTER);
        active.pool().allocate(COUNTER, OBJECT);
        commit(active, 1);
        ThaStandby standby = ThaStandby.open(Path.of(args[0]), NAME, config);
        standby.register(COUNTER);
        standby.awaitReady();
        long idle = scrubbers() - 1;
        fail(active, args[1], Class.forName(args[2]).asSubclass(Throwable.class).getConstructor(String.class));
        long expected = args[1].equals("COMMIT") ? 2 : 1;
        while (value(standby) != expected) {
            Thread.onSpinWait();
        }
        while (scrubbers() > idle && standby.status().scrub().suspects() == 0) {
            Thread.onSpinWait();
        }
        long pool = VALUE.get(active.pool(), active.pool().find(OBJECT));
        System.out.println("VALUE " + pool + " " + value(standby) + " " + standby.status().scrub().suspects());
        Runtime.getRuntime().halt(0);
    }

    private static void fail(ThaApplication active, String what, Constructor<? extends Throwable> error) {
        Transaction transaction = active.begin();
        VALUE.set(active.pool(), active.pool().find(OBJECT), 2);
        if (what.equals("ABORT")) {
            transaction.flush();
        }
        Thread service = Thread.currentThread();
        CrashPoint.observe(point -> {
            if (point == CrashPoint.AFTER_PUBLISH_BEFORE_IMAGE && Thread.currentThread() == service) {
                sneak(error);
            }
        });
        boolean told = isRefused(() -> {
            switch (what) {
                case "COMMIT" -> transaction.commit();
                case "FLUSH" -> transaction.flush();
                case "INTENT" -> transaction.intent(new byte[8]);
                default -> transaction.abort();
            }
        });
        CrashPoint.observe(point -> {});
        if (told && isRefused(transaction::commit) && isRefused(transaction::abort) && isRefused(active::begin)) {
            System.out.println("BROKEN");
        }
    }

    private static boolean isRefused(Runnable call) {
        try {
            call.run();
            return false;
        } catch (CorruptRegionException e) {
            return true;
        }
    }

    /** As the JVM throws: anywhere, and nothing that is declared. */
    private static void sneak(Constructor<? extends Throwable> error) {
        try {
            throw error.newInstance("a fault");
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
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
