package io.tha.torture.coordinated;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file of what is told of transactions, to which any process appends and which outlives it.
 *
 * <p>Threads: one reads; any append.
 */
final class Inbox implements AutoCloseable {
    private static final int ENTRY_LENGTH = 3 * Long.BYTES;

    private final FileChannel appends;
    private final FileChannel reads;
    private long position;

    /**
     * What was appended at once.
     *
     * @param id of a transaction
     * @param amount that is added by it, or another number that says something of it
     * @param participants the applications that take part, a bit for each
     */
    record Entry(long id, long amount, long participants) {}

    Inbox(Path file) {
        try {
            appends = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            reads = FileChannel.open(file, StandardOpenOption.READ);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void add(Entry entry) {
        try {
            appends.write(ByteBuffer.allocate(ENTRY_LENGTH).putLong(entry.id).putLong(entry.amount).putLong(entry.participants).flip());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Passes over all that is there. */
    void skip() {
        try {
            position = reads.size() / ENTRY_LENGTH * ENTRY_LENGTH;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The next one, or null. */
    Entry next() {
        ByteBuffer entry = ByteBuffer.allocate(ENTRY_LENGTH);
        try {
            if (reads.read(entry, position) < ENTRY_LENGTH) {
                return null;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        position += ENTRY_LENGTH;
        return new Entry(entry.getLong(0), entry.getLong(Long.BYTES), entry.getLong(2 * Long.BYTES));
    }

    @Override
    public void close() {
        try {
            appends.close();
            reads.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
