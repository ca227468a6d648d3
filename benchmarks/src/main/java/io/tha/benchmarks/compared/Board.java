package io.tha.benchmarks.compared;

import java.io.File;
import java.nio.MappedByteBuffer;
import java.nio.file.Path;
import org.agrona.IoUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One word that both processes map: how many transactions the standby has applied since it was started. It belongs to the harness, not to what is
 * measured.
 */
final class Board implements AutoCloseable {
    private static final int BYTES = 4096;

    private final MappedByteBuffer mapped;
    private final UnsafeBuffer words;

    private Board(MappedByteBuffer mapped) {
        this.mapped = mapped;
        words = new UnsafeBuffer(mapped);
    }

    static Board create(Path directory) {
        return new Board(IoUtil.mapNewFile(file(directory), BYTES));
    }

    static Board open(Path directory) {
        return new Board(IoUtil.mapExistingFile(file(directory), "board"));
    }

    private static File file(Path directory) {
        return directory.resolve("board").toFile();
    }

    void applied(long transactions) {
        words.putLongOrdered(0, transactions);
    }

    void awaitApplied(long transactions) {
        while (words.getLongVolatile(0) < transactions) {
            Thread.onSpinWait();
        }
    }

    @Override
    public void close() {
        IoUtil.unmap(mapped);
    }
}
