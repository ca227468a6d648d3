package io.tha.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tha.CorruptRegionException;
import io.tha.ThaException;
import io.tha.layout.Layout;
import io.tha.memory.Checksum;
import io.tha.memory.Directories;
import io.tha.memory.MappedFile;
import io.tha.memory.Memory;
import io.tha.testkit.DomainDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The file of a pool, and files that are none. */
class PoolFileTest {
    private static final Layout FLIGHT = Layout.named("Flight").int64("seats").build();
    private static final int SIZE = 256 << 10;

    private DomainDirectory directory;
    private Path path;

    @BeforeEach
    void create() {
        directory = DomainDirectory.create();
        path = directory.resolve("test.pool");
        try (ThaPool pool = ThaPool.create(path, SIZE)) {
            pool.register(FLIGHT);
            pool.allocate(FLIGHT, "flight");
        }
    }

    @AfterEach
    void close() {
        directory.close();
    }

    @Test
    void aPoolIsItsOwnersAloneAndReservedInFull() throws IOException {
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
        assertEquals(SIZE, Files.size(path));
        assertTrue(reservedBytes(path) >= SIZE);
    }

    @Test
    void aPoolThatExistsIsNotCreatedAgain() {
        assertThrows(ThaException.class, () -> ThaPool.create(path, SIZE));
        assertFlightIsThere();
    }

    @Test
    void aPoolThatOthersMayReadIsRefused() throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw----r--"));

        ThaException refused = assertThrows(ThaException.class, () -> ThaPool.open(path));
        assertTrue(refused.getMessage().contains("mode 604"), refused.getMessage());
    }

    @Test
    void aSymbolicLinkIsNotFollowed() throws IOException {
        Path link = Files.createSymbolicLink(directory.resolve("link.pool"), path);
        Path dangling = Files.createSymbolicLink(directory.resolve("dangling.pool"), directory.resolve("nothing"));

        assertThrows(ThaException.class, () -> ThaPool.open(link));
        assertThrows(ThaException.class, () -> CommittedImage.openForReading(link));
        assertThrows(ThaException.class, () -> ThaPool.create(dangling, SIZE));
        assertTrue(Files.notExists(directory.resolve("nothing")));
    }

    @Test
    void aMissingFileAndADirectoryAreNoPools() {
        assertThrows(ThaException.class, () -> ThaPool.open(directory.resolve("missing.pool")));
        assertThrows(ThaException.class, () -> ThaPool.open(directory.path()));
    }

    @Test
    void aTruncatedPoolIsRefused() throws IOException {
        byte[] whole = Files.readAllBytes(path);

        for (int length : new int[] {0, 1, 40, 4_096, SIZE / 2, SIZE - 4_096, SIZE - 8, SIZE - 1}) {
            Files.write(path, Arrays.copyOf(whole, length));

            assertThrows(CorruptRegionException.class, () -> ThaPool.open(path), length + " bytes");
            assertThrows(CorruptRegionException.class, () -> CommittedImage.openForReading(path), length + " bytes");
        }
    }

    @Test
    void aNewerMajorVersionIsRefusedAndBothAreNamed() {
        patchInt(PoolHeaderDescriptor.VERSION_OFFSET, 3 << PoolHeaderDescriptor.VERSION_SHIFT | 2);

        String refused = assertThrows(CorruptRegionException.class, () -> ThaPool.open(path)).getMessage();

        assertTrue(refused.contains("version 3.2") && refused.contains("reads 1.2"), refused);
    }

    @Test
    void aNewerMinorVersionIsOpened() {
        patchInt(PoolHeaderDescriptor.VERSION_OFFSET,
                PoolHeaderDescriptor.MAJOR_VERSION << PoolHeaderDescriptor.VERSION_SHIFT | PoolHeaderDescriptor.MINOR_VERSION + 1);

        assertFlightIsThere();
    }

    @Test
    void aFileWithAnotherMagicNumberIsNoPool() {
        patchInt(PoolHeaderDescriptor.MAGIC_OFFSET, 1);

        String refused = assertThrows(CorruptRegionException.class, () -> ThaPool.open(path)).getMessage();

        assertTrue(refused.contains("magic number"), refused);
    }

    @Test
    void poolsOfImpossibleSizesAreNotCreated() {
        for (long size : new long[] {Long.MIN_VALUE, -1, 0, PoolMemory.MIN_SIZE - 1, Long.MAX_VALUE}) {
            assertThrows(IllegalArgumentException.class, () -> ThaPool.create(directory.resolve("other.pool"), size), size + " bytes");
        }
        assertTrue(Files.notExists(directory.resolve("other.pool")));
    }

    @Test
    void aSizeIsRoundedUpToWholePages() throws IOException {
        ThaPool.create(directory.resolve("odd.pool"), SIZE + 1).close();

        assertEquals(SIZE + 4_096, Files.size(directory.resolve("odd.pool")));
    }

    @Test
    void aDirectoryThatIsOpenToOthersIsRefused() throws IOException {
        Path prepared = directory.resolve("domain");
        Directories.prepare(prepared);
        Directories.prepare(prepared);
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(prepared)));

        Path link = Files.createSymbolicLink(directory.resolve("link"), prepared);
        assertThrows(ThaException.class, () -> Directories.prepare(link));
        assertThrows(ThaException.class, () -> Directories.prepare(path));
        Files.setPosixFilePermissions(prepared, PosixFilePermissions.fromString("rwxr-x---"));
        String refused = assertThrows(ThaException.class, () -> Directories.prepare(prepared)).getMessage();
        assertTrue(refused.contains("mode 750") && refused.contains("chmod 700"), refused);
    }

    /** As the file system counts them; Java's attributes do not have it. */
    static long reservedBytes(Path file) throws IOException {
        Process stat = new ProcessBuilder("stat", "-c", "%b %B", file.toString()).start();
        String[] blocks = new String(stat.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip().split(" ");
        return Long.parseLong(blocks[0]) * Long.parseLong(blocks[1]);
    }

    private void assertFlightIsThere() {
        try (ThaPool pool = ThaPool.open(path)) {
            assertNotEquals(0, pool.find("flight"));
        }
    }

    /** Changes a word of the header, and makes its CRC right again. */
    private void patchInt(int offset, int value) {
        try (MappedFile file = MappedFile.open(path, 1)) {
            Memory.putInt(file.address() + offset, value);
            int crc = new Checksum(file.address(), SIZE).of(file.address(), PoolHeaderDescriptor.CRC_OFFSET);
            Memory.putInt(file.address() + PoolHeaderDescriptor.CRC_OFFSET, crc);
        }
    }
}
