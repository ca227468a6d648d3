package io.tha.region;

import io.tha.CorruptRegionException;
import io.tha.memory.Memory;
import io.tha.memory.Posix;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Watches one incarnation of a process. A stopped process is not dead. "Dead" is final; it is said when the kernel has marked the death word,
 * dropped the file lock, or another incarnation has the slot.
 *
 * <p>Threads: any. A watch stays valid when the {@link ControlFile} is closed.
 */
public final class DeathWatch {
    private static final long SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long FILE_SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final Path domainDirectory;
    private final int slot;
    private final long stateAddress;
    private final long deathAddress;
    private final long incarnation;

    /** Watches the incarnation that has the slot now. */
    DeathWatch(Path domainDirectory, long base, int slot) {
        this(domainDirectory, base, slot, SlotState.incarnation(Memory.getLongVolatile(
                ControlDescriptor.processSlotAddress(base, slot) + ProcessSlotDescriptor.STATE_WORD_OFFSET)));
    }

    DeathWatch(Path domainDirectory, long base, int slot, long incarnation) {
        this.domainDirectory = domainDirectory;
        this.slot = slot;
        long slotAddress = ControlDescriptor.processSlotAddress(base, slot);
        stateAddress = slotAddress + ProcessSlotDescriptor.STATE_WORD_OFFSET;
        deathAddress = slotAddress + ProcessSlotDescriptor.DEATH_WORD_OFFSET;
        this.incarnation = incarnation;
    }

    /**
     * Whether the incarnation has died. Nobody in a free slot counts as dead.
     *
     * @throws CorruptRegionException if the slot holds what no process could have written
     */
    public boolean isDead() {
        long state = state();
        if (SlotState.incarnation(state) != incarnation || SlotState.phase(state) == SlotState.FREE) {
            return true;
        }
        if (SlotState.kind(state) == SlotState.KIND_MUTEX) {
            return isOwnerDead();
        }
        if (SlotLock.isOwned(domainDirectory, slot)) {
            return false;
        }
        // The lock is free: it was dropped by death, or because the process has just announced its mutex instead.
        return state() == state || isDead();
    }

    /**
     * Waits until the incarnation has died.
     *
     * @param timeoutNanos at most this long
     * @return whether it is dead; false also when the thread is interrupted, whose interrupt status then stays set
     */
    public boolean awaitDeath(long timeoutNanos) {
        long start = System.nanoTime();
        while (!isDead()) {
            long left = timeoutNanos - (System.nanoTime() - start);
            if (left <= 0 || Thread.currentThread().isInterrupted()) {
                return false;
            }
            waitSlice(left);
        }
        return true;
    }

    /**
     * Waits until the incarnation has died, or {@link #wake} was called.
     *
     * @param timeoutNanos at most this long
     * @return whether it is dead
     */
    public boolean awaitDeathOrWake(long timeoutNanos) {
        if (isDead()) {
            return true;
        }
        waitSlice(timeoutNanos);
        return isDead();
    }

    /** Lets those who wait look again. Where no futex is used they look some milliseconds later. */
    void wake() {
        if (Posix.available()) {
            Posix.futexWake(deathAddress, Integer.MAX_VALUE);
        }
    }

    private boolean isOwnerDead() {
        int word = Memory.getIntVolatile(deathAddress);
        if ((word & RobustMutex.OWNER_DIED) != 0) {
            // The kernel wakes one waiter only: pass it on.
            if ((word & RobustMutex.WAITERS) != 0 && Posix.available()) {
                Posix.futexWake(deathAddress, Integer.MAX_VALUE);
            }
            return true;
        }
        // Looked at again because the word may already be that of the next incarnation, which starts with zeros.
        if (SlotState.incarnation(state()) != incarnation) {
            return true;
        }
        if ((word & RobustMutex.THREAD_ID_MASK) == 0) {
            throw corrupt("death word of a living process", word);
        }
        return false;
    }

    private void waitSlice(long leftNanos) {
        boolean mutex = SlotState.kind(state()) == SlotState.KIND_MUTEX;
        if (!mutex || !Posix.available()) {
            LockSupport.parkNanos(this, Math.min(leftNanos, mutex ? POLL_NANOS : FILE_SLICE_NANOS));
            return;
        }
        int word = Memory.getIntVolatile(deathAddress);
        if ((word & RobustMutex.OWNER_DIED) != 0 || (word & RobustMutex.THREAD_ID_MASK) == 0) {
            return;
        }
        // CAS, so that the mark of death is never overwritten. Should the word be that of the next incarnation by now, the bit is harmless: that
        // mutex is never unlocked, so nobody but the kernel acts on it, with a wake-up too many.
        int marked = word | RobustMutex.WAITERS;
        if (word == marked || Memory.compareAndSetInt(deathAddress, word, marked)) {
            int result = Posix.futexWait(deathAddress, marked, Math.min(leftNanos, SLICE_NANOS));
            if (result < 0 && result != -Posix.EAGAIN && result != -Posix.ETIMEDOUT && result != -Posix.EINTR) {
                LockSupport.parkNanos(this, Math.min(leftNanos, POLL_NANOS));
            }
        }
    }

    private long state() {
        long state = Memory.getLongVolatile(stateAddress);
        if (!SlotState.isValid(state)) {
            throw corrupt("state word", state);
        }
        return state;
    }

    private CorruptRegionException corrupt(String what, long found) {
        return new CorruptRegionException("domain '" + domainDirectory + "', process slot " + slot + ": " + what + " is 0x"
                + Long.toHexString(found) + "; the control file was damaged, stop all processes of the domain and remove it");
    }
}
