package io.tha.region;

import static io.tha.region.FrameDescriptor.FLAGS_OFFSET;
import static io.tha.region.FrameDescriptor.FLAG_ACKNOWLEDGED;
import static io.tha.region.FrameDescriptor.INTENT_BYTES_OFFSET;
import static io.tha.region.FrameDescriptor.INTENT_LENGTH_OFFSET;
import static io.tha.region.FrameDescriptor.INTENT_NUMBER_OFFSET;
import static io.tha.region.FrameDescriptor.LENGTH_OFFSET;
import static io.tha.region.FrameDescriptor.TRANSACTION_ID_OFFSET;

import io.tha.Intent;
import io.tha.memory.Memory;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import org.agrona.collections.Long2ObjectHashMap;

/**
 * The undecided intents of a log, as its writer or one of its readers knows them; docs/formats.md 3.6. Makes no garbage once it has held as much.
 *
 * <p>Threads: one at a time; {@link #copy} by several when none changes it.
 */
final class IntentStore {
    /** Longer ones are not kept for reuse. */
    private static final int MAX_KEPT_BYTES = 4096;

    private static final Comparator<Held> BY_NUMBER = Comparator.comparingLong(held -> held.number);

    /** The newest of each transaction; the older ones follow it. */
    private final Long2ObjectHashMap<Held> byTransaction = new Long2ObjectHashMap<>(8, 0.65f, false);

    private final Deque<Held> unused = new ArrayDeque<>();
    private long frameBytes;

    /** An intent that is kept. */
    static final class Held {
        long transactionId;
        long number;
        byte[] bytes = {};
        int lengthBytes;
        /** The transaction that acknowledges it when it commits, or 0. */
        long acknowledger;

        Held older;
    }

    /** How long the frame of an intent is. */
    static long frameLength(int lengthBytes) {
        return Memory.align8((long) INTENT_BYTES_OFFSET + lengthBytes);
    }

    /** The frames of all that are held, together. */
    long frameBytes() {
        return frameBytes;
    }

    boolean isEmpty() {
        return byTransaction.isEmpty();
    }

    /** Keeps a copy of an intent. */
    void add(long transactionId, long number, byte[] source, int offset, int lengthBytes) {
        Held held = newest(transactionId, number, lengthBytes);
        System.arraycopy(source, offset, held.bytes, 0, lengthBytes);
    }

    /**
     * What an INTENT frame says.
     *
     * @return null, or what is wrong with the frame
     */
    String read(long address) {
        long id = Memory.getLong(address + TRANSACTION_ID_OFFSET);
        long number = Memory.getLong(address + INTENT_NUMBER_OFFSET);
        int length = Memory.getInt(address + INTENT_LENGTH_OFFSET);
        if (length < 0 || length > Memory.getInt(address + LENGTH_OFFSET) - INTENT_BYTES_OFFSET) {
            return "INTENT of " + length + " bytes in a frame of " + Memory.getInt(address + LENGTH_OFFSET);
        }
        if ((Memory.getShort(address + FLAGS_OFFSET) & FLAG_ACKNOWLEDGED) != 0) {
            remove(id, number);
        } else if (find(id, number) == null) {
            Held held = newest(id, number, length);
            Memory.copyTo(address + INTENT_BYTES_OFFSET, held.bytes, 0, length);
        }
        return null;
    }

    private Held newest(long transactionId, long number, int lengthBytes) {
        Held held = unused.isEmpty() ? new Held() : unused.pop();
        if (held.bytes.length < lengthBytes) {
            held.bytes = new byte[lengthBytes];
        }
        held.transactionId = transactionId;
        held.number = number;
        held.lengthBytes = lengthBytes;
        held.older = byTransaction.put(transactionId, held);
        frameBytes += frameLength(lengthBytes);
        return held;
    }

    /** The intent, or null. */
    Held find(long transactionId, long number) {
        Held held = byTransaction.get(transactionId);
        while (held != null && held.number != number) {
            held = held.older;
        }
        return held;
    }

    /** Reserves one that was inherited for the transaction that will acknowledge it. */
    void reserve(Intent intent, boolean isInherited, long acknowledger) {
        Held held = isInherited ? find(intent.transactionId(), intent.number()) : null;
        if (held == null) {
            throw new IllegalArgumentException(intent + " is not one that this application was handed at its takeover, or was acknowledged already");
        }
        if (held.acknowledger != 0) {
            throw new IllegalArgumentException(intent + " is being acknowledged by transaction " + held.acknowledger);
        }
        held.acknowledger = acknowledger;
    }

    /** The transaction that would have acknowledged them was aborted. */
    void unreserve(List<Intent> reserved) {
        for (int i = 0; i < reserved.size(); i++) {
            find(reserved.get(i).transactionId(), reserved.get(i).number()).acknowledger = 0;
        }
    }

    boolean has(long transactionId) {
        return byTransaction.containsKey(transactionId);
    }

    /** The transaction was committed or aborted: its intents are dropped. */
    void decide(long transactionId) {
        Held held = byTransaction.remove(transactionId);
        while (held != null) {
            Held older = held.older;
            recycle(held);
            held = older;
        }
    }

    /** The application has done what an intent stands for. */
    void remove(long transactionId, long number) {
        Held gone = find(transactionId, number);
        if (gone == null) {
            return;
        }
        Held newer = byTransaction.get(transactionId);
        if (newer != gone) {
            while (newer.older != gone) {
                newer = newer.older;
            }
            newer.older = gone.older;
        } else if (gone.older == null) {
            byTransaction.remove(transactionId);
        } else {
            byTransaction.put(transactionId, gone.older);
        }
        recycle(gone);
    }

    private void recycle(Held held) {
        frameBytes -= frameLength(held.lengthBytes);
        held.older = null;
        held.acknowledger = 0;
        if (held.bytes.length <= MAX_KEPT_BYTES) {
            unused.push(held);
        }
    }

    /** All, in the order of their numbers. */
    List<Held> inOrder() {
        List<Held> ordered = new ArrayList<>();
        for (Held newest : byTransaction.values()) {
            for (Held held = newest; held != null; held = held.older) {
                ordered.add(held);
            }
        }
        ordered.sort(BY_NUMBER);
        return ordered;
    }

    /** Copies of all, in the order of their numbers. */
    List<Intent> copy() {
        List<Intent> intents = new ArrayList<>();
        for (Held held : inOrder()) {
            intents.add(new Intent(held.transactionId, held.number, Arrays.copyOf(held.bytes, held.lengthBytes)));
        }
        return List.copyOf(intents);
    }
}
