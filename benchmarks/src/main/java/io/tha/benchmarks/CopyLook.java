package io.tha.benchmarks;

import io.tha.active.ThaApplication;
import io.tha.layout.LongField;
import io.tha.memory.MappedFile;
import io.tha.memory.Memory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A look from outside at one field in the copy of a standby that is in another process: when it is there, a query would see it. */
final class CopyLook implements AutoCloseable {
    private static final long MARK = 0x7EA5_0F_C0_1A7E_0001L;

    private final MappedFile file;
    private final long address;

    private CopyLook(MappedFile file, long address) {
        this.file = file;
        this.address = address;
    }

    /** At a field of an application's object, in the copy of its only standby. */
    static CopyLook at(ThaApplication application, LongField field, long handle, Path directory, String name) {
        field.set(application.pool(), handle, MARK);
        application.begin().commit();
        while (!application.isFollowed()) {
            Thread.onSpinWait();
        }
        Path own = application.pool().structure().memory().path();
        try (Stream<Path> files = Files.list(directory)) {
            List<Path> pools = files
                    .filter(path -> path.getFileName().toString().startsWith(name + ".") && path.toString().endsWith(".pool") && !path.equals(own))
                    .toList();
            for (Path pool : pools) {
                MappedFile file = MappedFile.openForReading(pool, 1);
                for (long address = file.address(); address < file.address() + file.sizeBytes(); address += Long.BYTES) {
                    if (Memory.getLong(address) == MARK) {
                        return new CopyLook(file, address);
                    }
                }
                file.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        throw new IllegalStateException("no copy of " + name + " in " + directory + " has the mark");
    }

    boolean has(long value) {
        return Memory.getLongVolatile(address) == value;
    }

    @Override
    public void close() {
        file.close();
    }
}
