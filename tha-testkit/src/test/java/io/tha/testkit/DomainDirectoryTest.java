package io.tha.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DomainDirectoryTest {
    @Test
    void itIsFreshAndItsOwnersAlone() throws IOException {
        try (DomainDirectory one = DomainDirectory.create();
                DomainDirectory other = DomainDirectory.create()) {
            assertNotEquals(one.path(), other.path());
            assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(one.path())));
            assertTrue(one.path().getFileName().toString().startsWith(DomainDirectory.NAME_PREFIX));
        }
    }

    @Test
    void closingDeletesAllThatItHoldsButFollowsNoLink(@TempDir Path elsewhere) throws IOException {
        Path kept = Files.createFile(elsewhere.resolve("kept"));
        DomainDirectory directory = DomainDirectory.create();
        Files.createDirectories(directory.resolve("a").resolve("b"));
        Files.writeString(directory.resolve("a").resolve("b").resolve("file"), "x");
        Files.createSymbolicLink(directory.resolve("link"), elsewhere);

        directory.close();
        directory.close();

        assertFalse(Files.exists(directory.path()));
        assertTrue(Files.exists(kept));
    }
}
