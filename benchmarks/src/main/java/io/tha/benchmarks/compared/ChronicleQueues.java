package io.tha.benchmarks.compared;

import java.nio.file.Path;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.wire.DocumentContext;

/** Messages written by hand as excerpts of a Chronicle Queue, whose files are in memory as those of the others are. */
final class ChronicleQueues {
    private ChronicleQueues() {}

    private static ChronicleQueue queue(Path directory) {
        return ChronicleQueue.singleBuilder(directory.resolve("queue")).build();
    }

    /** Appends. */
    static final class QueueActive implements Active {
        private final ChronicleQueue queue;
        private final ExcerptAppender appender;
        private final FlatState state;
        private final Changes changes;
        private final int number;

        QueueActive(Load load, Path directory) {
            queue = queue(directory);
            appender = queue.createAppender();
            state = new FlatState(load.objects());
            changes = new Changes(load);
            number = load.changes();
        }

        @Override
        public void transact(long value) {
            try (DocumentContext document = appender.writingDocument()) {
                Bytes<?> bytes = document.wire().bytes();
                for (int i = 0; i < number; i++) {
                    int object = changes.nextObject();
                    state.set(object, value);
                    bytes.writeInt(object);
                    bytes.writeLong(value);
                }
            }
        }

        @Override
        public void close() {
            queue.close();
        }
    }

    /** Tails. */
    static final class QueueStandby implements Standby {
        private final ChronicleQueue queue;
        private final ExcerptTailer tailer;
        private final FlatState state;

        QueueStandby(Load load, Path directory) {
            queue = queue(directory);
            tailer = queue.createTailer();
            state = new FlatState(load.objects());
        }

        @Override
        public int poll(int most) {
            int applied = 0;
            while (applied < most && applyNext()) {
                applied++;
            }
            return applied;
        }

        private boolean applyNext() {
            try (DocumentContext document = tailer.readingDocument()) {
                if (!document.isPresent()) {
                    return false;
                }
                Bytes<?> bytes = document.wire().bytes();
                while (bytes.readRemaining() > 0) {
                    state.set(bytes.readInt(), bytes.readLong());
                }
                return true;
            }
        }

        @Override
        public long value(int object) {
            return state.get(object);
        }

        @Override
        public void close() {
            queue.close();
        }
    }
}
