package io.tha.region;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tha.ThaException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ControlFileTest {
    @TempDir
    Path parent;

    private Path domain;

    @BeforeEach
    void nameTheDomain() {
        domain = parent.resolve("domain");
    }

    @Test
    void oneProcessHasOneSlotHoweverOftenItOpens() {
        ControlFile first = ControlFile.open(domain);
        try (ControlFile second = ControlFile.open(parent.resolve("x/../domain").normalize())) {
            assertEquals(first.processSlot(), second.processSlot());

            first.close();

            assertEquals(1, second.takeTransactionIds(10));
            assertThrows(IllegalStateException.class, () -> first.takeTransactionIds(1));
        }
        try (ControlFile third = ControlFile.open(domain)) {
            assertEquals(0, third.processSlot());
            assertEquals(11, third.takeTransactionIds(1));
        }
    }

    @Test
    void applicationsAreAppendedOnceAndFound() {
        try (ControlFile control = ControlFile.open(domain)) {
            assertEquals(-1, control.findApplication("flights"));
            assertEquals(0, control.application("flights", "1.0"));
            assertEquals(1, control.application("booking", "1.0"));
            assertEquals(0, control.application("flights", "1.1"));
            assertEquals(1, control.findApplication("booking"));
            assertEquals("1.1", control.version(0));
            assertThrows(IllegalArgumentException.class, () -> control.application("a/b", "1"));
            assertThrows(IllegalArgumentException.class, () -> control.application("x".repeat(65), "1"));
            assertThrows(ThaException.class, () -> control.takeoverWordAcquire(64));
            for (int i = 2; i < 64; i++) {
                assertEquals(i, control.application("a" + i, "v".repeat(64)));
            }
            assertThrows(ThaException.class, () -> control.application("oneTooMany", "1"));
        }
    }

    @Test
    void threadsThatRegisterTheSameNamesAgree() {
        try (ControlFile control = ControlFile.open(domain)) {
            Set<String> seen = new ConcurrentSkipListSet<>();

            IntStream.range(0, 2_000).parallel()
                    .forEach(i -> seen.add("a" + i % 20 + "=" + control.application("a" + i % 20, "v" + i % 3)));

            assertEquals(20, seen.size());
            assertEquals(20, IntStream.range(0, 20).map(i -> control.findApplication("a" + i)).distinct().count());
        }
    }

    @Test
    void processesThatRaceToCreateShareOneFile() throws IOException {
        try (ControlChild a = ControlChild.fork(domain); ControlChild b = ControlChild.fork(domain); ControlChild c = ControlChild.fork(domain)) {
            Set<Integer> slots = new TreeSet<>();
            Stream.of(a, b, c).forEach(ControlChild::go);
            Stream.of(a, b, c).forEach(child -> slots.add(child.slot()));

            assertEquals(Set.of(0, 1, 2), slots);
            try (ControlFile control = ControlFile.open(domain); Stream<Path> files = Files.list(domain)) {
                assertEquals(3, control.processSlot());
                assertEquals(0, control.findApplication("flights"));
                assertEquals(Set.of(), files.map(f -> f.getFileName().toString()).filter(n -> n.endsWith(".tmp")).collect(Collectors.toSet()));
            }
        }
    }

    @Test
    void aDirectoryMadeAnewIsAnotherDomain() throws IOException {
        try (ControlFile control = ControlFile.open(domain)) {
            control.application("flights", "1");
        }
        Files.move(domain, parent.resolve("old"));

        try (ControlFile control = ControlFile.open(domain)) {
            assertEquals(-1, control.findApplication("flights"));
        }
    }

    @Test
    void aSymbolicLinkIsRefused() throws IOException {
        ControlFile.open(domain).close();
        Path other = parent.resolve("other");
        Files.createDirectory(other, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.createSymbolicLink(other.resolve("control"), domain.resolve("control"));
        Path linked = parent.resolve("linked");
        Files.createSymbolicLink(linked, domain);

        assertThrows(ThaException.class, () -> ControlFile.open(other));
        assertThrows(ThaException.class, () -> ControlFile.open(linked));
    }

    @Test
    void aFileOrDirectoryOpenToOthersIsRefused() throws IOException {
        ControlFile.open(domain).close();

        Files.setPosixFilePermissions(domain.resolve("control"), PosixFilePermissions.fromString("rw-r-----"));
        assertTrue(assertThrows(ThaException.class, () -> ControlFile.open(domain)).getMessage().contains("mode 640"));

        Files.setPosixFilePermissions(domain.resolve("control"), PosixFilePermissions.fromString("rw-------"));
        Files.setPosixFilePermissions(domain, PosixFilePermissions.fromString("rwxr-xr-x"));
        assertTrue(assertThrows(ThaException.class, () -> ControlFile.open(domain)).getMessage().contains("mode 755"));
        assertNotEquals(0, domain.toFile().list().length);
    }
}
