package io.tha.benchmarks;

import io.tha.active.ThaApplication;
import io.tha.active.Transaction;
import io.tha.layout.Layout;
import io.tha.layout.LongField;
import io.tha.pool.ThaPool;
import java.util.Random;

/** The objects of all benchmarks: eight longs, 64 bytes. */
final class Items {
    static final Layout LAYOUT = layout();
    static final LongField[] FIELDS = fields();
    /** Fields of one object. */
    static final int FIELD_COUNT = 8;
    /** Of one object in a pool, its header included, and something for pages that are not full. */
    static final int BYTES_EACH = 100;
    static final int BODY_BYTES = FIELD_COUNT * Long.BYTES;

    private static final int TRANSACTION_LENGTH = 1_000;
    private static final long SEED = 20_260_101;

    private Items() {}

    private static Layout layout() {
        var builder = Layout.named("item");
        for (int i = 0; i < FIELD_COUNT; i++) {
            builder.int64("f" + i);
        }
        return builder.build();
    }

    private static LongField[] fields() {
        LongField[] fields = new LongField[FIELD_COUNT];
        for (int i = 0; i < FIELD_COUNT; i++) {
            fields[i] = LAYOUT.int64Field("f" + i);
        }
        return fields;
    }

    /** A pool size that holds so many. */
    static long poolBytes(int count) {
        return (4L << 20) + (long) count * BYTES_EACH;
    }

    /** New objects in a pool alone. */
    static long[] create(ThaPool pool, int count) {
        long[] handles = new long[count];
        for (int i = 0; i < count; i++) {
            handles[i] = createOne(pool, i);
            if (i % TRANSACTION_LENGTH == 0) {
                decide(pool);
            }
        }
        decide(pool);
        return handles;
    }

    /** New objects, committed. */
    static long[] create(ThaApplication application, int count) {
        long[] handles = new long[count];
        for (int i = 0; i < count; ) {
            Transaction transaction = application.begin();
            for (int end = Math.min(count, i + TRANSACTION_LENGTH); i < end; i++) {
                handles[i] = createOne(application.pool(), i);
            }
            transaction.commit();
        }
        return handles;
    }

    /** A new object whose fields are not zero. */
    static long createOne(ThaPool pool, int i) {
        long handle = pool.allocateDynamic(LAYOUT);
        for (LongField field : FIELDS) {
            field.set(pool, handle, i + 1L);
        }
        return handle;
    }

    /** What a commit does to a pool, alone. */
    static void decide(ThaPool pool) {
        pool.structure().lineMarks().clear(0);
        pool.structure().commitPending(0);
    }

    /** The same handles in an order that no cache foresees. */
    static long[] shuffle(long[] handles) {
        long[] shuffled = handles.clone();
        Random random = new Random(SEED);
        for (int i = shuffled.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            long swapped = shuffled[i];
            shuffled[i] = shuffled[j];
            shuffled[j] = swapped;
        }
        return shuffled;
    }
}
