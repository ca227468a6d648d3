package io.tha.torture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;

/**
 * Holds the logs of epochs open, and sees that nothing that counts is changed in one when a later epoch is served, whoever resumes: the offsets are
 * those of docs/formats.md 3.1, not taken from the engine.
 *
 * <p>Threads: one.
 */
final class SealedLogs implements AutoCloseable {
    private static final int CAPACITY_OFFSET = 16;
    private static final int TAIL_OFFSET = 4096;
    private static final int CLAIMED_OFFSET = 4224;
    private static final int RING_OFFSET = 20480;
    private static final int SEALED = 1;
    private static final int KEPT = 32;

    private final Path domain;
    private final TreeMap<Long, Log> logs = new TreeMap<>();

    SealedLogs(Path domain) {
        this.domain = domain;
    }

    /** A log; what it looked like when it was found sealed first, or null. */
    private static final class Log {
        final FileChannel channel;
        String sealed;

        Log(FileChannel channel) {
            this.channel = channel;
        }
    }

    /** An epoch is served: its log is held, those before must be sealed. */
    void serves(long epoch) {
        try {
            logs.put(epoch, new Log(FileChannel.open(domain.resolve(TortureNode.APPLICATION + "." + epoch + ".log"), StandardOpenOption.READ)));
        } catch (NoSuchFileException e) {
            // A later one serves already, and has removed it.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        check(epoch);
        while (logs.size() > KEPT) {
            close(logs.pollFirstEntry().getValue());
        }
    }

    /** Looks at those before the last one again. */
    void check() {
        if (!logs.isEmpty()) {
            check(logs.lastKey());
        }
    }

    private void check(long servedEpoch) {
        for (Map.Entry<Long, Log> entry : logs.headMap(servedEpoch).entrySet()) {
            Log log = entry.getValue();
            String now = describe(entry.getKey(), log.channel);
            if (log.sealed != null && !log.sealed.equals(now)) {
                throw new TortureException(Failure.UNSEALED,
                        "the log of epoch " + entry.getKey() + ", sealed, was changed: from " + log.sealed + " to " + now);
            }
            log.sealed = now;
        }
    }

    private static String describe(long epoch, FileChannel channel) {
        try {
            long tail = word(channel, TAIL_OFFSET);
            long claimed = word(channel, CLAIMED_OFFSET);
            if ((tail & SEALED) == 0 || (claimed & SEALED) == 0) {
                throw new TortureException(Failure.UNSEALED, "the log of epoch " + epoch + " is not sealed although a later epoch is served: tail "
                        + tail + ", claimed " + claimed);
            }
            int capacity = (int) word(channel, CAPACITY_OFFSET);
            ByteBuffer ring = ByteBuffer.allocate(capacity);
            channel.read(ring, RING_OFFSET);
            long from = Math.max(0, (claimed & ~SEALED) - capacity);
            CRC32 crc = new CRC32();
            for (long at = from; at < (tail & ~SEALED); at += Long.BYTES) {
                crc.update(ring.array(), (int) (at & capacity - 1), Long.BYTES);
            }
            return "tail " + tail + ", claimed " + claimed + ", readable bytes with CRC " + crc.getValue();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long word(FileChannel channel, long offset) throws IOException {
        ByteBuffer word = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        channel.read(word, offset);
        return word.getLong(0);
    }

    private static void close(Log log) {
        try {
            log.channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        logs.values().forEach(SealedLogs::close);
        logs.clear();
    }
}
