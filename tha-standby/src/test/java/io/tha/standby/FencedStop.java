package io.tha.standby;

import static io.tha.memory.CrashPoint.AFTER_APPLIED;
import static io.tha.memory.CrashPoint.AFTER_CLAIM;
import static io.tha.memory.CrashPoint.AFTER_COLLECT;
import static io.tha.memory.CrashPoint.AFTER_FRAME;
import static io.tha.memory.CrashPoint.AFTER_IMAGE_BEFORE_APPLIED;
import static io.tha.memory.CrashPoint.AFTER_OVERFLOW_CREATE;
import static io.tha.memory.CrashPoint.AFTER_PUBLISH_BEFORE_IMAGE;
import static io.tha.memory.CrashPoint.BEFORE_PUBLISH;
import static io.tha.memory.CrashPoint.IN_IMAGE_ADVANCE;

import io.tha.active.ThaApplication;
import io.tha.active.Transaction;
import io.tha.layout.BytesField;
import io.tha.layout.Layout;
import io.tha.layout.LongField;
import io.tha.memory.CrashPoint;
import io.tha.pool.ThaPool;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Where an active is stopped: in an operation, behind a store.
 *
 * @param operation in which
 * @param point behind which store
 * @param passage of that point in the operation, from 1
 */
record FencedStop(Operation operation, CrashPoint point, int passage) {
    static final Layout COUNTER = Layout.named("Counter").int64("value").bytes("rest", 16 << 10).build();

    private static final Layout OTHER = Layout.named("Other").int64("value").build();
    private static final LongField VALUE = COUNTER.int64Field("value");
    private static final BytesField REST = COUNTER.bytesField("rest");
    private static final byte[] FILLING = "filling ".repeat(2 << 10).getBytes(StandardCharsets.US_ASCII);
    /** In one frame of the ring, for which room must be claimed. */
    private static final int SOME_BYTES = 5_000;

    private static final int MANY = 20;
    private static final String OBJECT = "counter";
    private static final String SPARE = "spare";

    static final List<FencedStop> ALL = List.of(
            new FencedStop(Operation.COMMIT, AFTER_COLLECT, 1),
            new FencedStop(Operation.COMMIT, AFTER_CLAIM, 1),
            new FencedStop(Operation.COMMIT, AFTER_FRAME, 1),
            new FencedStop(Operation.COMMIT, AFTER_FRAME, 2),
            new FencedStop(Operation.COMMIT, BEFORE_PUBLISH, 1),
            new FencedStop(Operation.COMMIT, AFTER_PUBLISH_BEFORE_IMAGE, 1),
            new FencedStop(Operation.COMMIT, IN_IMAGE_ADVANCE, 1),
            new FencedStop(Operation.COMMIT, AFTER_IMAGE_BEFORE_APPLIED, 1),
            new FencedStop(Operation.COMMIT, AFTER_APPLIED, 1),
            new FencedStop(Operation.INTENT, AFTER_FRAME, 1),
            new FencedStop(Operation.INTENT, AFTER_PUBLISH_BEFORE_IMAGE, 1),
            new FencedStop(Operation.FLUSH, AFTER_COLLECT, 1),
            new FencedStop(Operation.FLUSH, AFTER_OVERFLOW_CREATE, 1),
            new FencedStop(Operation.FLUSH, AFTER_FRAME, 1),
            new FencedStop(Operation.FLUSH, AFTER_FRAME, 2),
            new FencedStop(Operation.FLUSH, AFTER_PUBLISH_BEFORE_IMAGE, 1),
            new FencedStop(Operation.ABORT, AFTER_FRAME, 1),
            new FencedStop(Operation.ABORT, AFTER_PUBLISH_BEFORE_IMAGE, 1),
            new FencedStop(Operation.REGISTRATION, AFTER_FRAME, 1),
            new FencedStop(Operation.REGISTRATION, BEFORE_PUBLISH, 1),
            new FencedStop(Operation.REGISTRATION, AFTER_PUBLISH_BEFORE_IMAGE, 1),
            new FencedStop(Operation.REGISTRATION, BEFORE_PUBLISH, 2),
            new FencedStop(Operation.OBJECTS, AFTER_FRAME, 1),
            new FencedStop(Operation.OBJECTS, AFTER_FRAME, 3),
            new FencedStop(Operation.OBJECTS, BEFORE_PUBLISH, 1),
            new FencedStop(Operation.OBJECTS, AFTER_PUBLISH_BEFORE_IMAGE, 1),
            new FencedStop(Operation.OBJECTS, IN_IMAGE_ADVANCE, 1),
            new FencedStop(Operation.LARGE, AFTER_OVERFLOW_CREATE, 1),
            new FencedStop(Operation.LARGE, AFTER_FRAME, MANY),
            new FencedStop(Operation.LARGE, BEFORE_PUBLISH, 1),
            new FencedStop(Operation.LARGE, IN_IMAGE_ADVANCE, MANY));

    private static final Set<CrashPoint> BEFORE_PUBLICATION = Set.of(AFTER_COLLECT, AFTER_CLAIM, AFTER_FRAME, AFTER_OVERFLOW_CREATE, BEFORE_PUBLISH);

    /** What an active does. */
    enum Operation {
        COMMIT,
        INTENT,
        FLUSH,
        ABORT,
        REGISTRATION,
        OBJECTS,
        LARGE
    }

    /** What is there before. */
    static void setUp(ThaApplication application) {
        application.register(COUNTER);
        try (Transaction transaction = application.begin()) {
            VALUE.set(application.pool(), application.pool().allocate(COUNTER, OBJECT), 1);
            application.pool().allocate(COUNTER, SPARE);
            transaction.commit();
        }
    }

    static long value(ThaApplication application) {
        return VALUE.get(application.pool(), application.pool().find(OBJECT));
    }

    /** What is done before the operation. */
    Transaction begin(ThaApplication application) {
        ThaPool pool = application.pool();
        Transaction transaction = application.begin();
        VALUE.set(pool, pool.find(OBJECT), 2);
        switch (operation) {
            case COMMIT -> REST.set(pool, pool.find(OBJECT), 0, Arrays.copyOf(FILLING, SOME_BYTES));
            case ABORT -> transaction.flush();
            case REGISTRATION -> application.register(OTHER);
            case OBJECTS -> {
                pool.allocate(COUNTER, "another");
                pool.delete(pool.find(SPARE));
            }
            case LARGE -> {
                for (int i = 0; i < MANY; i++) {
                    REST.set(pool, pool.allocate(COUNTER, "large/" + i), 0, FILLING);
                }
            }
            default -> {}
        }
        return transaction;
    }

    /** The operation. */
    void perform(Transaction transaction) {
        switch (operation) {
            case INTENT -> transaction.intent(new byte[Long.BYTES]);
            case FLUSH -> transaction.flush();
            case ABORT -> transaction.abort();
            default -> transaction.commit();
        }
    }

    /** Whether the operation was done when it was stopped: its publication was made. */
    boolean isDone() {
        return !BEFORE_PUBLICATION.contains(point) && operation != Operation.REGISTRATION;
    }

    /** What the object has then. */
    long valueAfterwards() {
        return isDone() && Set.of(Operation.COMMIT, Operation.OBJECTS, Operation.LARGE).contains(operation) ? 2 : 1;
    }

    /** How many intents are undecided then. */
    int intentsAfterwards() {
        return isDone() && operation == Operation.INTENT ? 1 : 0;
    }

    /** Each has one of its own. */
    String application() {
        return operation.name().toLowerCase(Locale.ROOT) + "-" + point.name().toLowerCase(Locale.ROOT) + "-" + passage;
    }
}
