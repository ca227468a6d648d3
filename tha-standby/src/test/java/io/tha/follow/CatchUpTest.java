package io.tha.follow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tha.ThaException;
import io.tha.layout.Layout;
import io.tha.region.FrameHandler;
import io.tha.region.LogReader;
import io.tha.testkit.DomainDirectory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a joiner keeps of the log has a bound, and who cannot catch up tells by which rates. */
class CatchUpTest {
    private static final Layout BLOCK = Layout.opaque("Block", 4_096);
    private static final long MOST_BYTES = 3 << 20;
    /** Of 4 KiB; with their headers four times what may be kept. */
    private static final int MANY = 3_072;

    private final DomainDirectory directory = DomainDirectory.create();
    private ScriptedActive active;
    private LogReader reader;
    private long block;

    @BeforeEach
    void start() {
        active = new ScriptedActive(directory.path(), BLOCK);
        active.begin();
        block = active.pool.allocate(BLOCK, "block");
        active.create(block);
        active.publish();
        active.advance();
        reader = active.join(false);
    }

    @AfterEach
    void remove() {
        reader.close();
        active.close();
        directory.close();
    }

    @Test
    void anActiveThatWritesMoreThanMayBeKeptIsLeftAloneWithTheRates() {
        try (CatchUp catchUp = active.catchUp(reader, MOST_BYTES)) {
            String message = assertThrows(ThaException.class, () -> keep(catchUp, MANY)).getMessage();

            assertTrue(message.contains("of the log of at most " + MOST_BYTES), message);
            assertTrue(message.contains("MB/s to its log; this standby copied 0 bytes of state at"), message);
            CopyRates rates = catchUp.rates();
            assertTrue(rates.loggedBytes() >= MOST_BYTES / 2 && rates.loggedBytes() <= 2 * MOST_BYTES, rates::toString);
            assertTrue(rates.loggedPerMicro() > 0, rates::toString);
        }
    }

    @Test
    void whatIsKeptIsRedoneInOrderAndItsMemoryGivenBack() {
        Counter counter = new Counter();
        try (CatchUp catchUp = active.catchUp(reader, MOST_BYTES)) {
            keep(catchUp, MANY / 6);
            catchUp.copied();

            catchUp.redo(counter);

            assertEquals(MANY / 6, counter.updates);
            assertEquals(MANY / 6, counter.transactions);
            assertTrue(catchUp.rates().redoneBytes() > MANY / 6L * BLOCK.sizeBytes(), catchUp.rates()::toString);
        }
    }

    /** It would go on for ever where the active is as fast. */
    @Test
    void anActiveThatIsAsFastAsTheRedoIsLeftAloneInTheEnd() {
        try (CatchUp catchUp = active.catchUp(reader, MOST_BYTES)) {
            keep(catchUp, 1);
            catchUp.copied();
            Counter busy = new Counter() {
                @Override
                public void committed(long transactionId, long endPosition) {
                    publish();
                }
            };

            String message = assertThrows(ThaException.class, () -> catchUp.redo(busy)).getMessage();

            assertTrue(message.contains("in all"), message);
        }
    }

    private void keep(CatchUp catchUp, int transactions) {
        for (int i = 0; i < transactions; i++) {
            publish();
            catchUp.keep();
        }
    }

    private void publish() {
        active.begin();
        active.update(block, 0, BLOCK.sizeBytes(), true);
        active.publish();
        active.advance();
    }

    private static class Counter implements FrameHandler {
        private int updates;
        private int transactions;

        @Override
        public void frame(int type, long address, int lengthBytes) {
            updates++;
        }

        @Override
        public void committed(long transactionId, long endPosition) {
            transactions++;
        }
    }
}
