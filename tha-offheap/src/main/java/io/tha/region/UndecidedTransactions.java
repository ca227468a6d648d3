package io.tha.region;

import static io.tha.region.FrameDescriptor.OVERFLOW_CRC_OFFSET;
import static io.tha.region.FrameDescriptor.OVERFLOW_FRAMES_OFFSET;
import static io.tha.region.FrameDescriptor.OVERFLOW_LENGTH_OFFSET;
import static io.tha.region.FrameDescriptor.OVERFLOW_RANGE_OFFSET;
import static io.tha.region.FrameDescriptor.OVERFLOW_SEGMENT_OFFSET;
import static io.tha.region.FrameDescriptor.TRANSACTION_ID_OFFSET;

import io.tha.Intent;
import io.tha.memory.Memory;
import io.tha.memory.Protection;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import org.agrona.collections.Long2ObjectHashMap;
import org.agrona.collections.LongHashSet;

/**
 * What a reader knows of transactions that the log has not decided where it is: the frames that they have published, their intents, which of them
 * are whole parts of coordinated transactions, and which of those were committed ahead of the log.
 *
 * <p>Threads: the reader's.
 */
final class UndecidedTransactions {
    private final OverflowReader overflow;
    private final Long2ObjectHashMap<List<OverflowRange>> flushed = new Long2ObjectHashMap<>();
    private final IntentStore intents = new IntentStore();
    /** Parts that are published whole. */
    private final LongHashSet done = new LongHashSet();
    /** Parts that were committed, by the decision table; until the log commits them too. */
    private final LongHashSet ahead = new LongHashSet();

    UndecidedTransactions(OverflowReader overflow) {
        this.overflow = overflow;
    }

    /**
     * What a frame of an undecided transaction says; that of one which is ahead repeats what is known.
     *
     * @param type OVERFLOW, INTENT or DONE; of others nothing is read
     * @return null, or what is wrong with the frame
     */
    String read(int type, long address) {
        long id = Memory.getLong(address + TRANSACTION_ID_OFFSET);
        if (!ahead.isEmpty() && ahead.contains(id)) {
            return null;
        }
        switch (type) {
            case FrameType.OVERFLOW -> remember(id, address);
            case FrameType.INTENT -> {
                return intents.read(address);
            }
            case FrameType.DONE -> done.add(id);
            default -> {
                // Belongs to a transaction that commits at once.
            }
        }
        return null;
    }

    private void remember(long id, long address) {
        OverflowRange range = new OverflowRange(
                Memory.getInt(address + OVERFLOW_SEGMENT_OFFSET),
                Memory.getLong(address + OVERFLOW_RANGE_OFFSET),
                Memory.getLong(address + OVERFLOW_LENGTH_OFFSET),
                Memory.getInt(address + OVERFLOW_FRAMES_OFFSET),
                Memory.getInt(address + OVERFLOW_CRC_OFFSET));
        List<OverflowRange> ranges = flushed.get(id);
        if (ranges == null) {
            ranges = new ArrayList<>();
            flushed.put(id, ranges);
        }
        if (!ranges.contains(range)) {
            ranges.add(range);
            overflow.retain(range);
        }
    }

    /** The log has decided a transaction. */
    void decided(long id) {
        if (!ahead.isEmpty()) {
            ahead.remove(id);
        }
        forget(id);
    }

    /** A part was committed, which the log has not decided yet, or never will. */
    void committedAhead(long id) {
        forget(id);
        ahead.add(id);
    }

    private void forget(long id) {
        if (!done.isEmpty()) {
            done.remove(id);
        }
        if (!intents.isEmpty() && !Protection.INTENTS_DROPPED.isBroken()) {
            intents.decide(id);
        }
        List<OverflowRange> ranges = flushed.isEmpty() ? null : flushed.remove(id);
        if (ranges != null) {
            ranges.forEach(overflow::release);
        }
    }

    /** What a transaction has published in overflow segments, in order; null for nothing. */
    List<OverflowRange> ranges(long id) {
        return flushed.isEmpty() ? null : flushed.get(id);
    }

    /** The ids of those that have published frames, in order. */
    long[] withFrames() {
        return flushed.keySet().stream().mapToLong(Long::longValue).sorted().toArray();
    }

    boolean haveFrames() {
        return !flushed.isEmpty();
    }

    boolean haveParts() {
        return !done.isEmpty();
    }

    boolean isPart(long id) {
        return done.contains(id);
    }

    /** The ids of parts that are whole, in order. */
    long[] parts() {
        return done.stream().mapToLong(Long::longValue).sorted().toArray();
    }

    /** Whether something was committed that the log has not. */
    boolean areAhead() {
        return !ahead.isEmpty();
    }

    boolean isAhead(long id) {
        return !ahead.isEmpty() && ahead.contains(id);
    }

    List<Intent> intents() {
        return intents.copy();
    }

    /** All, some more than once. */
    void forEach(LongConsumer transaction) {
        if (!flushed.isEmpty()) {
            flushed.keySet().forEach(transaction::accept);
        }
        if (!done.isEmpty()) {
            done.forEach(transaction::accept);
        }
        if (!intents.isEmpty()) {
            intents.copy().forEach(intent -> transaction.accept(intent.transactionId()));
        }
    }
}
