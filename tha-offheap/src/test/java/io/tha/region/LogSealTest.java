package io.tha.region;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tha.FencedException;
import io.tha.testkit.DomainDirectory;
import io.tha.testkit.Seeds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A sealed log is at its end for ever. */
class LogSealTest {
    private static final int CAPACITY = 64 << 10;
    private static final int ROUNDS = 2_000;
    private static final int MOST_COMMITS = 300;

    private DomainDirectory directory;
    private LogFile log;
    private LogWriter writer;
    private CommittedModel model;

    @BeforeEach
    void create() {
        directory = DomainDirectory.create();
        createLog();
    }

    private void createLog() {
        log = LogFile.prepare(directory.resolve("prepared"), new LogConfig(CAPACITY, true));
        log.name(directory.resolve("seal.1.log"), 1, "seal.1.image");
        writer = new LogWriter(log, new ReaderSlots(log, process -> false), new ReaderPolicy(Long.MAX_VALUE, false));
        model = new CommittedModel();
    }

    @AfterEach
    void close() {
        closeLog();
        directory.close();
    }

    private void closeLog() {
        writer.close();
        log.close();
    }

    @Test
    void aCommitAfterTheSealThrowsAndShowsNothing() {
        commit(1, List.of(new SeededFrame(1, 100)));
        long sealed = TailSealer.seal(log);
        CheckedReader reader = new CheckedReader(log, model, 0, 0);

        assertThrows(FencedException.class, () -> commit(2, List.of(new SeededFrame(2, 100))));

        assertEquals(LogReader.ENDED, reader.drain());
        assertEquals(1, reader.delivered());
        assertEquals(sealed, reader.position());
        assertEquals(sealed, log.checkedTail());
        reader.close();
    }

    @Test
    void nothingElseIsPublishedAfterTheSealEither() {
        writer.begin(1, false);
        new SeededFrame(1, 100).appendTo(writer);
        OpenTransaction open = writer.publishEarly(null, false);
        long sealed = TailSealer.seal(log);

        assertThrows(FencedException.class, () -> writer.publishAbort(open));
        assertThrows(FencedException.class, () -> {
            writer.begin(2, false);
            new SeededFrame(2, 100).appendTo(writer);
            writer.publishEarly(null, false);
        });

        assertEquals(sealed, log.checkedTail());
        CheckedReader reader = new CheckedReader(log, model, 0, 0);
        assertEquals(LogReader.ENDED, reader.drain());
        reader.close();
    }

    @Test
    void aFencedCommitLeavesNoOverflowSegment() throws IOException {
        TailSealer.seal(log);

        assertThrows(FencedException.class, () -> commit(1, List.of(new SeededFrame(1, CAPACITY))));

        try (Stream<Path> files = Files.list(directory.path())) {
            assertEquals(List.of(log.path()), files.toList());
        }
    }

    @Test
    void aWriterThatNeedsMoreRoomLearnsOfTheSeal() {
        TailSealer.seal(log);
        List<SeededFrame> frames = Stream.generate(() -> new SeededFrame(1, 1_000)).limit(CAPACITY / 8 / 1_000).toList();

        assertThrows(FencedException.class, () -> commit(1, frames));
    }

    @Test
    void aWriterThatIsOpenedOverASealedLogIsFenced() {
        commit(1, List.of());
        TailSealer.seal(log);
        writer = new LogWriter(log, new ReaderSlots(log, process -> false), new ReaderPolicy(Long.MAX_VALUE, false));

        assertThrows(FencedException.class, () -> commit(2, List.of()));
    }

    @Test
    void sealingTwiceIsHarmless() {
        commit(1, List.of(new SeededFrame(1, 100)));

        long first = TailSealer.seal(log);
        long second = TailSealer.seal(log);

        assertEquals(writer.tail(), first);
        assertEquals(first, second);
    }

    @Test
    void anEmptyLogEndsAtItsBeginning() {
        assertEquals(0, TailSealer.seal(log));
        CheckedReader reader = new CheckedReader(log, model, 0, 0);

        assertEquals(LogReader.ENDED, reader.drain());
        reader.close();
    }

    @Test
    void whateverASealerRacesWithASuccessfulCommitIsDeliveredAndAFailedOneIsNot() throws Exception {
        Random random = Seeds.random();
        int cutShort = 0;

        for (int round = 0; round < ROUNDS; round++) {
            closeLog();
            createLog();
            cutShort += race(random.nextInt(MOST_COMMITS), new Random(random.nextLong())) ? 1 : 0;
        }

        assertTrue(cutShort > 0, "no seal has met a writer in " + ROUNDS + " rounds");
    }

    /** Seals when the log has a length; whether that has cut the writer short. */
    private boolean race(int commitsBeforeSeal, Random random) throws Exception {
        CheckedReader reader = new CheckedReader(log, model, 0, 0);
        CountDownLatch near = new CountDownLatch(1);
        FutureTask<Long> sealer = new FutureTask<>(() -> {
            near.await();
            return TailSealer.seal(log);
        });
        Thread thread = new Thread(sealer, "sealer");
        thread.start();
        boolean fenced = false;

        for (int id = 1; id <= MOST_COMMITS && !fenced; id++) {
            if (id > commitsBeforeSeal) {
                near.countDown();
            }
            if (writer.tail() - reader.position() > CAPACITY / 2) {
                reader.drain();
            }
            fenced = !commits(id, Stream.generate(() -> SeededFrame.random(random, 300)).limit(id % 4).toList());
        }

        long sealed = sealer.get();
        thread.join();
        assertEquals(LogReader.ENDED, reader.drain());
        assertEquals(model.size(), reader.delivered());
        assertEquals(sealed, reader.position());
        reader.close();
        return fenced;
    }

    private boolean commits(int id, List<SeededFrame> frames) {
        try {
            commit(id, frames);
            return true;
        } catch (FencedException expected) {
            return false;
        }
    }

    private void commit(long id, List<SeededFrame> frames) {
        writer.begin(id, true);
        frames.forEach(frame -> frame.appendTo(writer));
        model.add(id, frames, writer.publishCommit(null));
        writer.decided();
    }
}
