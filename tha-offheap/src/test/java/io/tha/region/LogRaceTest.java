package io.tha.region;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tha.memory.Memory;
import io.tha.testkit.DomainDirectory;
import java.time.Duration;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A writer at full speed without patience, and a reader in another thread that is dropped again and again. */
class LogRaceTest {
    private static final int CAPACITY = 64 << 10;
    private static final int COMMITS = 100_000;

    private DomainDirectory directory;
    private LogFile log;

    @BeforeEach
    void create() {
        directory = DomainDirectory.create();
    }

    @AfterEach
    void close() {
        log.close();
        directory.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aReaderThatIsTooSlowIsToldSoAndNeverToldThatWrongContentIsCommitted(boolean checksums) throws Exception {
        log = LogFile.prepare(directory.resolve("prepared"), new LogConfig(CAPACITY, checksums));
        log.name(directory.resolve("race.1.log"), 1, "race.1.image");
        Follower follower = new Follower();
        FutureTask<Void> following = new FutureTask<>(follower::run, null);
        Thread thread = new Thread(following, "follower");
        thread.start();

        try (LogWriter writer = new LogWriter(log, new ReaderSlots(log, process -> false), ReaderPolicy.dropAfter(Duration.ZERO))) {
            for (int id = 1; id <= COMMITS; id++) {
                writer.begin(id, true);
                for (int i = 0; i < frames(id); i++) {
                    frame(id, i).appendTo(writer);
                }
                writer.publishCommit(null);
            }
        }
        TailSealer.seal(log);

        following.get();
        thread.join();
    }

    private static int frames(long id) {
        return id % 500 == 0 ? 60 : (int) (id % 5);
    }

    private static SeededFrame frame(long id, int index) {
        boolean overflows = id % 1_000 == 1;
        return new SeededFrame(id * 100 + index, overflows ? CAPACITY / 4 : SeededFrame.LEAST_LENGTH + (int) (id * 7 + index * 13L) % 600);
    }

    /** Knows from a transaction's id what it must hold. */
    private final class Follower implements FrameHandler {
        private static final int MOST_FRAMES = 64;

        private final int[] lengths = new int[MOST_FRAMES];
        private final long[] copies = new long[MOST_FRAMES];
        private int frames;
        private long lastId;

        void run() {
            for (int i = 0; i < MOST_FRAMES; i++) {
                copies[i] = Memory.allocate(CAPACITY);
            }
            int result = 0;
            while (result != LogReader.ENDED) {
                try (LogReader reader = LogReader.join(log, new ReaderSlots(log, process -> false), 1, log::checkedTail)) {
                    do {
                        frames = 0;
                        result = reader.poll(this);
                    } while (result >= 0);
                }
            }
            for (long copy : copies) {
                Memory.free(copy);
            }
        }

        @Override
        public void frame(int type, long address, int lengthBytes) {
            // Judged only when the transaction is said to be committed: what was overwritten meanwhile counts for nothing.
            if (frames < MOST_FRAMES) {
                lengths[frames] = type == FrameType.UPDATE ? lengthBytes : -1;
                Memory.copy(address, copies[frames], lengthBytes);
            }
            frames++;
        }

        @Override
        public void committed(long id, long endPosition) {
            assertTrue(id > lastId && id <= COMMITS, "transaction " + id + " after " + lastId);
            assertEquals(LogRaceTest.frames(id), frames, "frames of transaction " + id);
            for (int i = 0; i < frames; i++) {
                assertNull(LogRaceTest.frame(id, i).difference(FrameType.UPDATE, copies[i], lengths[i]));
            }
            lastId = id;
            frames = 0;
        }
    }
}
