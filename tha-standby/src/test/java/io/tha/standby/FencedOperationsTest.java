package io.tha.standby;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tha.FencedException;
import io.tha.Outcome;
import io.tha.active.ThaApplication;
import io.tha.active.ThaConfig;
import io.tha.active.Transaction;
import io.tha.layout.Layout;
import io.tha.layout.LongField;
import io.tha.memory.Memory;
import io.tha.region.ControlFile;
import io.tha.region.DomainFiles;
import io.tha.region.LogFile;
import io.tha.region.TailSealer;
import io.tha.region.TakeoverWalk;
import io.tha.testkit.DomainDirectory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * When the log is sealed, whatever an application does is refused, and changes no byte that anybody reads: frames of all kinds, and the control
 * file.
 */
@Timeout(120)
class FencedOperationsTest {
    private static final String NAME = "app";
    private static final ThaConfig CONFIG =
            ThaConfig.builder().poolBytes(4 << 20).ringBytes(64 << 10).build();
    private static final Layout COUNTER = Layout.named("Counter").int64("value").bytes("rest", 16 << 10).build();
    private static final Layout OTHER = Layout.named("Other").int64("value").build();
    private static final byte[] FILLING = "filling ".repeat(2 << 10).getBytes(StandardCharsets.US_ASCII);
    private static final LongField VALUE = COUNTER.int64Field("value");

    private final DomainDirectory directory = DomainDirectory.create();
    private ThaApplication active;
    private long counter;

    /** What is tried by a process that does not know yet. */
    enum Operation {
        COMMIT,
        COMMIT_ASYNC,
        COMMIT_OF_NOTHING,
        FLUSH,
        INTENT,
        ABORT_OF_WHAT_WAS_FLUSHED,
        LAYOUT,
        GROUP,
        CREATION,
        DELETION,
        OVERFLOW,
        ADMISSION
    }

    private void perform(Operation operation, Transaction transaction) {
        switch (operation) {
            case COMMIT -> transaction.commit();
            case COMMIT_ASYNC -> transaction.commitAsync();
            case COMMIT_OF_NOTHING -> {
                transaction.abort();
                active.begin().commit();
            }
            case FLUSH -> transaction.flush();
            case INTENT -> transaction.intent(new byte[10]);
            case ABORT_OF_WHAT_WAS_FLUSHED -> transaction.abort();
            case LAYOUT -> {
                active.register(OTHER);
                transaction.flush();
            }
            case GROUP -> {
                active.pool().createGroup("another");
                transaction.commit();
            }
            case CREATION -> {
                active.pool().allocate(COUNTER, "another");
                transaction.commit();
            }
            case DELETION -> {
                active.pool().delete(counter);
                transaction.commit();
            }
            case OVERFLOW -> {
                for (int i = 0; i < 20; i++) {
                    long object = active.pool().allocate(COUNTER, "large/" + i);
                    COUNTER.bytesField("rest").set(active.pool(), object, 0, FILLING);
                }
                transaction.commit();
            }
            case ADMISSION -> {
                transaction.abort();
                active.admitStandbys(Duration.ZERO);
            }
        }
    }

    @BeforeEach
    void open() {
        active = ThaApplication.open(directory.path(), NAME, CONFIG);
        active.register(COUNTER);
        counter = active.pool().allocate(COUNTER, "counter");
        VALUE.set(active.pool(), counter, 1);
        active.begin().commit();
    }

    @AfterEach
    void remove() {
        active.close();
        directory.close();
    }

    @ParameterizedTest
    @EnumSource
    void nothingOfItShows(Operation operation) throws InterruptedException {
        CountDownLatch told = new CountDownLatch(1);
        active.onFenced(told::countDown);
        Transaction transaction = active.begin();
        VALUE.set(active.pool(), counter, 2);
        if (operation == Operation.ABORT_OF_WHAT_WAS_FLUSHED) {
            transaction.flush();
        }
        ControlFile control = ControlFile.open(directory.path());
        int application = control.findApplication(NAME);
        TakeoverWalk walk = TakeoverWalk.claim(control, application, control.takeoverWordAcquire(application));
        try (LogFile log = LogFile.open(new DomainFiles(control, NAME).log(1))) {
            TailSealer.seal(log);
            long word = control.takeoverWordAcquire(application);
            byte[] before = readable(log);

            assertThrows(FencedException.class, () -> perform(operation, transaction));

            assertArrayEquals(before, readable(log), "frames that can be read");
            assertFalse(active.isActive());
            told.await();
            assertThrows(FencedException.class, () -> active.begin(), "it knows by now");
            // A stale copy that can be read, until it is closed.
            if (operation != Operation.DELETION) {
                VALUE.get(active.pool(), counter);
            }
            assertEquals(
                    operation == Operation.ABORT_OF_WHAT_WAS_FLUSHED ? Outcome.UNDECIDED : Outcome.UNKNOWN_NEVER_PUBLISHED,
                    active.outcome(transaction.id()));
            active.close();
            assertEquals(word, control.takeoverWordAcquire(application), "it is another one's");
            assertEquals(2, walk.epoch());
        }
    }

    /** The tail, and the frames below it. */
    private static byte[] readable(LogFile log) {
        long tail = log.checkedTail();
        ByteBuffer content = ByteBuffer.allocate(Long.BYTES + (int) tail).putLong(log.tailWordAcquire());
        for (long position = 0; position < tail; position += Long.BYTES) {
            content.putLong(Memory.getLong(log.address(position)));
        }
        return content.array();
    }
}
