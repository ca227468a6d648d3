package io.tha.torture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * What one lane of one process has told the world, entry by entry, in a mapped file that outlives the process.
 *
 * <pre>
 *   0        8        16       24
 *   | kind   | k      | id     | number |
 * </pre>
 *
 * <p>Threads: one writes.
 *
 * <p>Publication: an entry's kind, which is stored last; 0 is the end.
 */
final class Journal {
    static final int ENTRY_LENGTH = 4 * Long.BYTES;
    static final int K_OFFSET = Long.BYTES;
    static final int ID_OFFSET = 2 * Long.BYTES;
    static final int NUMBER_OFFSET = 3 * Long.BYTES;
    /** Sparse; enough for some minutes of work. */
    static final int LENGTH = 64 << 20;

    /** By their numbers in the file. */
    static final List<Kind> KINDS = List.of(Kind.values());

    private static final VarHandle LONG = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private final ByteBuffer buffer;
    private int next;

    Journal(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            buffer = channel.map(FileChannel.MapMode.READ_WRITE, 0, LENGTH).order(ByteOrder.nativeOrder());
        } catch (IOException e) {
            throw new UncheckedIOException("journal '" + file + "'", e);
        }
    }

    /** Of a node's lane. */
    static Path file(Path directory, int node, int lane) {
        return directory.resolve("journal-" + node + "-" + lane);
    }

    /** What an entry says; about an intent, {@code number} is its part of the transaction until it is handed over, then its number. */
    enum Kind {
        END,
        /** Took over epoch {@code id}, and found transaction {@code k}. */
        REIGN,
        /** Was handed intent {@code number} of transaction {@code id}, for {@code k}. */
        HANDED,
        /** That was all it was handed. */
        REPORTED,
        /** Has begun transaction {@code id} to do {@code k}; or, when {@code number} is not 0, only to acknowledge. */
        BEGUN,
        INTENDING,
        INTENDED,
        FLUSHING,
        FLUSHED,
        /** Will acknowledge intent {@code number} of transaction {@code id} with its own. */
        ACKNOWLEDGES,
        COMMITTING,
        COMMITTED,
        ABORTING,
        ABORTED,
        FENCED
    }

    void add(Kind kind, long k, long id, long number) {
        buffer.putLong(next + K_OFFSET, k);
        buffer.putLong(next + ID_OFFSET, id);
        buffer.putLong(next + NUMBER_OFFSET, number);
        // Release: pairs with the reader's look at the kind, also when this process is killed right behind it.
        LONG.setRelease(buffer, next, (long) KINDS.indexOf(kind));
        next += ENTRY_LENGTH;
    }

    /** Whether the process should make room for another one. */
    boolean isNearlyFull() {
        return next > LENGTH - LENGTH / 16;
    }
}
