package io.tha.region;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tha.Intent;
import io.tha.StandbyBehindException;
import io.tha.ThaException;
import io.tha.testkit.DomainDirectory;
import io.tha.testkit.Seeds;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Random operations on a log with a prompt and a slow reader, against plain lists. */
class LogModelTest {
    private static final int STEPS = 100_000;
    private static final int CAPACITY = 64 << 10;
    private static final int MOST_OPEN = 5;

    private DomainDirectory directory;
    private LogFile log;
    private LogWriter writer;
    private CommittedModel model;
    private CheckedReader prompt;
    private CheckedReader slow;
    private long droppedBeforeSlow;
    private boolean slowBeganLate;
    private long lastId;
    private final List<Undecided> open = new ArrayList<>();
    private final RedoStart[] redoStarts = new RedoStart[20];
    private final int[] seen = new int[7];
    private boolean rejects;
    private int refused;
    private final IntentModel intents = new IntentModel();

    /** A transaction that has published frames. */
    private record Undecided(long id, OpenTransaction transaction, List<SeededFrame> frames) {}

    /** Where a reader may begin with an image that has everything up to a position. */
    private record RedoStart(long start, long applied) {}

    @BeforeEach
    void create() {
        directory = DomainDirectory.create();
        model = new CommittedModel();
    }

    private void begin(boolean checksums, boolean rejecting) {
        rejects = rejecting;
        log = LogFile.prepare(directory.resolve("prepared"), new LogConfig(CAPACITY, checksums));
        log.name(directory.resolve("model.1.log"), 1, "model.1.image");
        // No patience at all: the reader that stands in the way is dropped at once, or the publication refused.
        writer = new LogWriter(log, new ReaderSlots(log, process -> false), new ReaderPolicy(0, rejects));
    }

    @AfterEach
    void close() {
        Stream.of(prompt, slow).forEach(CheckedReader::close);
        writer.close();
        log.close();
        directory.close();
    }

    @ParameterizedTest
    @CsvSource({"true, false", "false, false", "true, true", "false, true"})
    void readersSeeExactlyTheCommittedTransactions(boolean checksums, boolean rejecting) {
        begin(checksums, rejecting);
        Random random = Seeds.random();
        prompt = join(redoStart());
        slow = join(redoStart());
        lastId = intents.inherit(writer, random);

        for (int step = 0; step < STEPS; step++) {
            step(random);
            redoStarts[random.nextInt(redoStarts.length)] = redoStart();
        }

        drainBoth();
        intents.acknowledgeAll(writer, ++lastId);
        model.add(lastId, List.of(), writer.publishCommit(null));
        writer.decided();
        while (!open.isEmpty()) {
            abort(random);
        }
        drainBoth();
        assertEquals(model.size(), prompt.delivered());
        writer.begin(++lastId, true);
        writer.cancel();
        assertTrue(overflowFiles().size() <= 1, () -> "but for the segment that the next ones may share: " + overflowFiles());
        assertEquals(0, intents.undecided().size());
        assertEquals(LogDescriptor.NOTHING_UNDECIDED, log.oldestUndecidedAcquire());
        assertTrue(rejects || writer.droppedReaders() > 0, "nobody was dropped");
        assertEquals(rejects, refused > 0, () -> refused + " publications were refused");
        assertTrue(Arrays.stream(seen).allMatch(count -> count > 0), () -> "the run has not met everything: " + Arrays.toString(seen));
    }

    private void step(Random random) {
        if (writer.tail() - prompt.position() > CAPACITY / 4) {
            assertEquals(0, prompt.drain());
        }
        try {
            act(random);
        } catch (StandbyBehindException e) {
            // As the service would: it aborts, or tries again later.
            refused++;
            if (random.nextBoolean()) {
                abort(random);
            }
        }
    }

    private void act(Random random) {
        int action = random.nextInt(1_000);
        if (action < 700) {
            commit(random);
        } else if (action < 715) {
            flush(random);
        } else if (action < 720) {
            publishIntent(random);
        } else if (action < 735) {
            commitOpen(random);
        } else if (action < 740) {
            abort(random);
        } else if (action < 800) {
            cancel(random);
        } else if (action < 900) {
            assertEquals(0, prompt.drain());
            assertIntents(prompt);
        } else if (action < 980) {
            poll(random);
        } else if (action < 990) {
            prompt.close();
            prompt = join(redoStart());
        } else {
            replaceSlow(random);
        }
    }

    private void commit(Random random) {
        long id = ++lastId;
        List<SeededFrame> frames = frames(random);
        writer.begin(id, random.nextInt(20) > 0);
        frames.forEach(frame -> frame.appendTo(writer));
        List<Intent> acknowledged = random.nextInt(1_000) == 0 ? intents.someInherited(random) : List.of();
        acknowledged.forEach(intent -> writer.reserve(intent, id));
        long end;
        try {
            writer.acknowledge(acknowledged);
            end = writer.publishCommit(null);
        } catch (StandbyBehindException e) {
            writer.unreserve(acknowledged);
            throw e;
        }
        model.add(id, frames, end);
        intents.acknowledged(acknowledged);
        seen[4] += acknowledged.size();
        writer.decided();
    }

    private void publishIntent(Random random) {
        Undecided earlier = open.isEmpty() || open.size() < MOST_OPEN && random.nextBoolean() ? null : any(random);
        long id = earlier == null ? ++lastId : earlier.id;
        byte[] bytes = new byte[random.nextInt(random.nextInt(10) == 0 ? CAPACITY : 200)];
        random.nextBytes(bytes);
        try {
            OpenTransaction transaction = writer.publishIntent(id, earlier == null ? null : earlier.transaction, bytes, 0, bytes.length);
            intents.published(id, bytes);
            if (earlier == null) {
                open.add(new Undecided(id, transaction, new ArrayList<>()));
            }
            seen[5]++;
        } catch (StandbyBehindException e) {
            throw e;
        } catch (ThaException e) {
            assertTrue(intents.frameBytes() + bytes.length > CAPACITY / 16 - 64, e.getMessage());
            seen[6]++;
        }
    }

    private void assertIntents(CheckedReader drained) {
        assertEquals(intents.undecided(), IntentModel.described(drained.intents()));
    }

    private void flush(Random random) {
        Undecided earlier = open.isEmpty() || open.size() < MOST_OPEN && random.nextBoolean() ? null : any(random);
        List<SeededFrame> frames = frames(random);
        long id = earlier == null ? ++lastId : earlier.id;
        writer.begin(id, false);
        frames.forEach(frame -> frame.appendTo(writer));
        OpenTransaction transaction = writer.publishEarly(earlier == null ? null : earlier.transaction, false);
        if (earlier == null) {
            open.add(new Undecided(id, transaction, new ArrayList<>(frames)));
        } else {
            earlier.frames.addAll(frames);
        }
        seen[0]++;
    }

    private void commitOpen(Random random) {
        if (!open.isEmpty()) {
            Undecided undecided = any(random);
            List<SeededFrame> frames = frames(random);
            writer.begin(undecided.id, random.nextBoolean());
            frames.forEach(frame -> frame.appendTo(writer));
            long end = writer.publishCommit(undecided.transaction);
            undecided.frames.addAll(frames);
            model.add(undecided.id, undecided.frames, end);
            writer.decided();
            open.remove(undecided);
            intents.decided(undecided.id);
            seen[1]++;
        }
    }

    private void abort(Random random) {
        if (!open.isEmpty()) {
            Undecided undecided = any(random);
            writer.publishAbort(undecided.transaction);
            open.remove(undecided);
            intents.decided(undecided.id);
            seen[2]++;
        }
    }

    private void cancel(Random random) {
        writer.begin(++lastId, random.nextInt(10) > 0);
        frames(random).forEach(frame -> frame.appendTo(writer));
        writer.cancel();
    }

    private void poll(Random random) {
        long droppedBefore = writer.droppedReaders();
        int result = random.nextBoolean() ? slow.poll() : slow.drain();
        if (result == LogReader.LAGGED) {
            assertTrue(droppedBefore > droppedBeforeSlow || slowBeganLate, "a reader lagged that nobody had dropped");
            seen[3]++;
            replaceSlow(redoStart());
        } else if (result == 0) {
            assertIntents(slow);
        }
    }

    /** Begins at the redo start, or at an earlier one, behind which overflow segments may be gone. */
    private void replaceSlow(Random random) {
        RedoStart recorded = redoStarts[random.nextInt(redoStarts.length)];
        replaceSlow(recorded != null && log.isReadable(recorded.start) ? recorded : redoStart());
    }

    private void replaceSlow(RedoStart redo) {
        slow.close();
        slow = join(redo);
        droppedBeforeSlow = writer.droppedReaders();
        slowBeganLate = redo.start < redoStart().start;
    }

    private CheckedReader join(RedoStart redo) {
        CheckedReader reader = new CheckedReader(log, model, redo.start, redo.applied);
        if (rejects) {
            // Who joins is dropped all the same.
            reader.follows();
        }
        return reader;
    }

    /** As a joiner computes it, with an image that has everything. */
    private RedoStart redoStart() {
        long oldest = log.oldestUndecidedAcquire();
        return new RedoStart(oldest == LogDescriptor.NOTHING_UNDECIDED ? writer.tail() : Math.min(writer.tail(), oldest), writer.tail());
    }

    private void drainBoth() {
        assertEquals(0, prompt.drain());
        if (slow.drain() == LogReader.LAGGED) {
            replaceSlow(redoStart());
            assertEquals(0, slow.drain());
        }
        assertEquals(model.size(), slow.delivered());
        assertIntents(prompt);
        assertIntents(slow);
    }

    private Undecided any(Random random) {
        return open.get(random.nextInt(open.size()));
    }

    /** Mostly few and short ones, at times hundreds, at times three rings. */
    private static List<SeededFrame> frames(Random random) {
        int kind = random.nextInt(1_000);
        int count = kind < 950 ? random.nextInt(6) : kind < 990 ? random.nextInt(60) : kind < 998 ? random.nextInt(600) : 1 + random.nextInt(8);
        int mostBytes = kind < 998 ? 400 : 3 * CAPACITY / count;
        List<SeededFrame> frames = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            frames.add(SeededFrame.random(random, mostBytes));
        }
        return frames;
    }

    private List<String> overflowFiles() {
        try (Stream<java.nio.file.Path> files = Files.list(directory.path())) {
            return files.map(file -> file.getFileName().toString()).filter(name -> name.endsWith(".overflow")).toList();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
