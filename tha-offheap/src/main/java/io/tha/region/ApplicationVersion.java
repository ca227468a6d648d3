package io.tha.region;

import io.tha.memory.Memory;
import java.util.function.LongPredicate;

/**
 * The version text of one application: two copies, and a word that says which is current and who writes the other. For messages only; nothing is
 * decided by it.
 *
 * <p>Threads: any; a copy has one writer at a time, chosen by CAS of the version word.
 */
final class ApplicationVersion {
    /** Phases of the version word: 0 and 1 name the current copy, 2 and 3 say that the other than 0 or 1 is being written. */
    private static final int WRITING = 2;

    private static final int COPY_MASK = 1;
    private static final int MAX_PHASE = WRITING | COPY_MASK;
    private static final int READ_ATTEMPTS = 100;

    private final long word;
    private final long copies;
    private final long writer;
    private final LongPredicate isWriterDead;

    /**
     * Of one record.
     *
     * @param writer a word of phase 0 with this process's slot and incarnation
     * @param isWriterDead whether the process that a word names has died
     */
    ApplicationVersion(long recordAddress, long writer, LongPredicate isWriterDead) {
        word = recordAddress + ApplicationDescriptor.VERSION_WORD_OFFSET;
        copies = recordAddress + ApplicationDescriptor.VERSION_COPIES_OFFSET;
        this.writer = writer;
        this.isWriterDead = isWriterDead;
    }

    /** Plain stores: the record is not READY yet. */
    void writeFirst(String version) {
        CheckedText.put(copies, version);
        Memory.putLong(word, writer);
    }

    /**
     * Makes this the version, unless a living process is writing another at this moment: then ours counts as the one before it. So nobody waits.
     */
    void update(String version) {
        long found = Memory.getLongAcquire(word);
        int phase = SlotState.phase(found);
        if (phase > MAX_PHASE || (phase & WRITING) != 0 && !isWriterDead.test(found)) {
            return;
        }
        int current = phase & COPY_MASK;
        if (version.equals(CheckedText.get(copy(current)))) {
            return;
        }
        long writing = writer | WRITING | current;
        // CAS: of several writers one goes on. The dead one before us can store nothing more.
        if (Memory.compareAndSetLong(word, found, writing)) {
            CheckedText.put(copy(1 - current), version);
            // Release: pairs with the acquire in read; nobody else changes the word while we live.
            Memory.putLongRelease(word, writer | (1 - current));
        }
    }

    /** The current version, or null if it changes all the time or is damaged. */
    String read() {
        for (int i = 0; i < READ_ATTEMPTS; i++) {
            long found = Memory.getLongAcquire(word);
            // A copy that is overwritten while it is read shows by its CRC, or by the word having changed.
            String version = CheckedText.get(copy(SlotState.phase(found) & COPY_MASK));
            Memory.loadFence();
            if (version != null && Memory.getLongAcquire(word) == found) {
                return version;
            }
            Thread.onSpinWait();
        }
        return null;
    }

    private long copy(int index) {
        return copies + (long) index * ApplicationDescriptor.VERSION_COPY_LENGTH;
    }
}
