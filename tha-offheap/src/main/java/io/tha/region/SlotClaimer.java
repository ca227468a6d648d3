package io.tha.region;

import io.tha.CorruptRegionException;
import io.tha.ThaException;
import io.tha.memory.Memory;
import java.nio.file.Path;

/**
 * Makes a process slot this process's own: finds one that nobody lives in, takes it under the lock of its file, locks the death word, announces it.
 *
 * <p>Every change of a state word is made by the holder of the slot's lock, so a slot seen in JOINING by its holder was left by a dead process, in
 * whatever PID namespace it lived; a stopped process keeps the lock and with it the slot. The changes are CASes all the same, so that a lost
 * lock (a file of the domain was removed) ends in an exception.
 */
final class SlotClaimer {
    private static final System.Logger LOG = System.getLogger(SlotClaimer.class.getName());
    private static final String KIND_PROPERTY = "tha.deathLock";

    private final Path domainDirectory;
    private final long base;

    SlotClaimer(Path domainDirectory, long base) {
        this.domainDirectory = domainDirectory;
        this.base = base;
    }

    /**
     * Claims a slot for as long as this process lives.
     *
     * @return the slot's index
     * @throws ThaException if all slots are taken
     */
    int claim() {
        for (int slot = 0; slot < ControlDescriptor.PROCESS_COUNT; slot++) {
            if (looksVacant(slot) && tryClaim(slot)) {
                return slot;
            }
        }
        throw new ThaException("domain '" + domainDirectory + "': all " + ControlDescriptor.PROCESS_COUNT
                + " process slots are taken by processes that live, or that an application's takeover word still names;"
                + " stop processes that are not needed, or use another domain directory");
    }

    /** Saves the lock file of a slot that certainly lives. */
    private boolean looksVacant(int slot) {
        long state = Memory.getLongVolatile(address(slot) + ProcessSlotDescriptor.STATE_WORD_OFFSET);
        return SlotState.kind(state) != SlotState.KIND_MUTEX || ownerDied(slot);
    }

    private boolean tryClaim(int slot) {
        SlotLock lock = SlotLock.tryOwn(domainDirectory, slot);
        if (lock == null) {
            return false;
        }
        boolean keepLock = false;
        try {
            long state = Memory.getLongVolatile(address(slot) + ProcessSlotDescriptor.STATE_WORD_OFFSET);
            if (!isVacant(slot, state)) {
                return false;
            }
            take(slot, state);
            // For life, whatever the death word is: when the kernel drops it, all threads are gone, and not only the one that held the mutex.
            keepLock = true;
            return true;
        } finally {
            if (!keepLock) {
                lock.close();
            }
        }
    }

    private boolean isVacant(int slot, long state) {
        if (!SlotState.isValid(state)) {
            throw new CorruptRegionException("file '" + domainDirectory.resolve(ControlFileCreator.NAME) + "': state word of process slot "
                    + slot + " is 0x" + Long.toHexString(state) + "; stop all processes of the domain and remove the file");
        }
        boolean lives = SlotState.kind(state) == SlotState.KIND_MUTEX && !ownerDied(slot);
        return !lives && !isNamedByTakeover(slot);
    }

    /**
     * Whether an application still counts on the dead process in this slot: were the slot taken, whoever looks for that process's death would see a
     * living one. A takeover word names a slot only by its own process's step, so once the process is dead no word can come to name it.
     */
    private boolean isNamedByTakeover(int slot) {
        for (int i = 0; i < ControlDescriptor.APPLICATION_COUNT; i++) {
            long word = Memory.getLongVolatile(
                    ControlDescriptor.applicationAddress(base, i) + ApplicationDescriptor.TAKEOVER_WORD_OFFSET);
            TakeoverState state = TakeoverWord.state(word);
            if (state != TakeoverState.NONE && state != TakeoverState.RELEASED && TakeoverWord.slot(word) == slot) {
                return true;
            }
        }
        return false;
    }

    private void take(int slot, long vacant) {
        long joining = SlotState.word(SlotState.JOINING, SlotState.KIND_NONE, SlotState.incarnation(vacant) + 1);
        move(slot, vacant, joining);
        // From here on watchers of the old incarnation see another number, so the death word is ours to overwrite.
        Memory.putLong(address(slot) + ProcessSlotDescriptor.PID_OFFSET, ProcessHandle.current().pid());
        Memory.putLong(address(slot) + ProcessSlotDescriptor.PID_NAMESPACE_OFFSET, ProcessThreads.pidNamespace());
        long deathWord = address(slot) + ProcessSlotDescriptor.DEATH_WORD_OFFSET;
        Memory.zero(deathWord, ProcessSlotDescriptor.DEATH_WORD_LENGTH);
        String failure = reasonAgainstMutex();
        if (failure == null) {
            failure = DeathKeeper.lockForEver(deathWord, slot);
        }
        if (failure != null) {
            LOG.log(System.Logger.Level.INFO, "domain ''{0}'', process slot {1}: the death of this process shows by a file lock, which is"
                    + " slower than a robust mutex, because: {2}", domainDirectory, slot, failure);
        }
        int kind = failure == null ? SlotState.KIND_MUTEX : SlotState.KIND_FILE;
        // A CAS is a release too: whoever reads LIVE sees the locked death word.
        move(slot, joining, SlotState.word(SlotState.LIVE, kind, SlotState.incarnation(joining)));
    }

    private static String reasonAgainstMutex() {
        String kind = System.getProperty(KIND_PROPERTY, "MUTEX");
        return switch (kind) {
            case "FILE" -> "-D" + KIND_PROPERTY + "=FILE";
            case "MUTEX" -> RobustMutex.unavailableReason();
            default -> throw new ThaException("-D" + KIND_PROPERTY + "=" + kind + ": expected MUTEX or FILE");
        };
    }

    private void move(int slot, long from, long to) {
        long stateAddress = address(slot) + ProcessSlotDescriptor.STATE_WORD_OFFSET;
        if (!Memory.compareAndSetLong(stateAddress, from, to)) {
            throw new CorruptRegionException("domain '" + domainDirectory + "': state word of process slot " + slot + " is 0x"
                    + Long.toHexString(Memory.getLongVolatile(stateAddress)) + ", expected 0x" + Long.toHexString(from) + " while '"
                    + SlotLock.file(domainDirectory, slot) + "' is locked; files of a domain must not be removed while processes live");
        }
    }

    private boolean ownerDied(int slot) {
        return (Memory.getIntVolatile(address(slot) + ProcessSlotDescriptor.DEATH_WORD_OFFSET) & RobustMutex.OWNER_DIED) != 0;
    }

    private long address(int slot) {
        return ControlDescriptor.processSlotAddress(base, slot);
    }
}
