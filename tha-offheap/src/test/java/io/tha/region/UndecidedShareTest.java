package io.tha.region;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tha.ThaException;
import io.tha.testkit.DomainDirectory;
import io.tha.testkit.Seeds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What is undecided stays in the ring, however much there is of it and however much is committed meanwhile; docs/formats.md 3.3. */
class UndecidedShareTest {
    private static final int CAPACITY = 64 << 10;
    private static final int LAPS = 3_000;

    @AutoClose
    private final DomainDirectory directory = DomainDirectory.create();

    @AutoClose
    private final LogFile log = LogFile.prepare(directory.resolve("undecided.1.log"), new LogConfig(CAPACITY, true));

    @AutoClose
    private final LogWriter writer = new LogWriter(log, new ReaderSlots(log, process -> false), ReaderPolicy.dropAfter(Duration.ZERO));

    private final Random random = Seeds.random();
    private final CommittedModel model = new CommittedModel();
    private final List<SeededFrame> flushed = new ArrayList<>();

    private OpenTransaction flush(long id, OpenTransaction earlier) {
        writer.begin(id, false);
        SeededFrame frame = SeededFrame.random(random, 200);
        frame.appendTo(writer);
        OpenTransaction open;
        try {
            open = writer.publishEarly(earlier, false);
        } catch (ThaException e) {
            writer.cancel();
            throw e;
        }
        flushed.add(frame);
        return open;
    }

    private OpenTransaction flushUntilRefused(long id) {
        OpenTransaction open = flush(id, null);
        ThaException refused = null;
        while (refused == null) {
            try {
                flush(id, open);
            } catch (ThaException e) {
                refused = e;
            }
            assertTrue(flushed.size() < CAPACITY, "never refused");
        }
        assertTrue(refused.getMessage().contains("flush less often"), refused.getMessage());
        return open;
    }

    private void intendUntilRefused(long id, OpenTransaction open) {
        byte[] bytes = new byte[1_000];
        assertThrows(ThaException.class, () -> {
            while (true) {
                writer.publishIntent(id, open, bytes, 0, bytes.length);
            }
        });
    }

    /** Half of them fill their share of the ring to the last frame, which may be as long as one in the ring can be. */
    private void commit(long id) {
        writer.begin(id, true);
        List<SeededFrame> frames = new ArrayList<>();
        int left = random.nextBoolean() ? CAPACITY / 4 : random.nextInt(4_000);
        while (left > CAPACITY / 8) {
            frames.add(SeededFrame.random(random, 1_000));
            left -= frames.get(frames.size() - 1).lengthBytes();
        }
        frames.add(new SeededFrame(random.nextLong(), Math.max(SeededFrame.LEAST_LENGTH, left) & -Long.BYTES));
        frames.forEach(frame -> frame.appendTo(writer));
        model.add(id, frames, writer.publishCommit(null));
        writer.decided();
    }

    @Test
    void joinersFindAllThatIsUndecidedHoweverMuchIsCommittedMeanwhile() {
        OpenTransaction open = flushUntilRefused(1);
        intendUntilRefused(1, open);
        long id = 2;
        while (writer.tail() < (long) LAPS * CAPACITY) {
            commit(id++);
            long oldest = log.oldestUndecidedAcquire();
            assertTrue(log.isReadable(oldest), () -> "position " + oldest + " is given up, the tail is at " + writer.tail());
        }

        writer.begin(1, true);
        long start = log.oldestUndecidedAcquire();
        long applied = writer.tail();
        model.add(1, flushed, writer.publishCommit(open));

        try (CheckedReader joiner = new CheckedReader(log, model, start, applied)) {
            assertEquals(0, joiner.drain());
            assertEquals(model.size(), joiner.delivered());
        }
    }

    @Test
    void aRefusedFlushIsInTheCommit() {
        OpenTransaction open = flushUntilRefused(1);
        SeededFrame last = SeededFrame.random(random, 200);

        writer.begin(1, true);
        last.appendTo(writer);
        flushed.add(last);
        model.add(1, flushed, writer.publishCommit(open));
        writer.decided();

        try (CheckedReader reader = new CheckedReader(log, model, 0, 0)) {
            assertEquals(0, reader.drain());
            assertEquals(1, reader.delivered());
        }
        flush(2, null);
    }
}
