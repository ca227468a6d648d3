package io.tha.region;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tha.ThaException;
import io.tha.memory.Memory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What processes leave that died or stopped between two stores. */
@Timeout(60)
class LeftBehindTest {
    private static final int CLAIMED = 1;

    @TempDir
    Path parent;

    private ControlFile control;
    private Path domain;
    private long base;

    @BeforeEach
    void openADomain() {
        control = ControlFile.open(parent.resolve("domain"));
        domain = control.domainDirectory();
        base = Membership.of(domain).base();
    }

    @Test
    void theSlotOfAJoinerThatDiedIsTakenAgain() throws IOException {
        putState(1, SlotState.word(SlotState.JOINING, SlotState.KIND_NONE, 5));
        DeathWatch joiner = control.watch(1);
        assertThrows(ThaException.class, joiner::isDead, "without its file nobody can tell");
        Files.createFile(SlotLock.file(domain, 1), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        assertTrue(joiner.isDead());

        assertEquals(1, new SlotClaimer(domain, base).claim());

        assertTrue(joiner.isDead());
        assertFalse(control.watch(1).isDead());
    }

    @Test
    void theSlotOfAJoinerThatIsStoppedIsNotTaken() {
        try (SlotLock stopped = SlotLock.tryOwn(domain, 1)) {
            assertTrue(stopped != null);
            putState(1, SlotState.word(SlotState.JOINING, SlotState.KIND_NONE, 5));

            assertFalse(control.watch(1).isDead());
            assertEquals(2, new SlotClaimer(domain, base).claim());
        }
    }

    @Test
    void whenAllSlotsAreTakenTheMessageSaysWhatToDo() {
        for (int slot = 1; slot < ControlDescriptor.PROCESS_COUNT; slot++) {
            putState(slot, SlotState.word(SlotState.LIVE, SlotState.KIND_MUTEX, 1));
            Memory.putInt(ControlDescriptor.processSlotAddress(base, slot) + ProcessSlotDescriptor.DEATH_WORD_OFFSET, 4711);
        }

        String message = assertThrows(ThaException.class, () -> new SlotClaimer(domain, base).claim()).getMessage();

        assertTrue(message.contains("all 256 process slots") && message.contains("stop processes"), message);
    }

    @Test
    void aRecordClaimedByADeadProcessIsTakenOver() {
        Memory.putLongVolatile(ControlDescriptor.applicationAddress(base, 0), SlotState.word(CLAIMED, 7, 3));

        assertEquals(-1, control.findApplication("flights"));
        assertEquals(0, control.application("flights", "1"));
        assertEquals(0, control.findApplication("flights"));
    }

    @Test
    void aRecordClaimedByAStoppedProcessIsAbandoned() {
        long claim = SlotState.word(CLAIMED, control.processSlot(), 1);
        Memory.putLongVolatile(ControlDescriptor.applicationAddress(base, 0), claim);

        assertEquals(1, control.application("flights", "1"));
        assertEquals(1, control.application("flights", "1"));
        assertFalse(Memory.compareAndSetLong(ControlDescriptor.applicationAddress(base, 0), claim, 0));
    }

    @Test
    void aVersionThatADeadProcessWasWritingIsReplaced() {
        int application = control.application("flights", "1");
        long versionWord = ControlDescriptor.applicationAddress(base, application) + ApplicationDescriptor.VERSION_WORD_OFFSET;
        Memory.putLongVolatile(versionWord, SlotState.word(2, 7, 3));
        assertEquals("1", control.version(application));

        control.application("flights", "2");

        assertEquals("2", control.version(application));
    }

    private void putState(int slot, long word) {
        Memory.putLongVolatile(ControlDescriptor.processSlotAddress(base, slot) + ProcessSlotDescriptor.STATE_WORD_OFFSET, word);
    }
}
