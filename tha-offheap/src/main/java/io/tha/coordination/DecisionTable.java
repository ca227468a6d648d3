package io.tha.coordination;

import static io.tha.coordination.DecisionDescriptor.APPLICATIONS_OFFSET;
import static io.tha.coordination.DecisionDescriptor.APPLICATION_LENGTH;
import static io.tha.coordination.DecisionDescriptor.ARGUMENT_OFFSET;
import static io.tha.coordination.DecisionDescriptor.CAPACITY_OFFSET;
import static io.tha.coordination.DecisionDescriptor.COUNT_OFFSET;
import static io.tha.coordination.DecisionDescriptor.ENTRY_ID_OFFSET;
import static io.tha.coordination.DecisionDescriptor.ENTRY_LENGTH;
import static io.tha.coordination.DecisionDescriptor.ENTRY_RESUMES_OFFSET;
import static io.tha.coordination.DecisionDescriptor.HEADER_LENGTH;
import static io.tha.coordination.DecisionDescriptor.HEADER_LENGTH_OFFSET;
import static io.tha.coordination.DecisionDescriptor.HEAD_OFFSET;
import static io.tha.coordination.DecisionDescriptor.ID_OFFSET;
import static io.tha.coordination.DecisionDescriptor.MAGIC;
import static io.tha.coordination.DecisionDescriptor.MAGIC_OFFSET;
import static io.tha.coordination.DecisionDescriptor.MAX_APPLICATIONS;
import static io.tha.coordination.DecisionDescriptor.MAX_CAPACITY;
import static io.tha.coordination.DecisionDescriptor.MIN_CAPACITY;
import static io.tha.coordination.DecisionDescriptor.PARTICIPANTS_OFFSET;
import static io.tha.coordination.DecisionDescriptor.PARTICIPANT_APPLICATION_OFFSET;
import static io.tha.coordination.DecisionDescriptor.PARTICIPANT_ENTRY_OFFSET;
import static io.tha.coordination.DecisionDescriptor.PARTICIPANT_LENGTH;
import static io.tha.coordination.DecisionDescriptor.PASSED_OFFSET;
import static io.tha.coordination.DecisionDescriptor.RECORD_LENGTH;
import static io.tha.coordination.DecisionDescriptor.TAIL_OFFSET;
import static io.tha.coordination.DecisionDescriptor.TRIGGER_OFFSET;
import static io.tha.coordination.DecisionDescriptor.USED_OFFSET;
import static io.tha.coordination.DecisionDescriptor.VERSION;
import static io.tha.coordination.DecisionDescriptor.VERSION_OFFSET;
import static io.tha.coordination.DecisionDescriptor.WORD_OFFSET;

import io.tha.CorruptRegionException;
import io.tha.memory.Memory;

/**
 * The words of a decision table, wherever its memory is: of several processes, or one's own. What may be written when, {@link Decisions} knows;
 * docs/coordination.md 2.
 *
 * <p>Threads: any. Not final, so that tests can stop a process before and behind each {@link #cas}.
 */
class DecisionTable {
    /** A participant that has no entry in its application's chain yet. */
    static final long NO_ENTRY = -1;

    /** What a word has beside the tag. */
    private static final long VALUE_MASK = (1L << DecisionWord.TAG_SHIFT) - 1;

    private final int applications;
    private final int capacity;
    private final int capacityShift;
    private final long start;
    private final long chainsOf;
    private final long entries;
    private final long records;

    /**
     * Uses a table.
     *
     * @param address where it begins, a multiple of 64
     * @param lengthBytes that are mapped there
     * @throws CorruptRegionException if there is none
     */
    DecisionTable(long address, long lengthBytes) {
        if (lengthBytes < HEADER_LENGTH || Memory.getLong(address + MAGIC_OFFSET) != MAGIC) {
            throw new CorruptRegionException("decision table: " + lengthBytes + " bytes that begin with 0x"
                    + (lengthBytes < HEADER_LENGTH ? "" : Long.toHexString(Memory.getLong(address + MAGIC_OFFSET))) + ", expected at least "
                    + HEADER_LENGTH + " that begin with 0x" + Long.toHexString(MAGIC) + "; stop all processes of the domain and remove it");
        }
        int version = Memory.getInt(address + VERSION_OFFSET);
        applications = Memory.getInt(address + APPLICATIONS_OFFSET);
        capacity = Memory.getInt(address + CAPACITY_OFFSET);
        boolean sound = version >>> Short.SIZE == VERSION >>> Short.SIZE && Memory.getInt(address + HEADER_LENGTH_OFFSET) == HEADER_LENGTH
                && isPossible(applications, capacity) && lengthBytes >= bytes(applications, capacity);
        if (!sound) {
            throw new CorruptRegionException("decision table: version " + (version >>> Short.SIZE) + "." + (version & 0xFFFF) + ", " + applications
                    + " applications, capacity " + capacity + ", " + lengthBytes + " bytes; expected version " + (VERSION >>> Short.SIZE) + ", 1 to "
                    + MAX_APPLICATIONS + " applications, a power of two from " + MIN_CAPACITY + " to " + MAX_CAPACITY
                    + ", and the bytes for that; stop all processes of the domain and remove it");
        }
        capacityShift = Integer.numberOfTrailingZeros(capacity);
        start = address;
        chainsOf = address + HEADER_LENGTH;
        entries = chainsOf + (long) applications * APPLICATION_LENGTH;
        records = entries + (long) applications * capacity * ENTRY_LENGTH;
    }

    /**
     * Makes an empty table.
     *
     * @param address of as many zeroed {@link #bytes}
     */
    static DecisionTable create(long address, int applications, int capacity) {
        if (!isPossible(applications, capacity)) {
            throw new IllegalArgumentException("decision table of " + applications + " applications and capacity " + capacity + ", expected 1 to "
                    + MAX_APPLICATIONS + ", and a power of two from " + MIN_CAPACITY + " to " + MAX_CAPACITY);
        }
        Memory.putInt(address + VERSION_OFFSET, VERSION);
        Memory.putInt(address + HEADER_LENGTH_OFFSET, HEADER_LENGTH);
        Memory.putInt(address + APPLICATIONS_OFFSET, applications);
        Memory.putInt(address + CAPACITY_OFFSET, capacity);
        Memory.putLong(address + MAGIC_OFFSET, MAGIC);
        return new DecisionTable(address, bytes(applications, capacity));
    }

    private static boolean isPossible(int applications, int capacity) {
        return applications > 0 && applications <= MAX_APPLICATIONS && capacity >= MIN_CAPACITY && capacity <= MAX_CAPACITY
                && Integer.bitCount(capacity) == 1;
    }

    /** The length of a table. */
    static long bytes(int applications, int capacity) {
        return HEADER_LENGTH + applications * (APPLICATION_LENGTH + (long) capacity * ENTRY_LENGTH) + (long) capacity * RECORD_LENGTH;
    }

    /**
     * Every store into a transaction that was begun, and into a chain, is this one: whoever was stopped before it, and goes on when others have gone
     * on for it, does not find the value that it expects, since none comes back; docs/coordination.md 2.6. A full fence.
     */
    boolean cas(long address, long expected, long value) {
        return Memory.compareAndSetLong(address, expected, value);
    }

    int applications() {
        return applications;
    }

    int capacity() {
        return capacity;
    }

    /** All applications that were ever named by a transaction are below it: who looks at all chains looks at no more. */
    int usedVolatile() {
        return Math.min(Memory.getIntVolatile(start + USED_OFFSET), applications);
    }

    /** Before the word of a record that names one; only upward. */
    private void raiseUsed(int application) {
        int used = Memory.getIntVolatile(start + USED_OFFSET);
        while (used <= application && !Memory.compareAndSetInt(start + USED_OFFSET, used, application + 1)) {
            used = Memory.getIntVolatile(start + USED_OFFSET);
        }
    }

    /** How many entries a chain ever had. */
    long tailVolatile(int application) {
        return Memory.getLongVolatile(chain(application) + TAIL_OFFSET);
    }

    /**
     * CAS, since an active that was stopped may go on when its successor has moved it. A full fence: before what its owner reads afterwards, see
     * docs/coordination.md 2.5.
     */
    boolean casTail(int application, long from, long to) {
        return cas(chain(application) + TAIL_OFFSET, from, to);
    }

    /** The address of what belongs to an application beside its entries. */
    long chain(int application) {
        return chainsOf + (long) application * APPLICATION_LENGTH;
    }

    /** Below it all is decided, and rolled back where it was aborted. */
    long headVolatile(int application) {
        return Memory.getLongVolatile(chain(application) + HEAD_OFFSET);
    }

    /** The head; a chain that is longer than its entries would be walked for ever. */
    long requirePossibleChain(int application) {
        long head = headVolatile(application);
        long length = tailVolatile(application) - head;
        // Others may move both in between.
        if ((length < 0 || length > capacity) && headVolatile(application) == head) {
            throw corrupt("length of chain " + application, length, capacity);
        }
        return head;
    }

    boolean casHead(int application, long from, long to) {
        return cas(chain(application) + HEAD_OFFSET, from, to);
    }

    private long entry(int application, long number) {
        return entries + ((long) application * capacity + (number & capacity - 1)) * ENTRY_LENGTH;
    }

    /** The id in an entry below the tail. Acquire: pairs with {@link #casId}; if it is a later entry's, {@link #resumesAcquire} says so behind it. */
    long idAcquire(int application, long number) {
        return Memory.getLongAcquire(entry(application, number) + ENTRY_ID_OFFSET);
    }

    /** Puts an id into an entry that was {@linkplain #claimEntry claimed}; the tail makes it visible. */
    boolean casId(int application, long number, long from, long id) {
        return cas(entry(application, number) + ENTRY_ID_OFFSET, from, id);
    }

    /** Where the chain goes on behind an entry that was rolled back; 0 if it was not, {@link ResumesWord#OVERWRITTEN} if it is there no more. */
    long resumesAcquire(int application, long number) {
        return ResumesWord.resumes(Memory.getLongAcquire(entry(application, number) + ENTRY_RESUMES_OFFSET), number);
    }

    /** Pairs with the acquire; what was aborted is aborted before. Fails if it was rolled back already. */
    boolean casResumes(int application, long number, long to) {
        return cas(entry(application, number) + ENTRY_RESUMES_OFFSET, ResumesWord.entered(number), ResumesWord.rolledBack(number, to));
    }

    /** Makes a place that of the entry at the tail, before its id; false if somebody has done so before, for this entry or a later one. */
    boolean claimEntry(int application, long number) {
        long address = entry(application, number) + ENTRY_RESUMES_OFFSET;
        long word = Memory.getLongAcquire(address);
        while (ResumesWord.isBefore(word, number)) {
            if (cas(address, word, ResumesWord.entered(number))) {
                return true;
            }
            word = Memory.getLongAcquire(address);
        }
        return false;
    }

    /** The address of the record that a transaction has, or would have. */
    long record(long id) {
        return records + (id & capacity - 1) * RECORD_LENGTH;
    }

    /** The id that a record has, or had last; for looks at all records. */
    long idOf(long index) {
        return Memory.getLong(records + index * RECORD_LENGTH + ID_OFFSET);
    }

    /** What tells its word from those of the transactions that had the record before. */
    long tag(long id) {
        return id >>> capacityShift & DecisionWord.TAG_MASK;
    }

    /** Whether a record is this transaction's: it was begun, and not all have passed. */
    boolean isOf(long record, long id) {
        long word = wordVolatile(record);
        return DecisionWord.state(word) >= DecisionWord.OPEN && DecisionWord.tag(word) == tag(id) && Memory.getLong(record + ID_OFFSET) == id;
    }

    long wordVolatile(long record) {
        return Memory.getLongVolatile(record + WORD_OFFSET);
    }

    boolean casWord(long record, long expected, long word) {
        return cas(record + WORD_OFFSET, expected, word);
    }

    /** Fills a record that was claimed; its word follows. */
    void putRecord(long record, long id, Trigger trigger, int argument, int... participants) {
        Memory.putLong(record + ID_OFFSET, id);
        Memory.putInt(record + TRIGGER_OFFSET, trigger.code());
        Memory.putInt(record + ARGUMENT_OFFSET, argument);
        Memory.putInt(record + COUNT_OFFSET, participants.length);
        Memory.putLong(record + PASSED_OFFSET, tagged(id, 0));
        for (int k = 0; k < participants.length; k++) {
            long participant = participant(record, k);
            Memory.putLong(participant + PARTICIPANT_APPLICATION_OFFSET, participants[k]);
            Memory.putLong(participant + PARTICIPANT_ENTRY_OFFSET, tagged(id, VALUE_MASK));
            raiseUsed(participants[k]);
        }
    }

    /** A value with what tells it from those of the transactions that had the record before. */
    private long tagged(long id, long value) {
        return tag(id) << DecisionWord.TAG_SHIFT | value;
    }

    private boolean isTagged(long word, long id) {
        return DecisionWord.tag(word) == tag(id);
    }

    private static long participant(long record, int index) {
        return record + PARTICIPANTS_OFFSET + (long) index * PARTICIPANT_LENGTH;
    }

    Trigger trigger(long record) {
        return Trigger.of(Memory.getInt(record + TRIGGER_OFFSET));
    }

    int argument(long record) {
        return Memory.getInt(record + ARGUMENT_OFFSET);
    }

    /** How many participants it has. */
    int participants(long record) {
        int count = Memory.getInt(record + COUNT_OFFSET);
        if (count < 0 || count > DecisionWord.MAX_PARTICIPANTS) {
            throw corrupt("participants", count, DecisionWord.MAX_PARTICIPANTS);
        }
        return count;
    }

    int application(long record, int participant) {
        int application = Memory.getInt(participant(record, participant) + PARTICIPANT_APPLICATION_OFFSET);
        if (application < 0 || application >= applications) {
            throw corrupt("application", application, applications - 1L);
        }
        return application;
    }

    private static CorruptRegionException corrupt(String what, long found, long most) {
        return new CorruptRegionException("decision table: " + what + " " + found + ", expected 0 to " + most
                + "; the region was damaged, stop all processes of the domain and remove it");
    }

    /** Which participant an application is; negative if it is none. */
    int find(long record, int application) {
        for (int k = participants(record) - 1; k >= 0; k--) {
            if (application(record, k) == application) {
                return k;
            }
        }
        return -1;
    }

    /**
     * The number of a participant's entry in its application's chain, or {@link #NO_ENTRY}, also if the record is another transaction's by now; it
     * has one before it is done. Acquire: pairs with {@link #casEntry}.
     */
    long entryAcquire(long record, int participant, long id) {
        long word = Memory.getLongAcquire(participant(record, participant) + PARTICIPANT_ENTRY_OFFSET);
        long number = word & VALUE_MASK;
        return isTagged(word, id) && number != VALUE_MASK ? number : NO_ENTRY;
    }

    /** Says which number the entry will have, before it is there; fails if somebody has said so. */
    boolean casEntry(long record, int participant, long id, long number) {
        return cas(participant(record, participant) + PARTICIPANT_ENTRY_OFFSET, tagged(id, VALUE_MASK), tagged(id, number));
    }

    /** Whether a word of this record says that nobody can abort it but what it depends on. */
    boolean isComplete(long record, long word) {
        return trigger(record).isComplete(argument(record), participants(record), DecisionWord.done(word));
    }

    /** Adds a participant to those that have acted on the decision, if it is none of them yet; returns all of them, 0 if the record is another's. */
    long addPassed(long record, int participant, long id) {
        long address = record + PASSED_OFFSET;
        long bit = 1L << participant;
        long passed = Memory.getLongAcquire(address);
        while (isTagged(passed, id) && (passed & bit) == 0) {
            passed = cas(address, passed, passed | bit) ? passed | bit : Memory.getLongAcquire(address);
        }
        return isTagged(passed, id) ? passed & VALUE_MASK : 0;
    }

    boolean hasPassed(long record, int participant) {
        return (Memory.getLongAcquire(record + PASSED_OFFSET) >>> participant & 1) != 0;
    }
}
