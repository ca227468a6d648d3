package io.tha.region;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tha.CorruptRegionException;
import io.tha.memory.Memory;
import io.tha.testkit.DomainDirectory;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** A reader that was dropped while it used a transaction finds nonsense in its frames: that is no damage, whatever its handler makes of it. */
class DroppedReaderTest {
    private static final int CAPACITY = 64 << 10;
    private static final int FRAME_LENGTH = 1_024;

    @AutoClose
    private final DomainDirectory directory = DomainDirectory.create();

    private final LogFile log = LogFile.prepare(directory.resolve("dropped.prepared"), new LogConfig(CAPACITY, true));
    private final ReaderSlots readers = new ReaderSlots(log, process -> false);
    @AutoClose
    private final LogWriter writer = new LogWriter(log, readers, ReaderPolicy.dropAfter(Duration.ZERO));
    @AutoClose
    private final LogReader reader = LogReader.join(log, readers, 1, () -> 0);

    private long id;

    private void publish() {
        writer.begin(++id, true);
        long frame = writer.append(FrameType.DELETE, FRAME_LENGTH);
        Memory.zero(frame + FrameDescriptor.HEADER_LENGTH, FRAME_LENGTH - FrameDescriptor.HEADER_LENGTH);
        writer.seal();
        writer.publishCommit(null);
    }

    /** Fails as a copy does that is given what is no frame of its transaction. */
    private FrameHandler failing(Runnable before) {
        return new FrameHandler() {
            @Override
            public void frame(int type, long address, int lengthBytes) {
                before.run();
                throw new CorruptRegionException("DELETE of an object that is not there");
            }

            @Override
            public void committed(long transactionId, long endPosition) {
                throw new IllegalStateException("its frames were not there");
            }
        };
    }

    @Test
    void whatFailsWhileTheWriterOverwritesItHasLagged() {
        publish();

        int result = reader.poll(failing(() -> {
            for (int i = 0; i < 2 * CAPACITY / FRAME_LENGTH; i++) {
                publish();
            }
        }));

        assertEquals(LogReader.LAGGED, result);
    }

    @Test
    void whatFailsWithoutThatIsDamaged() {
        publish();

        assertThrows(CorruptRegionException.class, () -> reader.poll(failing(() -> {})));
    }
}
