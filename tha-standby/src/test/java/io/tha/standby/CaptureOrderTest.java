package io.tha.standby;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tha.active.ThaApplication;
import io.tha.active.ThaConfig;
import io.tha.active.Transaction;
import io.tha.layout.Layout;
import io.tha.layout.LongField;
import io.tha.testkit.DomainDirectory;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Changes that were lost once: the order in which pages are written, and what a flush sees, must not matter. */
@Timeout(60)
class CaptureOrderTest {
    private static final int NUMBERS = 2_000;
    private static final Layout LONG_ROW = Layout.named("LongRow").int64Array("numbers", NUMBERS).build();
    private static final LongField NUMBER = LONG_ROW.int64Field("numbers");
    private static final ThaConfig CONFIG = ThaConfig.builder().poolBytes(1 << 20).ringBytes(64 << 10).build();

    private final DomainDirectory directory = DomainDirectory.create();

    @AfterEach
    void remove() {
        directory.close();
    }

    @Test
    void pagesOfAnObjectThatAreWrittenBackwardsAreAllSent() throws InterruptedException {
        try (ThaApplication active = open(); ThaStandby standby = ThaStandby.open(directory.path(), "rows", CONFIG)) {
            long row = active.pool().allocate(LONG_ROW, "row");
            commit(active);
            standby.awaitReady();
            List<Integer> indexes = List.of(1_999, 1_000, 1_500, 1_001, 0, 700, 1_998);
            indexes.forEach(index -> NUMBER.set(active.pool(), row, index, index + 1L));
            commit(active);
            while (!active.isFollowed()) {
                Thread.onSpinWait();
            }

            standby.read(pool -> {
                for (int i = 0; i < NUMBERS; i++) {
                    assertEquals(indexes.contains(i) ? i + 1L : 0, NUMBER.get(pool, pool.find("row"), i), "number " + i);
                }
                return null;
            });
        }
    }

    @Test
    void abortRestoresWhatWasWrittenBeforeADeletionThatAFlushSaw() {
        try (ThaApplication active = open()) {
            long row = active.pool().allocate(LONG_ROW, "row");
            NUMBER.set(active.pool(), row, 5, 1);
            commit(active);
            try (Transaction transaction = active.begin()) {
                NUMBER.set(active.pool(), row, 5, 2);
                active.pool().delete(row);
                transaction.flush();
                transaction.abort();
            }

            assertEquals(1, NUMBER.get(active.pool(), row, 5));
        }
    }

    private ThaApplication open() {
        ThaApplication active = ThaApplication.open(directory.path(), "rows", CONFIG);
        active.register(LONG_ROW);
        return active;
    }

    private static void commit(ThaApplication active) {
        try (Transaction transaction = active.begin()) {
            transaction.commit();
        }
    }
}
