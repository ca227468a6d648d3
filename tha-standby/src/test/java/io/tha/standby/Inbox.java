package io.tha.standby;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * A file of ids with amounts, to which any process appends and which outlives it.
 *
 * <p>Threads: one reads; any append.
 */
final class Inbox implements AutoCloseable {
    private static final int ENTRY_LENGTH = 2 * Long.BYTES;

    private final FileChannel appends;
    private final FileChannel reads;
    private long position;

    /** What was appended at once. */
    record Entry(long id, long amount) {}

    Inbox(Path file) {
        try {
            appends = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            reads = FileChannel.open(file, StandardOpenOption.READ);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void add(long id, long amount) {
        try {
            appends.write(ByteBuffer.allocate(ENTRY_LENGTH).putLong(id).putLong(amount).flip());
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
        return new Entry(entry.getLong(0), entry.getLong(Long.BYTES));
    }

    List<Entry> all() {
        List<Entry> all = new ArrayList<>();
        for (Entry entry = next(); entry != null; entry = next()) {
            all.add(entry);
        }
        return all;
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
