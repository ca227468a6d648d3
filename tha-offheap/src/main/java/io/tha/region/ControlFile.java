package io.tha.region;

import io.tha.CorruptRegionException;
import io.tha.ThaException;
import io.tha.memory.Memory;
import io.tha.memory.Protection;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * The control file of a domain: who takes part, which applications there are, how far each one's takeover has come, and the ids of transactions.
 *
 * <p>A process may open it any number of times: all share one mapping and one process slot, and both live as long as the process.
 *
 * <p>Threads: any.
 */
public final class ControlFile implements TransactionIdSource, AutoCloseable {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1," + ApplicationDescriptor.MAX_TEXT_LENGTH + "}");
    private static final Pattern VERSION = Pattern.compile("[\\x21-\\x7e]{1," + ApplicationDescriptor.MAX_TEXT_LENGTH + "}");

    private static final int SLOT_BITS = 8;
    private static final int SLOT_MASK = 0xFF;

    private final Membership membership;
    private final long base;
    private final ApplicationTable applications;
    private volatile boolean closed;

    ControlFile(Membership membership) {
        this.membership = membership;
        base = membership.base();
        applications = new ApplicationTable(membership.domainDirectory(), base, membership.processSlot());
    }

    /**
     * Opens the control file, creating directory and file if they are missing, and makes this process a member of the domain.
     *
     * @param domainDirectory whose parent exists
     * @throws CorruptRegionException if the file is not a control file, or damaged
     * @throws ThaException if it is of another version, belongs to somebody else, or all process slots are taken
     */
    public static ControlFile open(Path domainDirectory) {
        return new ControlFile(Membership.of(domainDirectory));
    }

    /** The real path: absolute, without symbolic links. */
    public Path domainDirectory() {
        return membership.domainDirectory();
    }

    /** The slot of this process incarnation. */
    public int processSlot() {
        return membership.processSlot();
    }

    /**
     * Finds the application's record, or appends it; the version is kept as the one registered last.
     *
     * @param name 1 to 64 of A-Z a-z 0-9 _ -
     * @param version 1 to 64 printable ASCII characters without blanks
     * @return the index of the record
     * @throws ThaException if all records are taken
     */
    public int application(String name, String version) {
        checkOpen();
        check("application name", name, NAME);
        check("version of application '" + name + "'", version, VERSION);
        return applications.register(name, version);
    }

    /** The index of a registered application, or -1. */
    public int findApplication(String name) {
        checkOpen();
        return applications.find(name);
    }

    /** The version that was registered last, or null if it cannot be told. */
    String version(int application) {
        checkOpen();
        checkIndex("application", application, ControlDescriptor.APPLICATION_COUNT);
        return applications.version(application);
    }

    /** The application's takeover word; pairs with {@link #casTakeoverWord}: what its writer stored before is visible. */
    public long takeoverWordAcquire(int application) {
        return Memory.getLongAcquire(takeoverWordAddress(application));
    }

    /** Makes one step of a takeover. Returns whether the word was the expected one, and so was changed. */
    public boolean casTakeoverWord(int application, long expected, long next) {
        if (Protection.CLAIM_BY_CAS.isBroken()) {
            Memory.putLongVolatile(takeoverWordAddress(application), next);
            return true;
        }
        return Memory.compareAndSetLong(takeoverWordAddress(application), expected, next);
    }

    /**
     * Shows that the process of an epoch is not hung; {@link Lease}. Where another one has claimed a later epoch, nothing is changed; who was stopped
     * right before the last step, and resumes when nobody has beaten since, adds one beat.
     *
     * @param epoch that the process has claimed, or serves
     */
    public void beat(int application, long epoch) {
        long address = beatWordAddress(application);
        long word = Memory.getLongVolatile(address);
        if (TakeoverWord.epoch(takeoverWordAcquire(application)) == epoch) {
            Memory.compareAndSetLong(address, word, word + 1);
        }
    }

    /** The application's beat word: changes while who must beat is not hung. */
    public long beatWord(int application) {
        return Memory.getLongVolatile(beatWordAddress(application));
    }

    private long beatWordAddress(int application) {
        checkIndex("application", application, ControlDescriptor.APPLICATION_COUNT);
        return ControlDescriptor.applicationAddress(base, application) + ApplicationDescriptor.BEAT_WORD_OFFSET;
    }

    @Override
    public boolean isOldTransactionId(long id) {
        return Memory.getLongAcquire(base + ControlDescriptor.NEXT_TRANSACTION_ID_OFFSET) - id > OutcomeTable.IDS / 2;
    }

    /** Nobody else in the domain gets them; the first of a domain is 1. */
    @Override
    public long takeTransactionIds(int count) {
        checkOpen();
        if (count < 1) {
            throw new IllegalArgumentException("transaction ids: count " + count + ", expected at least 1");
        }
        long first = Memory.getAndAddLong(base + ControlDescriptor.NEXT_TRANSACTION_ID_OFFSET, count);
        if (first < 1 || first > Long.MAX_VALUE - count) {
            throw new CorruptRegionException("file '" + domainDirectory().resolve(ControlFileCreator.NAME) + "': next transaction id is " + first
                    + ", expected 1.." + Long.MAX_VALUE + "; stop all processes of the domain and remove the file");
        }
        return first;
    }

    /** Whoever watches this process looks again at once: its takeover word has changed. */
    public void wakeWatchers() {
        watch(processSlot()).wake();
    }

    /** Watches the incarnation that occupies the slot now; where there is none, the watch says dead. */
    public DeathWatch watch(int processSlot) {
        checkOpen();
        checkIndex("process slot", processSlot, ControlDescriptor.PROCESS_COUNT);
        return new DeathWatch(domainDirectory(), base, processSlot);
    }

    /** Watches one incarnation of the process in a slot, which may have a successor by now. */
    DeathWatch watch(int processSlot, long incarnation) {
        checkOpen();
        checkIndex("process slot", processSlot, ControlDescriptor.PROCESS_COUNT);
        return new DeathWatch(domainDirectory(), base, processSlot, incarnation);
    }

    /** Of this process in its slot; slot and incarnation name a process of the domain for all time. */
    long incarnation() {
        long slotAddress = ControlDescriptor.processSlotAddress(base, processSlot());
        return SlotState.incarnation(Memory.getLongVolatile(slotAddress + ProcessSlotDescriptor.STATE_WORD_OFFSET));
    }

    /** Names this process for all time: its incarnation, and its slot in the lowest byte; never 0. */
    public long processWord() {
        return incarnation() << SLOT_BITS | processSlot();
    }

    /** Of the process that a {@link #processWord} names. */
    public ProcessRemains remains(long processWord) {
        checkOpen();
        return new ProcessRemains(domainDirectory(), base, (int) processWord & SLOT_MASK, processWord >>> SLOT_BITS);
    }

    private long takeoverWordAddress(int application) {
        checkOpen();
        checkIndex("application", application, ControlDescriptor.APPLICATION_COUNT);
        return ControlDescriptor.applicationAddress(base, application) + ApplicationDescriptor.TAKEOVER_WORD_OFFSET;
    }

    private static void checkIndex(String what, int index, int count) {
        if (index < 0 || index >= count) {
            throw new ThaException(what + " " + index + ", expected 0.." + (count - 1));
        }
    }

    private static void check(String what, String text, Pattern pattern) {
        if (!pattern.matcher(text).matches()) {
            throw new IllegalArgumentException(what + " is '" + text + "', expected " + pattern);
        }
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("the control file of '" + membership.domainDirectory() + "' was closed here; open it again");
        }
    }

    /** Ends the use of this object; the process stays a member of the domain until it ends. */
    @Override
    public void close() {
        closed = true;
    }
}
