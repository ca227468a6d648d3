package io.tha.region;

import static io.tha.region.LogDescriptor.READER_APPLIED_OFFSET;
import static io.tha.region.LogDescriptor.READER_CONSUMED_OFFSET;
import static io.tha.region.LogDescriptor.READER_COUNT;
import static io.tha.region.LogDescriptor.READER_REQUEST_HANDLE_OFFSET;
import static io.tha.region.LogDescriptor.READER_REQUEST_LENGTH_OFFSET;
import static io.tha.region.LogDescriptor.READER_REQUEST_NUMBER_OFFSET;
import static io.tha.region.LogDescriptor.READER_REQUEST_START_OFFSET;
import static io.tha.region.LogDescriptor.READER_STATE_OFFSET;

import io.tha.ThaException;
import io.tha.memory.Memory;

/**
 * The reader slots of a log; docs/formats.md 3.4.
 *
 * <pre>
 *  free ──reader──▶ reserved ──reader──▶ active ──writer──▶ dropped
 *   ▲                  │                   │                   │
 *   └── reader leaves, or anyone when its process is dead ─────┘
 * </pre>
 */
public final class ReaderSlots {
    static final int FREE = 0;
    static final int RESERVED = 1;
    static final int ACTIVE = 2;
    static final int DROPPED = 3;

    private static final long NOTHING_APPLIED = -1;

    private static final int STATE_MASK = 0xFF;
    private static final int PROCESS_SHIFT = 8;
    private static final int PROCESS_MASK = 0xFF_FFFF;
    private static final int SEQUENCE_SHIFT = 32;

    private final LogFile log;
    private final ProcessLiveness liveness;

    public ReaderSlots(LogFile log, ProcessLiveness liveness) {
        this.log = log;
        this.liveness = liveness;
    }

    /**
     * Takes a slot; nobody waits for it yet.
     *
     * @throws ThaException if all are taken by live processes
     */
    int reserve(int processSlot) {
        for (int slot = 0; slot < READER_COUNT; slot++) {
            long word = stateVolatile(slot);
            boolean takeable = state(word) == FREE || liveness.isDead(process(word));
            if (takeable && cas(slot, word, next(word, RESERVED, processSlot))) {
                return slot;
            }
        }
        throw new ThaException("log file '" + log.path() + "': all " + READER_COUNT + " reader slots are taken by live standbys; stop one");
    }

    /** From now on the writer waits for the slot's consumed position. */
    void activate(int slot, long consumed) {
        consumedRelease(slot, consumed);
        appliedRelease(slot, NOTHING_APPLIED);
        long word = stateVolatile(slot);
        Memory.putLongVolatile(log.reader(slot) + READER_STATE_OFFSET, next(word, ACTIVE, process(word)));
    }

    void leave(int slot) {
        long word = stateVolatile(slot);
        cas(slot, word, next(word, FREE, 0));
    }

    /** The lowest consumed position of the active readers, or the given one if it is lower or there is none. */
    long lowestConsumed(long limit) {
        long lowest = limit;
        for (int slot = 0; slot < READER_COUNT; slot++) {
            if (state(stateVolatile(slot)) == ACTIVE) {
                lowest = Math.min(lowest, Memory.getLongAcquire(log.reader(slot) + READER_CONSUMED_OFFSET));
            }
        }
        return lowest;
    }

    /** Frees the slots of dead processes. */
    public void reclaim() {
        for (int slot = 0; slot < READER_COUNT; slot++) {
            long word = stateVolatile(slot);
            if (state(word) == ACTIVE && liveness.isDead(process(word))) {
                cas(slot, word, next(word, FREE, 0));
            }
        }
    }

    /**
     * Drops those that stand below a position.
     *
     * @param joiningOnly whether those that have the committed state are spared
     * @return how many
     */
    int drop(long below, boolean joiningOnly) {
        int dropped = 0;
        for (int slot = 0; slot < READER_COUNT; slot++) {
            long word = stateVolatile(slot);
            boolean spared = joiningOnly && Memory.getLongAcquire(log.reader(slot) + READER_APPLIED_OFFSET) != NOTHING_APPLIED;
            boolean slow = state(word) == ACTIVE && Memory.getLongAcquire(log.reader(slot) + READER_CONSUMED_OFFSET) < below;
            if (slow && !spared && cas(slot, word, next(word, DROPPED, process(word)))) {
                dropped++;
            }
        }
        return dropped;
    }

    /** How many readers the writer waits for. */
    public int activeCount() {
        int count = 0;
        for (int slot = 0; slot < READER_COUNT; slot++) {
            if (state(stateVolatile(slot)) == ACTIVE) {
                count++;
            }
        }
        return count;
    }

    /** How many readers have a slot and not the committed state yet; those whose process is dead do not count. */
    public int joiningCount() {
        int count = 0;
        for (int slot = 0; slot < READER_COUNT; slot++) {
            long word = stateVolatile(slot);
            boolean joining = state(word) == RESERVED
                    || state(word) == ACTIVE && Memory.getLongAcquire(log.reader(slot) + READER_APPLIED_OFFSET) == NOTHING_APPLIED;
            if (joining && !liveness.isDead(process(word))) {
                count++;
            }
        }
        return count;
    }

    /** How many readers have read and checked everything below a position; those that still build their copies do not count. */
    public int receivedCount(long position) {
        int count = 0;
        for (int slot = 0; slot < READER_COUNT; slot++) {
            if (applied(slot) > NOTHING_APPLIED && Memory.getLongAcquire(log.reader(slot) + READER_CONSUMED_OFFSET) >= position) {
                count++;
            }
        }
        return count;
    }

    /** Whether all readers whose processes live have read and checked everything below a position; they need not have applied it. */
    boolean haveAllConsumed(long position) {
        for (int slot = 0; slot < READER_COUNT; slot++) {
            long word = stateVolatile(slot);
            boolean behind = state(word) == ACTIVE && Memory.getLongAcquire(log.reader(slot) + READER_CONSUMED_OFFSET) < position;
            if (behind && !liveness.isDead(process(word))) {
                return false;
            }
        }
        return true;
    }

    /** How many readers have everything below a position in their pools. */
    public int appliedCount(long position) {
        int count = 0;
        for (int slot = 0; slot < READER_COUNT; slot++) {
            if (applied(slot) >= position) {
                count++;
            }
        }
        return count;
    }

    /**
     * Whether no living reader has applied more than this one, nor as much in a slot before it: who of several standbys should take over. A reader
     * that builds its copy, or was dropped, is not first.
     */
    boolean isFirst(int slot) {
        long mine = applied(slot);
        boolean first = mine > NOTHING_APPLIED;
        for (int other = 0; other < READER_COUNT && first; other++) {
            long theirs = other == slot ? NOTHING_APPLIED : applied(other);
            boolean before = theirs > mine || theirs == mine && other < slot;
            first = !before || liveness.isDead(process(stateVolatile(other)));
        }
        return first;
    }

    /** How many readers have the committed state: their copies are not being built any more. */
    public int followingCount() {
        return appliedCount(NOTHING_APPLIED + 1);
    }

    /** Below this it has everything in its pool. */
    private long applied(int slot) {
        return state(stateVolatile(slot)) == ACTIVE ? Memory.getLongAcquire(log.reader(slot) + READER_APPLIED_OFFSET) : NOTHING_APPLIED;
    }

    boolean isActive(int slot) {
        return state(stateVolatile(slot)) == ACTIVE;
    }

    /** Release: the reader uses nothing below any more. Pairs with the acquire in {@link #lowestConsumed}. */
    void consumedRelease(int slot, long position) {
        Memory.putLongRelease(log.reader(slot) + READER_CONSUMED_OFFSET, position);
    }

    /** Release: the transactions below are in the reader's pool. */
    void appliedRelease(int slot, long position) {
        Memory.putLongRelease(log.reader(slot) + READER_APPLIED_OFFSET, position);
    }

    /** The lowest applied position of the active readers; the given one if there is none. */
    public long lowestApplied(long limit) {
        long lowest = limit;
        for (int slot = 0; slot < READER_COUNT; slot++) {
            if (state(stateVolatile(slot)) == ACTIVE) {
                lowest = Math.min(lowest, Memory.getLongAcquire(log.reader(slot) + READER_APPLIED_OFFSET));
            }
        }
        return lowest;
    }

    /** Release: the reader wants a part of an object. Pairs with {@link #requestNumberAcquire}. */
    void requestRelease(int slot, long handle, int start, int lengthBytes) {
        long reader = log.reader(slot);
        Memory.putLong(reader + READER_REQUEST_HANDLE_OFFSET, handle);
        Memory.putInt(reader + READER_REQUEST_START_OFFSET, start);
        Memory.putInt(reader + READER_REQUEST_LENGTH_OFFSET, lengthBytes);
        Memory.putLongRelease(reader + READER_REQUEST_NUMBER_OFFSET, Memory.getLong(reader + READER_REQUEST_NUMBER_OFFSET) + 1);
    }

    /** Acquire: the request with this number, of whatever reader had the slot, can be read; 0 before the first. */
    long requestNumberAcquire(int slot) {
        return Memory.getLongAcquire(log.reader(slot) + READER_REQUEST_NUMBER_OFFSET);
    }

    long requestHandle(int slot) {
        return Memory.getLong(log.reader(slot) + READER_REQUEST_HANDLE_OFFSET);
    }

    int requestStart(int slot) {
        return Memory.getInt(log.reader(slot) + READER_REQUEST_START_OFFSET);
    }

    int requestLength(int slot) {
        return Memory.getInt(log.reader(slot) + READER_REQUEST_LENGTH_OFFSET);
    }

    private long stateVolatile(int slot) {
        return Memory.getLongVolatile(log.reader(slot) + READER_STATE_OFFSET);
    }

    private boolean cas(int slot, long expected, long next) {
        return Memory.compareAndSetLong(log.reader(slot) + READER_STATE_OFFSET, expected, next);
    }

    private static int state(long word) {
        return (int) word & STATE_MASK;
    }

    private static int process(long word) {
        return (int) (word >>> PROCESS_SHIFT) & PROCESS_MASK;
    }

    private static long next(long word, int state, int process) {
        return (word >>> SEQUENCE_SHIFT) + 1 << SEQUENCE_SHIFT | (long) process << PROCESS_SHIFT | state;
    }
}
