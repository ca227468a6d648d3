package io.tha.region;

import io.tha.CorruptRegionException;
import io.tha.ThaException;
import io.tha.memory.Memory;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The application records: appended, never removed.
 *
 * <p>A record goes FREE → CLAIMED(process) → READY, or CLAIMED → ABANDONED. READY and ABANDONED are final. Whoever looks for a name goes
 * through the records in order and passes only final ones, so two processes with one name cannot both append it: the later one must wait for the
 * record of the earlier. It waits for a living claimant for a moment and then abandons the record in its place (a stopped process must not
 * block others); the claim of a dead one it takes over.
 *
 * <p>Threads: any.
 */
final class ApplicationTable {
    private static final String REPAIR = "; stop all processes of the domain and remove the file";

    private static final int FREE = 0;
    private static final int CLAIMED = 1;
    private static final int READY = 2;
    private static final int ABANDONED = 3;

    /** A claimant needs microseconds; abandoning costs one record of {@link ControlDescriptor#APPLICATION_COUNT}. */
    private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long POLL_NANOS = TimeUnit.MICROSECONDS.toNanos(50);

    private final Path domainDirectory;
    private final long base;
    private final int processSlot;
    private final long incarnation;

    ApplicationTable(Path domainDirectory, long base, int processSlot) {
        this.domainDirectory = domainDirectory;
        this.base = base;
        this.processSlot = processSlot;
        incarnation = SlotState.incarnation(Memory.getLongVolatile(
                ControlDescriptor.processSlotAddress(base, processSlot) + ProcessSlotDescriptor.STATE_WORD_OFFSET));
    }

    /** The index of a READY record with this name, or -1. */
    int find(String name) {
        for (int i = 0; i < ControlDescriptor.APPLICATION_COUNT; i++) {
            // Acquire: pairs with the CAS to READY; the name below is complete.
            long state = Memory.getLongAcquire(address(i));
            if (phase(i, state) == READY && name(i).equals(name)) {
                return i;
            }
            if (phase(i, state) < READY) {
                return -1;
            }
        }
        return -1;
    }

    /** The index of the record with this name, appended if there is none; the version is kept. */
    int register(String name, String version) {
        for (int i = 0; i < ControlDescriptor.APPLICATION_COUNT; i++) {
            long waitingSince = System.nanoTime();
            long state = Memory.getLongAcquire(address(i));
            while (phase(i, state) < READY) {
                if (tryAppend(i, state, name, version, System.nanoTime() - waitingSince > PATIENCE_NANOS)) {
                    return i;
                }
                state = Memory.getLongAcquire(address(i));
            }
            if (phase(i, state) == READY && name(i).equals(name)) {
                versionOf(i).update(version);
                return i;
            }
        }
        throw new ThaException("domain '" + domainDirectory + "': all " + ControlDescriptor.APPLICATION_COUNT + " application records are taken, '"
                + name + "' finds none; use another domain directory, or stop all processes and remove the control file");
    }

    private boolean tryAppend(int i, long state, String name, String version, boolean impatient) {
        long claim = writer(CLAIMED);
        if (phase(i, state) == FREE || isWriterDead(state)) {
            // CAS: the claim is exclusive, so the plain stores below have one writer. Its incarnation cannot claim this record twice.
            if (Memory.compareAndSetLong(address(i), state, claim)) {
                writeRecord(i, name, version);
                // CAS, which is a release: pairs with the acquire in find. Fails if somebody lost patience; the record is lost then, and so is what
                // we wrote to it.
                return Memory.compareAndSetLong(address(i), claim, writer(READY));
            }
        } else if (impatient) {
            // A failed CAS means that the claimant moved on, which is as good.
            Memory.compareAndSetLong(address(i), state, SlotState.word(ABANDONED, SlotState.slot(state), SlotState.incarnation(state)));
        } else {
            LockSupport.parkNanos(POLL_NANOS);
        }
        return false;
    }

    private void writeRecord(int i, String name, String version) {
        CheckedText.put(address(i) + ApplicationDescriptor.NAME_LENGTH_OFFSET, name);
        versionOf(i).writeFirst(version);
    }

    /** The version that was registered last, or null while it cannot be told. */
    String version(int i) {
        return versionOf(i).read();
    }

    private ApplicationVersion versionOf(int i) {
        return new ApplicationVersion(address(i), writer(0), this::isWriterDead);
    }

    private boolean isWriterDead(long word) {
        return new DeathWatch(domainDirectory, base, SlotState.slot(word), SlotState.incarnation(word)).isDead();
    }

    private String name(int i) {
        String name = CheckedText.get(address(i) + ApplicationDescriptor.NAME_LENGTH_OFFSET);
        if (name == null) {
            throw new CorruptRegionException(where(i) + "name has a wrong length or crc" + REPAIR);
        }
        return name;
    }

    private int phase(int i, long state) {
        int phase = SlotState.phase(state);
        if (phase > ABANDONED || phase == FREE && state != 0) {
            throw new CorruptRegionException(where(i) + "state word is 0x" + Long.toHexString(state) + ", expected a phase of 0..3" + REPAIR);
        }
        return phase;
    }

    private String where(int i) {
        return "file '" + domainDirectory.resolve(ControlFileCreator.NAME) + "', application record " + i + ": ";
    }

    /** A word of this phase, written by this process. */
    private long writer(int phase) {
        return SlotState.word(phase, processSlot, incarnation);
    }

    private long address(int i) {
        return ControlDescriptor.applicationAddress(base, i);
    }
}
