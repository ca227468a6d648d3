package io.tha.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tha.ThaException;
import io.tha.testkit.DomainDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import net.openhft.chronicle.core.io.BackgroundResourceReleaser;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MappedFileTest {
    private static final int ROUNDS = 200;
    private static final int SIZE = 22 * 4_096;

    private final DomainDirectory directory = DomainDirectory.create();
    private final Path path = directory.resolve("mapped");

    @AfterEach
    void close() {
        directory.close();
    }

    @Test
    void aClosedFileIsNotMappedAnyMore() throws IOException {
        MappedFile.create(path, SIZE).close();

        for (int i = 0; i < ROUNDS; i++) {
            MappedFile.open(path, 1).close();
            MappedFile.openForReading(path, 1).close();
            MappedFile.openPrivate(path, 1).close();
        }

        BackgroundResourceReleaser.releasePendingResources();
        try (Stream<String> mappings = Files.lines(Path.of("/proc/self/maps"))) {
            assertEquals(0, mappings.filter(line -> line.endsWith(path.toString())).count());
        }
    }

    @Test
    void aFileIsItsOwnersAloneAndReservedInFull() throws IOException {
        MappedFile.create(path, SIZE).close();

        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
        assertEquals(SIZE, Files.size(path));
    }

    @Test
    void anExistingFileIsNotCreatedAgain() {
        MappedFile.create(path, SIZE).close();

        assertThrows(ThaException.class, () -> MappedFile.create(path, SIZE));
    }

    @Test
    void whatDoesNotFitLeavesNothingBehind() {
        ThaException refused = assertThrows(ThaException.class, () -> MappedFile.create(path, 1L << 50));

        assertTrue(refused.getMessage().contains("cannot be reserved"), refused.getMessage());
        assertTrue(Files.notExists(path));
    }

    @Test
    void privateWritesStayInTheProcess() {
        MappedFile.create(path, SIZE).close();

        try (MappedFile own = MappedFile.openPrivate(path, 1); MappedFile shared = MappedFile.openForReading(path, 1)) {
            Memory.putLong(own.address(), 1);

            assertEquals(0, Memory.getLong(shared.address()));
        }
    }
}
