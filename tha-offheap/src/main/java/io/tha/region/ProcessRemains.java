package io.tha.region;

import io.tha.memory.Memory;
import java.nio.file.Path;

/**
 * What is left of one incarnation of a process. Its death word says at once that it dies; other threads of it may still run for an instant then, and
 * its memory stays for long. Here it is told when no thread of it can write any more.
 *
 * <p>Threads: any.
 */
public final class ProcessRemains {
    private final Path domainDirectory;
    private final int slot;
    private final long incarnation;
    private final long slotAddress;
    private final DeathWatch watch;

    ProcessRemains(Path domainDirectory, long base, int slot, long incarnation) {
        this.domainDirectory = domainDirectory;
        this.slot = slot;
        this.incarnation = incarnation;
        slotAddress = ControlDescriptor.processSlotAddress(base, slot);
        watch = new DeathWatch(domainDirectory, base, slot, incarnation);
    }

    /** Whether it has begun to die; a stopped process has not. */
    public boolean isDying() {
        return watch.isDead();
    }

    /** Whether no thread of it can ever run again; false in doubt. */
    public boolean isGone() {
        if (!watch.isDead()) {
            return false;
        }
        long state = Memory.getLongVolatile(slotAddress + ProcessSlotDescriptor.STATE_WORD_OFFSET);
        // Who took the slot after it had the lock, which the kernel drops when all threads are gone.
        boolean isReplaced = SlotState.incarnation(state) != incarnation;
        return isReplaced || SlotState.kind(state) == SlotState.KIND_FILE || areThreadsGone() || !SlotLock.isOwned(domainDirectory, slot);
    }

    private boolean areThreadsGone() {
        long pid = Memory.getLong(slotAddress + ProcessSlotDescriptor.PID_OFFSET);
        return ProcessThreads.areGone(pid, Memory.getLong(slotAddress + ProcessSlotDescriptor.PID_NAMESPACE_OFFSET));
    }

    @Override
    public String toString() {
        long pid = Memory.getLong(slotAddress + ProcessSlotDescriptor.PID_OFFSET);
        return "process " + pid + " (in its own PID namespace), slot " + slot + ", incarnation " + incarnation;
    }
}
