package io.tha.region;

import static io.tha.region.FrameDescriptor.COMMIT_FIRST_POSITION_OFFSET;
import static io.tha.region.FrameDescriptor.HEADER_LENGTH;
import static io.tha.region.FrameDescriptor.LENGTH_OFFSET;
import static io.tha.region.FrameDescriptor.TRANSACTION_ID_OFFSET;
import static io.tha.region.FrameDescriptor.TYPE_OFFSET;

import io.tha.CorruptRegionException;
import io.tha.Intent;
import io.tha.ThaException;
import io.tha.memory.Checksum;
import io.tha.memory.CrashPoint;
import io.tha.memory.Memory;
import io.tha.memory.Posix;
import io.tha.memory.Protection;
import java.util.List;

/**
 * Follows a log: delivers committed transactions whole and in order, each after all its frames have been checked.
 *
 * <p>Threads: one.
 */
public final class LogReader implements AutoCloseable {
    /** The log was sealed and everything in it was delivered; do not retry. */
    public static final int ENDED = -1;

    /** What was to be read has been given up by the writer: this reader was dropped; build the pool anew. */
    public static final int LAGGED = -2;

    private static final long MAX_SLEEP_NANOS = 10_000_000;
    private static final int MAX_TRANSACTIONS = 256;

    private final LogFile log;
    private final Checksum checksum;
    private final Backoff backoff = new Backoff();
    private final ReaderSlots slots;
    private final int slot;
    private final OverflowReader overflow;
    private final UndecidedTransactions undecided;

    private long position;
    private boolean appliesAtOnce;
    /** Null before {@link #recordOutcomes}. */
    private OutcomeTable outcomes;

    private LogReader(LogFile log, ReaderSlots slots, int slot) {
        this.log = log;
        this.slots = slots;
        this.slot = slot;
        checksum = log.hasChecksums() ? log.checksum() : null;
        overflow = new OverflowReader(log);
        undecided = new UndecidedTransactions(overflow);
    }

    /**
     * Registers a reader from a position on that keeps being readable.
     *
     * @param start computes, after the registration, where to begin: the redo start
     * @throws CorruptRegionException if the redo start is where it cannot be
     */
    public static LogReader join(LogFile log, ReaderSlots slots, int processSlot, RedoStart start) {
        int slot = slots.reserve(processSlot);
        LogReader reader = new LogReader(log, slots, slot);
        try {
            reader.begin(start);
            return reader;
        } catch (RuntimeException | Error e) {
            reader.close();
            throw e;
        }
    }

    /**
     * Registers a reader from a given position on, if that is readable still.
     *
     * @param position where a publication of this log begins, or its tail
     * @return null if it is not
     */
    public static LogReader resume(LogFile log, ReaderSlots slots, int processSlot, long position) {
        LogReader reader = new LogReader(log, slots, slots.reserve(processSlot));
        reader.position = position;
        slots.activate(reader.slot, position);
        // After the registration: what is readable now stays so, unless the writer had decided before it could know of this reader.
        if (log.isReadable(position) && position <= log.checkedTail()) {
            return reader;
        }
        reader.close();
        return null;
    }

    /** The writer may outrun the first looks, but never gives up what is the redo start at that time. */
    private void begin(RedoStart start) {
        long before;
        position = -1;
        do {
            before = position;
            position = start.position();
            slots.activate(slot, position);
        } while (!log.isReadable(position) && position != before);
        if (!log.isReadable(position)) {
            throw new CorruptRegionException("log file '" + log.path() + "': begins to be readable behind the redo start, " + position
                    + "; the log or the image was damaged, rebuild the domain");
        }
    }

    /** Where a reader must begin. */
    public interface RedoStart {
        /** A position below which nothing is needed. */
        long position();
    }

    /** {@link #poll(FrameHandler, int)} of as many as there are. */
    public int poll(FrameHandler handler) {
        return poll(handler, MAX_TRANSACTIONS);
    }

    /**
     * Delivers what is there, SCRUB frames too.
     *
     * @param most how many of them
     * @return how many transactions and SCRUB frames, or {@link #ENDED}, or {@link #LAGGED}
     * @throws CorruptRegionException if the log is damaged
     */
    public int poll(FrameHandler handler, int most) {
        long tailWord = log.tailWordAcquire();
        long tail = tailWord & ~LogDescriptor.SEALED;
        if (position >= tail) {
            return position > tail || !slots.isActive(slot) ? LAGGED : LogFile.isSealed(tailWord) ? ENDED : 0;
        }
        int transactions = 0;
        while (position < tail && transactions < Math.min(most, MAX_TRANSACTIONS)) {
            long next = lookedAtTwice(tail, handler);
            if (next < 0 || !isStillReadable()) {
                return LAGGED;
            }
            position = next;
            transactions++;
        }
        slots.consumedRelease(slot, position);
        if (appliesAtOnce) {
            slots.appliedRelease(slot, position);
        }
        return transactions;
    }

    /** What goes wrong with bytes that the writer has overwritten meanwhile is no damage: this reader was dropped. */
    private long lookedAtTwice(long tail, FrameHandler handler) {
        try {
            return step(tail, handler);
        } catch (RuntimeException e) {
            if (isStillReadable()) {
                throw e;
            }
            return -1;
        }
    }

    /** The second look: whether what was used from {@link #position} on was not overwritten under this reader. */
    private boolean isStillReadable() {
        return Protection.SECOND_LOOK.isBroken() || log.isReadable(position);
    }

    /** Checks frames up to the next one that decides a transaction, then delivers that; the position behind it, or -1 when lagged. */
    private long step(long tail, FrameHandler handler) {
        if (tail - position > log.capacity() || !log.isReadable(position)) {
            return -1;
        }
        long at = position;
        while (at < tail) {
            long left = log.leftInRing(at);
            if (left < HEADER_LENGTH) {
                at += left;
                continue;
            }
            long address = log.address(at);
            String problem = FrameCheck.problem(address, at, Math.min(left, tail - at), checksum);
            if (problem != null) {
                return damaged(at, problem);
            }
            int type = Memory.getShort(address + TYPE_OFFSET);
            long end = at + Memory.getInt(address + LENGTH_OFFSET);
            if (type == FrameType.COMMIT) {
                return commit(at, end, handler) ? end : -1;
            } else if (type == FrameType.SCRUB) {
                return scrub(at, end, handler) ? end : -1;
            } else if (type == FrameType.ABORT) {
                abort(Memory.getLong(address + TRANSACTION_ID_OFFSET));
            } else {
                problem = undecided.read(type, address);
                if (problem != null) {
                    return damaged(at, problem);
                }
            }
            at = end;
        }
        return at;
    }

    private boolean scrub(long at, long end, FrameHandler handler) {
        handler.scrub(log.address(at), (int) (end - at));
        if (!log.isReadable(position)) {
            return false;
        }
        handler.scrubbed(end);
        return true;
    }

    private long damaged(long at, String problem) {
        if (!isStillReadable()) {
            return -1;
        }
        throw new CorruptRegionException("log file '" + log.path() + "' at position " + at + ": " + problem
                + "; the region was damaged, rebuild this standby");
    }

    private void abort(long id) {
        undecided.decided(id);
        if (outcomes != null && isStillReadable()) {
            outcomes.aborted(id);
        }
    }

    /** The frames in the ring come between the ranges that were published before and those of this publication. */
    private boolean commit(long commitPosition, long end, FrameHandler handler) {
        long address = log.address(commitPosition);
        long id = Memory.getLong(address + TRANSACTION_ID_OFFSET);
        long first = Memory.getLong(address + COMMIT_FIRST_POSITION_OFFSET);
        if (first < position || first > commitPosition) {
            return damaged(commitPosition, "COMMIT of a transaction that began at " + first) >= 0;
        }
        if (undecided.isAhead(id)) {
            undecided.decided(id);
            backoff.reset();
            return isStillReadable();
        }
        List<OverflowRange> ranges = undecided.ranges(id);
        if (!areValid(ranges)) {
            return false;
        }
        CrashPoint.AFTER_CHECK_BEFORE_APPLY.reached();
        int earlier = ranges == null ? 0 : ranges.size() - deliverRing(first, commitPosition, id, null);
        for (int i = 0; i < earlier; i++) {
            overflow.deliver(ranges.get(i), handler);
        }
        deliverRing(first, commitPosition, id, handler);
        for (int i = earlier; ranges != null && i < ranges.size(); i++) {
            overflow.deliver(ranges.get(i), handler);
        }
        undecided.decided(id);
        if (!isStillReadable()) {
            return false;
        }
        committed(id, end, handler);
        return true;
    }

    private void committed(long id, long end, FrameHandler handler) {
        if (outcomes != null) {
            outcomes.committed(id);
        }
        handler.committed(id, end);
        backoff.reset();
    }

    private boolean areValid(List<OverflowRange> ranges) {
        for (int i = 0; ranges != null && i < ranges.size(); i++) {
            if (!isValid(ranges.get(i))) {
                return false;
            }
        }
        return true;
    }

    /** False when the reader was dropped: the writer has overwritten the range's frame or unlinked its segment. */
    private boolean isValid(OverflowRange range) {
        try {
            boolean present = overflow.isPresent(range);
            if (present) {
                overflow.validate(range);
            }
            return present;
        } catch (ThaException e) {
            if (log.isReadable(position) && overflow.isPresent(range)) {
                throw e;
            }
            return false;
        }
    }

    /** Delivers the frames of a transaction in a range of the ring that was checked; counts its OVERFLOW frames. */
    private int deliverRing(long first, long end, long id, FrameHandler handler) {
        int overflowFrames = 0;
        for (long at = first; at < end; ) {
            long left = log.leftInRing(at);
            if (left < HEADER_LENGTH) {
                at += left;
                continue;
            }
            long address = log.address(at);
            int type = Memory.getShort(address + TYPE_OFFSET);
            int length = Memory.getInt(address + LENGTH_OFFSET);
            if (length < HEADER_LENGTH) {
                // Only possible where the writer has overwritten it: the look at claimed that follows says so.
                return overflowFrames;
            }
            if (type == FrameType.OVERFLOW) {
                overflowFrames++;
            } else if (handler != null && type != FrameType.PADDING && Memory.getLong(address + TRANSACTION_ID_OFFSET) == id) {
                handler.frame(type, address, (int) Math.min(length, left));
            }
            at += length;
        }
        return overflowFrames;
    }

    /** Whether this one, of all readers that follow, should take over: it has applied most, or is the first of those that have. */
    public boolean isFirst() {
        return slots.isFirst(slot);
    }

    /** Whether no living reader needs the log, or its overflow segments, any more: for a log that has ended. */
    public boolean isReadByAll() {
        return slots.haveAllConsumed(log.checkedTail());
    }

    /** From now on writes down what becomes of the transactions that it reads. */
    public void recordOutcomes(OutcomeTable table) {
        outcomes = table;
    }

    /**
     * Delivers the frames that undecided transactions have published, each transaction's in order; their ids are in the frames. Nobody is told that
     * they are committed.
     *
     * @throws CorruptRegionException if they are damaged
     */
    public void deliverUndecided(FrameHandler handler) {
        for (long id : undecided.withFrames()) {
            for (OverflowRange range : undecided.ranges(id)) {
                if (isValid(range)) {
                    overflow.deliver(range, handler);
                }
            }
        }
    }

    /** Whether transactions have published frames that are undecided at {@link #position}; intents do not count. */
    public boolean hasUndecided() {
        return undecided.haveFrames();
    }

    /** Whether there are {@link #undecidedParts}; cheap. */
    public boolean hasUndecidedParts() {
        return undecided.haveParts();
    }

    /** Whether it is one of {@link #undecidedParts}. */
    public boolean isUndecidedPart(long id) {
        return undecided.isPart(id);
    }

    /** Parts of coordinated transactions that are published whole, and undecided at {@link #position}; in the order of their ids. */
    public long[] undecidedParts() {
        return undecided.parts();
    }

    /** Whether {@link #commitPart} has committed something that was not committed by the log at {@link #position}. */
    public boolean isAhead() {
        return undecided.areAhead();
    }

    /**
     * A part that was published whole was committed elsewhere: delivers its frames. When the log commits it too, they are not delivered again.
     *
     * @param id one of {@link #undecidedParts}
     * @return 1, or {@link #LAGGED}
     * @throws CorruptRegionException if they are damaged, or gone though this reader was not dropped
     */
    public int commitPart(long id, FrameHandler handler) {
        List<OverflowRange> ranges = undecided.ranges(id);
        if (!areValid(ranges)) {
            return partGone(id);
        }
        for (int i = 0; ranges != null && i < ranges.size(); i++) {
            overflow.deliver(ranges.get(i), handler);
        }
        undecided.committedAhead(id);
        if (!isStillReadable() || !slots.isActive(slot)) {
            return LAGGED;
        }
        committed(id, position, handler);
        return 1;
    }

    private int partGone(long id) {
        if (slots.isActive(slot) && isStillReadable()) {
            throw new CorruptRegionException("log file '" + log.path() + "': frames of coordinated transaction " + id
                    + ", which is committed, are gone; rebuild this standby");
        }
        return LAGGED;
    }

    /** The log has ended: what is not decided by what was read will never be committed. */
    public void abortUndecided() {
        if (!Protection.UNDECIDED_ABORTED.isBroken()) {
            undecided.forEach(outcomes::aborted);
        }
    }

    /** Copies of the intents that are undecided at {@link #position}, in the order in which they were published. */
    public List<Intent> intents() {
        return undecided.intents();
    }

    /** Whether the tail is where this reader is, and the reader was not dropped. */
    public boolean isAtTail() {
        return log.tailWordAcquire() == position && slots.isActive(slot);
    }

    /** How it waits; each transaction has it begin anew. What scrubbing publishes has not, or a reader would never sleep. */
    public Backoff backoff() {
        return backoff;
    }

    /** Waits for a moment, or sleeps until the writer wakes it or some milliseconds are over: there may be something to deliver then. */
    public void rest() {
        if (backoff.idle()) {
            // Not yet on the futex: an active that commits now and then would pay a wake-up each time.
            return;
        }
        // Volatile, then the look at the tail: pairs with the writer's CAS of the tail, then its look at this word.
        Memory.putIntVolatile(log.sleepers(), 1);
        if ((log.tailWordAcquire() & ~LogDescriptor.SEALED) == position && !LogFile.isSealed(log.tailWordAcquire())) {
            Posix.futexWait(log.sleepers(), 1, MAX_SLEEP_NANOS);
        }
    }

    /**
     * Asks the writer to publish a part of an object once more; docs/formats.md 3.8. It may not be answered.
     *
     * @param handle the writer's
     * @param start of the part in the object
     */
    public void request(long handle, int start, int lengthBytes) {
        slots.requestRelease(slot, handle, start, lengthBytes);
    }

    /** From now on, what was delivered counts as applied; before, the copy is being built. */
    public void applyAtOnce() {
        appliesAtOnce = true;
        slots.appliedRelease(slot, position);
    }

    /** Everything below was delivered. */
    public long position() {
        return position;
    }

    /** Leaves the slot to others. */
    @Override
    public void close() {
        slots.leave(slot);
        overflow.close();
    }
}
