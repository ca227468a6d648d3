package io.tha.torture;

import io.tha.torture.Journal.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Reads a journal while it is written, and makes {@link Reign}s of it.
 *
 * <p>Threads: one.
 */
final class JournalReader implements AutoCloseable {
    private static final int CHUNK_LENGTH = 1 << 12;

    private final Path file;
    private final int node;
    private final ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK_LENGTH).order(ByteOrder.nativeOrder());
    private FileChannel channel;
    private long position;
    private Reign reign;

    JournalReader(Path file, int node) {
        this.file = file;
        this.node = node;
    }

    /** Who is told what was read. */
    interface Listener {
        /** Something was added to a reign, which may be new. */
        void changed(Reign reign, Kind kind);
    }

    /** Reads what has been written since. */
    void read(Listener listener) {
        try {
            if (channel == null) {
                channel = FileChannel.open(file, StandardOpenOption.READ);
            }
            while (readChunk(listener)) {
                // There is more.
            }
        } catch (NoSuchFileException e) {
            // It has not begun.
        } catch (IOException e) {
            throw new UncheckedIOException("journal '" + file + "'", e);
        }
    }

    private boolean readChunk(Listener listener) throws IOException {
        chunk.clear();
        int length = channel.read(chunk, position);
        for (int at = 0; at + Journal.ENTRY_LENGTH <= length; at += Journal.ENTRY_LENGTH) {
            Kind kind = Journal.KINDS.get((int) chunk.getLong(at));
            if (kind == Kind.END) {
                return false;
            }
            long k = chunk.getLong(at + Journal.K_OFFSET);
            long id = chunk.getLong(at + Journal.ID_OFFSET);
            if (kind == Kind.REIGN) {
                reign = new Reign(node, id, k);
            } else {
                reign.add(kind, k, id, chunk.getLong(at + Journal.NUMBER_OFFSET));
            }
            listener.changed(reign, kind);
            position += Journal.ENTRY_LENGTH;
        }
        return length == CHUNK_LENGTH;
    }

    @Override
    public void close() {
        try {
            if (channel != null) {
                channel.close();
            }
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException("journal '" + file + "'", e);
        }
    }
}
