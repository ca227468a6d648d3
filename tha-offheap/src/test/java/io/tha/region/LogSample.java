package io.tha.region;

import io.tha.memory.Memory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A small log with transactions of every kind, and what a reader makes of it. */
final class LogSample {
    static final int CAPACITY = 64 << 10;
    static final String LOG = "sample.1.log";
    static final String SEGMENT = "sample.1.0.overflow";

    /** More than any log of this size can need. */
    private static final int MOST_POLLS = 100_000;

    /** What was delivered, and how it ended: what the last poll returned. */
    record Reading(List<List<String>> transactions, int result) {}

    private LogSample() {}

    /** Writes the log; the position behind its last frame. */
    static long write(Path directory, boolean checksums) {
        LogFile log = LogFile.prepare(directory.resolve("prepared"), new LogConfig(CAPACITY, checksums));
        log.name(directory.resolve(LOG), 1, "sample.1.image");
        ReaderSlots readers = new ReaderSlots(log, process -> false);
        // Somebody who has read nothing keeps the overflow segments.
        try (log; LogReader keeper = LogReader.join(log, readers, 1, () -> 0); LogWriter writer =
                        new LogWriter(log, readers, ReaderPolicy.dropAfter(Duration.ZERO))) {
            commit(writer, 1, true, null, 40, 100, 41);
            OpenTransaction flushed = flush(writer, 2, 60, 80);
            OpenTransaction aborted = flush(writer, 3, 50);
            commit(writer, 4, true, null);
            commit(writer, 2, true, flushed, 90);
            writer.publishAbort(aborted);
            commit(writer, 5, false, null, 64);
            commit(writer, 6, true, null, 72, 48);
            return writer.tail() - keeper.position();
        }
    }

    private static void commit(LogWriter writer, long id, boolean atOnce, OpenTransaction earlier, int... lengths) {
        append(writer, id, atOnce, lengths);
        writer.publishCommit(earlier);
        writer.decided();
    }

    private static OpenTransaction flush(LogWriter writer, long id, int... lengths) {
        append(writer, id, false, lengths);
        return writer.publishEarly(null, false);
    }

    private static void append(LogWriter writer, long id, boolean atOnce, int... lengths) {
        writer.begin(id, atOnce);
        for (int length : lengths) {
            new SeededFrame(id * 1_000 + length, length).appendTo(writer);
        }
    }

    /** Opens the log and reads all of it, as a standby does. */
    static Reading read(Path path) {
        try (LogFile log = LogFile.open(path)) {
            log.imageName();
            try (LogReader reader = LogReader.join(log, new ReaderSlots(log, process -> false), 1, () -> redoStart(log))) {
                Recorder recorder = new Recorder();
                int result = reader.poll(recorder);
                for (int polls = 0; result > 0; polls++) {
                    if (polls > MOST_POLLS) {
                        throw new AssertionError("the reader never comes to an end, it is at " + reader.position());
                    }
                    result = reader.poll(recorder);
                }
                return new Reading(recorder.transactions, result);
            }
        }
    }

    /** With an image that has nothing. */
    private static long redoStart(LogFile log) {
        long oldest = log.oldestUndecidedAcquire();
        return oldest == LogDescriptor.NOTHING_UNDECIDED ? 0 : Math.min(0, oldest);
    }

    /** Keeps frames as text; a transaction counts when it is committed. */
    private static final class Recorder implements FrameHandler {
        private final List<List<String>> transactions = new ArrayList<>();
        private List<String> frames = new ArrayList<>();

        @Override
        public void frame(int type, long address, int lengthBytes) {
            StringBuilder text = new StringBuilder().append(type).append(':');
            for (int at = FrameDescriptor.HEADER_LENGTH; at < lengthBytes; at++) {
                text.append(Character.forDigit(Memory.getByte(address + at) >> 4 & 0xF, 16))
                        .append(Character.forDigit(Memory.getByte(address + at) & 0xF, 16));
            }
            frames.add(text.toString());
        }

        @Override
        public void committed(long transactionId, long endPosition) {
            frames.add(0, transactionId + "@" + endPosition);
            transactions.add(frames);
            frames = new ArrayList<>();
        }
    }
}
