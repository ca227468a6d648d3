package io.tha.standby;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tha.LayoutMismatchException;
import io.tha.active.SlowStandby;
import io.tha.active.ThaApplication;
import io.tha.active.ThaConfig;
import io.tha.active.Transaction;
import io.tha.follow.DeclaredLayouts;
import io.tha.follow.Joiner;
import io.tha.follow.Losses;
import io.tha.layout.Layout;
import io.tha.layout.LongField;
import io.tha.region.ControlFile;
import io.tha.region.DomainFiles;
import io.tha.region.LogReader;
import io.tha.testkit.DomainDirectory;
import io.tha.transform.Conversions;
import io.tha.transform.Rule;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Another thread polls for the follower's: that one meets whatever it would have met itself. */
@Timeout(60)
class CopyHolderTest {
    private static final int VALUES = 1_000;
    private static final long HOLD_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final Layout BLOCK = Layout.named("Block").int64Array("values", VALUES).build();
    private static final Layout WIDER = Layout.named("Block").int64Array("values", VALUES).int64("sum").build();
    private static final LongField FIRST = BLOCK.int64Field("values");
    private static final ThaConfig CONFIG = ThaConfig.builder()
            .poolBytes(1 << 20)
            .ringBytes(64 << 10)
            .readerTimeout(Duration.ofMillis(1))
            .slowStandby(SlowStandby.DROP)
            .build();

    private final DomainDirectory directory = DomainDirectory.create();
    private final CompletableFuture<Void> takeover = new CompletableFuture<>();
    private final CopyHolder held = new CopyHolder();
    private ThaApplication active;
    private ControlFile control;

    @BeforeEach
    void open() {
        active = ThaApplication.open(directory.path(), "app", CONFIG);
        control = ControlFile.open(directory.path());
    }

    @AfterEach
    void remove() {
        held.set(null);
        control.close();
        active.close();
        directory.close();
    }

    /** A copy of what is committed, to which nobody applies anything of itself. */
    private StandbyCopy copy(Layout layout, Conversions conversions) {
        DeclaredLayouts layouts = new DeclaredLayouts();
        layouts.add(layout, conversions);
        DomainFiles files = new DomainFiles(control, "app");
        StandbyCopy copy = StandbyCopy.join(files, CONFIG, 1, new Joiner.Version(layouts, new Losses()), () -> {});
        held.set(copy);
        while (!copy.follower().isConsistent()) {
            held.poll(copy, takeover);
        }
        assertEquals(0, held.poll(copy, takeover));
        return copy;
    }

    private void create() {
        active.register(BLOCK);
        active.pool().allocate(BLOCK, "block");
        active.begin().commit();
    }

    private void commit(long value) {
        try (Transaction transaction = active.begin()) {
            long block = active.pool().find("block");
            for (int i = 0; i < VALUES; i++) {
                FIRST.set(active.pool(), block, i, value);
            }
            transaction.commit();
        }
    }

    @Test
    void transactionsAreApplied() {
        create();
        StandbyCopy copy = copy(BLOCK, Conversions.NONE);
        assertEquals(0, held.tryPoll(takeover));

        commit(7);

        assertEquals(1, held.tryPoll(takeover));
        assertEquals(7, FIRST.get(copy.pool(), copy.pool().find("block")));
        assertEquals(0, held.poll(copy, takeover));
    }

    @Test
    void nothingIsAppliedWhileSomebodyReadsOrHoldsTheCopy() throws InterruptedException {
        create();
        StandbyCopy copy = copy(BLOCK, Conversions.NONE);
        commit(7);

        held.readLock().lock();
        try {
            assertEquals(0, held.tryPoll(takeover));
        } finally {
            held.readLock().unlock();
        }
        HoldGate.Hold hold = held.gate().begin(HOLD_NANOS);
        assertEquals(0, held.tryPoll(takeover));
        assertEquals(0, FIRST.get(copy.pool(), copy.pool().find("block")));
        held.gate().release(hold);

        assertEquals(1, held.tryPoll(takeover));
    }

    /** As want of heap: polled once more, it would not be thrown, but what it has left of the transaction is there. */
    @Test
    void theFollowerMeetsWhatIsThrownOnce() {
        IllegalStateException thrown = new IllegalStateException("once");
        AtomicBoolean isThrown = new AtomicBoolean();
        Rule sum = new Rule(List.of("values"), List.of("sum"), (memory, object) -> {
            if (isThrown.compareAndSet(false, true)) {
                throw thrown;
            }
        }, (memory, object) -> {});
        StandbyCopy copy = copy(WIDER, Conversions.NONE.rule(sum));

        create();

        assertEquals(LogReader.ENDED, held.tryPoll(takeover));
        assertTrue(isThrown.get());
        assertFalse(copy.follower().isConsistent());
        assertEquals(LogReader.ENDED, held.tryPoll(takeover));
        assertSame(thrown, assertThrows(LayoutMismatchException.class, () -> held.poll(copy, takeover)).getCause());
    }

    @Test
    void theFollowerMeetsThatItsCopyIsOutOfDate() {
        create();
        StandbyCopy copy = copy(BLOCK, Conversions.NONE);

        for (int value = 1; active.droppedStandbys() == 0; value++) {
            commit(value);
        }

        assertEquals(LogReader.LAGGED, held.tryPoll(takeover));
        assertFalse(copy.follower().isConsistent());
        assertEquals(LogReader.LAGGED, held.poll(copy, takeover));
    }
}
