package io.tha.region;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tha.CorruptRegionException;
import io.tha.ThaException;
import io.tha.memory.MappedFile;
import io.tha.memory.Memory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class DamagedControlFileTest {
    private static final int ROUNDS = 60;
    private static final long MOMENT = TimeUnit.MILLISECONDS.toNanos(1);

    @TempDir
    Path parent;

    private byte[] sound;
    private int copies;

    @BeforeEach
    void takeASoundFile() throws IOException {
        Path domain = parent.resolve("sound");
        try (ControlFile control = ControlFile.open(domain)) {
            control.application("flights", "1");
            control.application("booking", "1");
            sound = Files.readAllBytes(domain.resolve("control"));
        }
    }

    @Test
    void everyDamagedByteOfTheHeaderIsFound() throws IOException {
        for (int i = 0; i < ControlDescriptor.HEADER_LENGTH; i++) {
            byte[] damaged = sound.clone();
            damaged[i] ^= 0x11;
            Path domain = domainWith(damaged);

            String message = assertThrows(ThaException.class, () -> ControlFile.open(domain), "byte " + i).getMessage();

            assertTrue(message.contains("control") && message.contains("expected") || message.contains("version"), message);
        }
    }

    @Test
    void anotherLengthIsRefused() throws IOException {
        Path shorter = domainWith(Arrays.copyOf(sound, sound.length - 1));
        Path longer = domainWith(Arrays.copyOf(sound, sound.length + 4096));
        Path empty = domainWith(new byte[0]);

        assertThrows(CorruptRegionException.class, () -> ControlFile.open(shorter));
        assertThrows(CorruptRegionException.class, () -> ControlFile.open(longer));
        assertThrows(CorruptRegionException.class, () -> ControlFile.open(empty));
    }

    /** In a file in use: each byte that other processes look at, one after the other, with what looks at it. */
    @Test
    void everyDamagedByteBehindTheHeaderIsFoundOrHarmless() throws IOException {
        Path domain = parent.resolve("used");
        try (ControlFile control = ControlFile.open(domain);
                MappedFile file = MappedFile.open(domain.resolve("control"), ControlDescriptor.FILE_LENGTH)) {
            control.application("flights", "1");
            byte[] used = new byte[ControlDescriptor.FILE_LENGTH];
            Memory.copyTo(file.address(), used, 0, used.length);
            for (int i = ControlDescriptor.HEADER_LENGTH; i < used.length; i++) {
                for (int mask : new int[] {0x01, 0xFF}) {
                    Memory.putByte(file.address() + i, (byte) (used[i] ^ mask));
                    try {
                        useWhatHolds(control, i);
                    } catch (RuntimeException | Error e) {
                        throw new AssertionError("byte " + i + " damaged by 0x" + Integer.toHexString(mask), e);
                    } finally {
                        Memory.copyFrom(used, 0, file.address(), used.length);
                    }
                }
            }
        }
    }

    private static void useWhatHolds(ControlFile control, int offset) {
        if (offset < ControlDescriptor.PROCESS_SLOTS_OFFSET) {
            tolerate(() -> control.takeTransactionIds(3));
        } else if (offset < ControlDescriptor.APPLICATIONS_OFFSET) {
            int slot = (offset - ControlDescriptor.PROCESS_SLOTS_OFFSET) / ProcessSlotDescriptor.LENGTH;
            tolerate(() -> control.watch(slot).awaitDeath(0));
            tolerate(() -> control.watch(slot, 1).awaitDeath(0));
        } else {
            int application = (offset - ControlDescriptor.APPLICATIONS_OFFSET) / ApplicationDescriptor.LENGTH;
            tolerate(() -> TakeoverWord.state(control.takeoverWordAcquire(application)));
            tolerate(() -> control.version(application));
            tolerate(() -> control.findApplication("flights"));
            tolerate(() -> control.application("flights", "2"));
            tolerate(() -> control.application("new", "1"));
        }
    }

    /** Who opens looks at slots until one is vacant: at the first ones, then. */
    @Test
    void whoOpensFindsEveryDamagedByteOfASlotOrIsNotHarmed() throws IOException {
        for (int i = 0; i < 2 * ProcessSlotDescriptor.LENGTH; i++) {
            byte[] damaged = sound.clone();
            damaged[ControlDescriptor.PROCESS_SLOTS_OFFSET + i] ^= 0x7F;
            try (ControlFile control = ControlFile.open(domainWith(damaged))) {
                assertTrue(control.takeTransactionIds(1) > 0);
            } catch (ThaException e) {
                assertTrue(e.getMessage().contains("process slot"), e.getMessage());
            }
        }
    }

    @Test
    void damageBehindTheHeaderNeverCrashesOrHangs() throws IOException {
        long seed = Long.getLong("tha.seed", System.nanoTime());
        int opened = 0;
        for (int round = 0; round < ROUNDS; round++) {
            Random random = new Random(seed + round);
            byte[] damaged = sound.clone();
            for (int i = 1 << random.nextInt(14); i > 0; i--) {
                damaged[ControlDescriptor.HEADER_LENGTH + random.nextInt(damaged.length - ControlDescriptor.HEADER_LENGTH)] =
                        (byte) random.nextInt();
            }
            try {
                useAll(domainWith(damaged));
                opened++;
            } catch (ThaException e) {
                assertFalse(e.getMessage().isEmpty());
            } catch (RuntimeException | Error e) {
                throw new AssertionError("repeat with -Dtha.seed=" + (seed + round), e);
            }
        }
        assertTrue(opened > 0, "seed " + seed);
    }

    /** Each call may say that the file is damaged; the next ones must still return. */
    private static void useAll(Path domain) {
        try (ControlFile control = ControlFile.open(domain)) {
            for (int slot = 0; slot < ControlDescriptor.PROCESS_COUNT; slot++) {
                int watched = slot;
                tolerate(() -> control.watch(watched).awaitDeath(MOMENT));
            }
            for (int application = 0; application < ControlDescriptor.APPLICATION_COUNT; application++) {
                int index = application;
                tolerate(() -> TakeoverWord.state(control.takeoverWordAcquire(index)));
                tolerate(() -> control.version(index));
                tolerate(() -> control.findApplication("a" + index));
            }
            tolerate(() -> control.application("flights", "2"));
            tolerate(() -> control.application("new", "2"));
            tolerate(() -> control.takeTransactionIds(3));
        }
    }

    private static void tolerate(Runnable call) {
        try {
            call.run();
        } catch (ThaException e) {
            assertFalse(e.getMessage().isEmpty());
        }
    }

    private Path domainWith(byte[] control) throws IOException {
        Path domain = parent.resolve("damaged" + copies++);
        Files.createDirectory(domain, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path file = domain.resolve("control");
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.write(file, control);
        return domain;
    }
}
