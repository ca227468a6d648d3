package io.tha.standby;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * What a service has told the world: numbers of transactions in a file, which outlive it. One file for each process.
 *
 * <p>Threads: one writes; another process reads.
 */
final class LedgerMarks implements AutoCloseable {
    private static final int STARTED_OFFSET = 0;
    private static final int COMMITTING_OFFSET = STARTED_OFFSET + Long.BYTES;
    private static final int ACKNOWLEDGED_OFFSET = COMMITTING_OFFSET + Long.BYTES;

    private final FileChannel channel;
    private final ByteBuffer word = ByteBuffer.allocateDirect(Long.BYTES);

    LedgerMarks(Path file) {
        try {
            channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Before anything of the transaction is done. */
    void started(long k) {
        write(STARTED_OFFSET, k);
    }

    /** Right before commit is called. */
    void committing(long k) {
        write(COMMITTING_OFFSET, k);
    }

    /** After commit has returned. */
    void acknowledged(long k) {
        write(ACKNOWLEDGED_OFFSET, k);
    }

    long started() {
        return read(STARTED_OFFSET);
    }

    long committing() {
        return read(COMMITTING_OFFSET);
    }

    long acknowledged() {
        return read(ACKNOWLEDGED_OFFSET);
    }

    private void write(int offset, long value) {
        try {
            channel.write(word.clear().putLong(0, value), offset);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private long read(int offset) {
        try {
            return channel.read(word.clear(), offset) == Long.BYTES ? word.getLong(0) : 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
