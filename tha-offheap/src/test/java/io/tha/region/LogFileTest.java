package io.tha.region;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tha.CorruptRegionException;
import io.tha.ThaException;
import io.tha.memory.Checksum;
import io.tha.memory.MappedFile;
import io.tha.memory.Memory;
import io.tha.testkit.DomainDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Files that are no log of this program, and what is said about them. */
class LogFileTest {
    private static final int TRANSACTIONS = 5;

    private DomainDirectory directory;
    private Path path;

    @BeforeEach
    void create() {
        directory = DomainDirectory.create();
        path = directory.resolve(LogSample.LOG);
        LogSample.write(directory.path(), true);
    }

    @AfterEach
    void close() {
        directory.close();
    }

    @Test
    void aTruncatedLogIsRefused() throws IOException {
        byte[] whole = Files.readAllBytes(path);

        for (int length : new int[] {0, 1, 8, 176, 4_096, LogDescriptor.RING_OFFSET, whole.length - 4_096, whole.length - 8, whole.length - 1}) {
            Files.write(path, Arrays.copyOf(whole, length));

            assertThrows(CorruptRegionException.class, () -> LogSample.read(path), length + " bytes");
        }
    }

    @Test
    void aLogThatHasGrownIsRefused() throws IOException {
        Files.write(path, Arrays.copyOf(Files.readAllBytes(path), LogDescriptor.RING_OFFSET + 2 * LogSample.CAPACITY));

        assertThrows(CorruptRegionException.class, () -> LogSample.read(path));
    }

    @Test
    void aFileWithAnotherMagicNumberIsNoLog() {
        patchInt(LogDescriptor.MAGIC_OFFSET, 0x4F50_4148);

        assertTrue(refusal().contains("magic number"), refusal());
    }

    @Test
    void aNewerMajorVersionIsRefusedAndBothAreNamed() {
        patchInt(LogDescriptor.VERSION_OFFSET, 2 << LogDescriptor.VERSION_SHIFT | 7);

        assertTrue(refusal().contains("version 2.7") && refusal().contains("reads 1.1"), refusal());
    }

    @Test
    void aNewerMinorVersionIsRead() {
        patchInt(LogDescriptor.VERSION_OFFSET, LogDescriptor.MAJOR_VERSION << LogDescriptor.VERSION_SHIFT | LogDescriptor.MINOR_VERSION + 1);

        assertEquals(TRANSACTIONS, LogSample.read(path).transactions().size());
    }

    @Test
    void aSymbolicLinkIsNotFollowed() throws IOException {
        Path link = Files.createSymbolicLink(directory.resolve("link.1.log"), path);

        assertThrows(ThaException.class, () -> LogFile.open(link));
    }

    @Test
    void aSymbolicLinkToASegmentIsNotFollowed() throws IOException {
        Path segment = directory.resolve(LogSample.SEGMENT);
        Path moved = Files.move(segment, directory.resolve("moved"));
        Files.createSymbolicLink(segment, moved);

        assertThrows(ThaException.class, () -> LogSample.read(path));
    }

    @Test
    void aLogThatOthersMayReadIsRefused() throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-r-----"));

        ThaException refused = assertThrows(ThaException.class, () -> LogFile.open(path));
        assertTrue(refused.getMessage().contains("mode 640"), refused.getMessage());
    }

    @Test
    void aTruncatedSegmentIsRefused() throws IOException {
        Path segment = directory.resolve(LogSample.SEGMENT);
        byte[] whole = Files.readAllBytes(segment);

        for (int length : new int[] {0, 8, 64, 120}) {
            Files.write(segment, Arrays.copyOf(whole, length));

            assertThrows(CorruptRegionException.class, () -> LogSample.read(path), length + " bytes");
        }
    }

    @Test
    void aReaderWhoseSegmentIsGoneHasLagged() throws IOException {
        Files.delete(directory.resolve(LogSample.SEGMENT));

        LogSample.Reading reading = LogSample.read(path);

        assertEquals(LogReader.LAGGED, reading.result());
        assertEquals(2, reading.transactions().size());
    }

    @Test
    void ringsOfOtherSizesAreNotMade() {
        for (long capacity : new long[] {0, -1, 65_535, 32 << 10, 96 << 10, 1L << 31, Long.MIN_VALUE}) {
            assertThrows(IllegalArgumentException.class, () -> new LogConfig(capacity, true), capacity + " bytes");
        }
    }

    /** Changes a word of the header, and makes its CRC right again. */
    private void patchInt(int offset, int value) {
        try (MappedFile file = MappedFile.open(path, 1)) {
            Memory.putInt(file.address() + offset, value);
            int crc = new Checksum(file.address(), LogDescriptor.HEADER_LENGTH).of(file.address(), LogDescriptor.CRC_OFFSET);
            Memory.putInt(file.address() + LogDescriptor.CRC_OFFSET, crc);
        }
    }

    private String refusal() {
        return assertThrows(CorruptRegionException.class, () -> LogFile.open(path)).getMessage();
    }
}
