package io.tha.region;

import static io.tha.region.FrameDescriptor.COMMIT_LENGTH;
import static io.tha.region.FrameDescriptor.DONE_LENGTH;
import static io.tha.region.FrameDescriptor.FLAG_ACKNOWLEDGED;
import static io.tha.region.FrameDescriptor.HEADER_LENGTH;
import static io.tha.region.FrameDescriptor.INTENT_BYTES_OFFSET;
import static io.tha.region.FrameDescriptor.INTENT_LENGTH_OFFSET;
import static io.tha.region.FrameDescriptor.INTENT_NUMBER_OFFSET;
import static io.tha.region.FrameDescriptor.OVERFLOW_LENGTH;

import io.tha.FencedException;
import io.tha.Intent;
import io.tha.StandbyBehindException;
import io.tha.ThaException;
import io.tha.memory.Checksum;
import io.tha.memory.CrashPoint;
import io.tha.memory.Memory;
import io.tha.memory.Protection;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Appends frames and publishes them by one compare-and-set of the tail; docs/formats.md 3.3.
 *
 * <p>A publication is: {@link #begin}, any number of {@link #append} each followed by {@link #seal}, then {@link #publishCommit},
 * {@link #publishEarly} or {@link #cancel}. Frames that do not fit the transaction's share of the ring go to overflow segments.
 * {@link #publishIntent} is a publication of its own.
 *
 * <p>Threads: under the application's commit lock.
 *
 * <p>Publication: the tail.
 */
public final class LogWriter implements AutoCloseable {
    private static final int SHARES = 4;
    private static final int FRAME_SHARES = 8;
    private static final int INTENT_SHARES = 16;
    private static final int RENEWAL_SHARES = 4;
    private static final int SCRUB_SHARES = 8;

    private final LogFile log;
    private final boolean checksums;
    private final Checksum ringChecksum;
    private final ReaderSlots readers;
    private final ClaimGate gate;
    private final OverflowWriter overflow;
    private final OpenTransactions open = new OpenTransactions();
    private final IntentStore intents = new IntentStore();
    private final AtomicLong publications = new AtomicLong();
    /** Behind the last SCRUB frame. */
    private long lastScrub;

    private long nextIntent;
    private long tail;
    private long transactionId;
    private long cursor;
    private int frames;
    private boolean overflowing;
    /** Not of an abort: it must succeed. */
    private boolean mayReject;
    private long lastAddress;
    private int lastLength;
    /** Intents that the publication acknowledges. */
    private List<Intent> acknowledged = List.of();

    public LogWriter(LogFile log, ReaderSlots readers, ReaderPolicy policy) {
        this.log = log;
        this.readers = readers;
        checksums = log.hasChecksums();
        ringChecksum = log.checksum();
        gate = new ClaimGate(log, readers, policy);
        overflow = new OverflowWriter(log);
        tail = log.checkedTail();
    }

    /** For a takeover, before the log has its name: it begins here, and not at 0. */
    public void beginAt(long position) {
        log.beginAt(position);
        gate.beginAt(position);
        tail = position;
    }

    /** Begins a publication of a transaction; unless it publishes whole and at once, its frames go to an overflow segment. */
    public void begin(long id, boolean decidesAtOnce) {
        begin(id, decidesAtOnce, true);
    }

    /** Begins the publication of a commit that was decided elsewhere: no policy for slow readers refuses it. */
    public void beginDecided(long id) {
        begin(id, true, false);
    }

    private void begin(long id, boolean decidesAtOnce, boolean mayBeRejected) {
        mayReject = mayBeRejected;
        renewOpenTransactions();
        reset(id);
        overflowing = !decidesAtOnce;
        if (overflow.hasDecided() && !keepsBeginning()) {
            // Readers that join begin at the oldest undecided transaction, and meet the decided ones behind it again.
            long undecided = open.oldest();
            overflow.unlink(readers.lowestConsumed(undecided == LogDescriptor.NOTHING_UNDECIDED ? tail : undecided));
        }
    }

    /** Standbys that followed the epoch before read this log from its beginning; docs/formats.md 5.7. */
    private boolean keepsBeginning() {
        return log.epochBefore() != 0 && log.isReadable(0) && overflow.decidedBytes() <= log.capacity();
    }

    private void reset(long id) {
        transactionId = id;
        cursor = tail;
        frames = 0;
        overflowing = false;
        acknowledged = List.of();
        overflow.begin();
    }

    /** Makes room for a frame without flags, as {@link #append(int, int, int)}. */
    public long append(int type, int lengthBytes) {
        return append(type, 0, lengthBytes);
    }

    /**
     * Makes room for a frame and writes its header; the body's bytes are whatever was there.
     *
     * @param type of {@link FrameType}
     * @param flags of {@link FrameDescriptor}, or 0
     * @param lengthBytes header and body
     * @return the address of the frame; {@link #seal} follows before the next one
     */
    public long append(int type, int flags, int lengthBytes) {
        int typeAndFlags = FrameWriter.typeAndFlags(type, flags);
        int aligned = (int) Memory.align8(lengthBytes);
        overflowing |= aligned > log.capacity() / FRAME_SHARES || cursor + aligned - tail > log.capacity() / SHARES;
        long address;
        if (overflowing) {
            address = overflow.append(aligned);
            FrameWriter.header(address, typeAndFlags, aligned, overflow.offsetOf(address), transactionId);
        } else {
            address = appendToRing(typeAndFlags, aligned, transactionId);
        }
        if (aligned > lengthBytes) {
            Memory.putLong(address + aligned - Long.BYTES, 0);
        }
        lastAddress = address;
        lastLength = aligned;
        return address;
    }

    private long appendToRing(int typeAndFlags, int aligned, long id) {
        long left = log.leftInRing(cursor);
        if (left < aligned) {
            skip(left);
        }
        claim(cursor + aligned);
        long address = log.address(cursor);
        FrameWriter.header(address, typeAndFlags, aligned, cursor, id);
        cursor += aligned;
        frames++;
        return address;
    }

    private void skip(long left) {
        claim(cursor + left);
        if (left >= HEADER_LENGTH) {
            long address = log.address(cursor);
            FrameWriter.header(address, FrameType.PADDING, (int) left, cursor, 0);
            if (checksums) {
                // Of the header only: the rest is what an earlier lap left, and may be long.
                FrameWriter.seal(address, HEADER_LENGTH, ringChecksum);
            }
        }
        cursor += left;
    }

    private void claim(long end) {
        try {
            gate.claim(end, mayReject);
        } catch (FencedException | StandbyBehindException e) {
            cancel();
            throw e;
        }
    }

    /** Whether the publication that is being made has more than a frame's share of the ring. */
    public boolean isLarge() {
        return cursor - tail + overflow.writtenBytes() > log.capacity() / FRAME_SHARES;
    }

    /** Completes the frame that {@link #append} returned last. */
    public void seal() {
        if (checksums) {
            FrameWriter.seal(lastAddress, lastLength, overflowing ? overflow.checksum() : ringChecksum);
        }
        CrashPoint.AFTER_FRAME.reached();
    }

    /**
     * Publishes the transaction: the point of no return.
     *
     * @param earlier what it published before, or null
     * @return the position behind it
     * @throws io.tha.FencedException if the log was sealed; nothing shows
     */
    public long publishCommit(OpenTransaction earlier) {
        long first = tail;
        appendOverflowFrames(overflow.end(), transactionId);
        long address = appendToRing(FrameType.COMMIT, COMMIT_LENGTH, transactionId);
        if (Protection.FRAMES_BEFORE_TAIL.isBroken()) {
            publish();
        }
        FrameWriter.commit(address, frames, first);
        sealInRing(address, COMMIT_LENGTH);
        CrashPoint.BEFORE_PUBLISH.reached();
        publish();
        overflow.decide(overflow.take(), tail);
        if (earlier != null) {
            end(earlier);
        }
        for (int i = 0; i < acknowledged.size(); i++) {
            end(acknowledged.get(i));
        }
        return tail;
    }

    private void end(OpenTransaction transaction) {
        intents.decide(transaction.transactionId);
        overflow.decide(transaction.segments, tail);
        open.remove(transaction);
    }

    private void end(Intent intent) {
        intents.remove(intent.transactionId(), intent.number());
        if (!intents.has(intent.transactionId())) {
            open.remove(open.find(intent.transactionId()));
        }
    }

    /** The image has everything: what the joiners must redo begins at the next open transaction. */
    public void decided() {
        log.oldestUndecidedRelease(open.oldest());
    }

    /**
     * Publishes an intent of a transaction; a publication of its own, not between {@link #begin} and its end.
     *
     * @param earlier what the transaction published before, or null
     * @return what it has published now
     * @throws ThaException if the undecided intents would take more than their share of the ring; nothing is published
     */
    public OpenTransaction publishIntent(long id, OpenTransaction earlier, byte[] bytes, int offset, int lengthBytes) {
        long share = log.capacity() / INTENT_SHARES;
        long needed = intents.frameBytes() + IntentStore.frameLength(lengthBytes);
        if (needed > share) {
            throw new ThaException("log file '" + log.path() + "': the undecided intents would take " + needed + " bytes of the ring with one of "
                    + lengthBytes + ", at most " + share + " can; decide transactions earlier, or make the ring larger");
        }
        mayReject = true;
        renewOpenTransactions();
        reset(id);
        long address = appendIntent(id, 0, nextIntent, lengthBytes);
        Memory.copyFrom(bytes, offset, address + INTENT_BYTES_OFFSET, lengthBytes);
        sealInRing(address, (int) IntentStore.frameLength(lengthBytes));
        OpenTransaction transaction = earlier == null ? open.add(id, tail) : earlier;
        decided();
        publish();
        intents.add(id, nextIntent++, bytes, offset, lengthBytes);
        return transaction;
    }

    /** Room for the frame of an intent, without its bytes. */
    private long appendIntent(long id, int flags, long number, int lengthBytes) {
        int length = (int) IntentStore.frameLength(lengthBytes);
        long address = appendToRing(FrameWriter.typeAndFlags(FrameType.INTENT, flags), length, id);
        if (length > INTENT_BYTES_OFFSET) {
            Memory.putLong(address + length - Long.BYTES, 0);
        }
        Memory.putLong(address + INTENT_NUMBER_OFFSET, number);
        Memory.putLong(address + INTENT_LENGTH_OFFSET, lengthBytes);
        return address;
    }

    private void appendHeldIntents() {
        List<IntentStore.Held> held = intents.inOrder();
        for (int i = 0; i < held.size(); i++) {
            IntentStore.Held intent = held.get(i);
            long address = appendIntent(intent.transactionId, 0, intent.number, intent.lengthBytes);
            Memory.copyFrom(intent.bytes, 0, address + INTENT_BYTES_OFFSET, intent.lengthBytes);
            sealInRing(address, (int) IntentStore.frameLength(intent.lengthBytes));
        }
    }

    /** Publishes the intents that an earlier epoch left undecided, as the first frames of this log. */
    public void inherit(List<Intent> inherited) {
        if (inherited.isEmpty()) {
            return;
        }
        mayReject = false;
        reset(0);
        for (Intent intent : inherited) {
            open.inherit(intent.transactionId(), tail);
            intents.add(intent.transactionId(), intent.number(), intent.bytes(), 0, intent.lengthBytes());
            nextIntent = Math.max(nextIntent, intent.number() + 1);
        }
        appendHeldIntents();
        decided();
        publish();
    }

    /**
     * Reserves an inherited intent for the transaction that will acknowledge it.
     *
     * @throws IllegalArgumentException if it is none, or another transaction has it
     */
    public void reserve(Intent intent, long acknowledger) {
        OpenTransaction transaction = open.find(intent.transactionId());
        intents.reserve(intent, transaction != null && transaction.inherited, acknowledger);
    }

    /** The transaction that would have acknowledged them was aborted. */
    public void unreserve(List<Intent> reserved) {
        intents.unreserve(reserved);
    }

    /** Acknowledges reserved intents in the publication that is being made, before {@link #publishCommit}. */
    public void acknowledge(List<Intent> reserved) {
        for (int i = 0; i < reserved.size(); i++) {
            Intent intent = reserved.get(i);
            sealInRing(appendIntent(intent.transactionId(), FLAG_ACKNOWLEDGED, intent.number(), 0), INTENT_BYTES_OFFSET);
        }
        acknowledged = reserved;
    }

    /**
     * Publishes a SCRUB frame; a publication of its own, not between {@link #begin} and its end. Where {@link #hasRoomToScrub}, it waits for nobody.
     *
     * @param body address of the frame's body
     * @param lengthBytes of it, a multiple of 8
     * @return the position behind it
     */
    public long publishScrub(long body, int lengthBytes) {
        mayReject = false;
        renewOpenTransactions();
        reset(0);
        int length = HEADER_LENGTH + lengthBytes;
        long address = appendToRing(FrameWriter.typeAndFlags(FrameType.SCRUB, FrameDescriptor.FLAG_SKIPPABLE), length, 0);
        Memory.copy(body, address + HEADER_LENGTH, lengthBytes);
        sealInRing(address, length);
        moveTail();
        lastScrub = tail;
        return tail;
    }

    /**
     * Whether what scrubbing publishes next will wait for no reader, and takes no room from one that is slow: what it has published before was read,
     * or is less than a small part of the ring. By the thread that scrubs.
     */
    public boolean hasRoomToScrub() {
        long now = log.checkedTail();
        long read = readers.lowestConsumed(now);
        return read >= now - log.capacity() / 2 && (read >= lastScrub || read >= now - log.capacity() / SCRUB_SHARES);
    }

    /**
     * Publishes frames of a transaction that is decided later.
     *
     * @param done whether that is all of its part of a coordinated one
     * @throws ThaException if references to what undecided transactions published would take more than their share of the ring; nothing is published
     */
    public OpenTransaction publishEarly(OpenTransaction earlier, boolean done) {
        List<OverflowRange> ranges = List.copyOf(overflow.end());
        open.requireShare(ranges.size(), log);
        // May be refused: nothing is changed before.
        appendOverflowFrames(ranges, transactionId);
        if (done) {
            sealInRing(appendToRing(FrameType.DONE, DONE_LENGTH, transactionId), DONE_LENGTH);
        }
        OpenTransaction transaction = earlier == null ? open.add(transactionId, tail) : earlier;
        transaction.ranges.addAll(ranges);
        transaction.done = done;
        // Before the tail, so that a joiner which sees an image that is ahead of these frames sees this word too.
        decided();
        publish();
        transaction.segments.addAll(overflow.take());
        return transaction;
    }

    /** Publishes that a transaction whose frames were published will not be committed. */
    public void publishAbort(OpenTransaction transaction) {
        mayReject = false;
        reset(transaction.transactionId);
        sealInRing(appendToRing(FrameType.ABORT, HEADER_LENGTH, transactionId), HEADER_LENGTH);
        publish();
        end(transaction);
        decided();
    }

    /** Forgets the frames that were appended since {@link #begin}. */
    public void cancel() {
        overflow.cancel();
        cursor = tail;
    }

    /** Open transactions must not pin the ring: their references are written again when a quarter of it lies behind them; docs/formats.md 3.3. */
    private void renewOpenTransactions() {
        if (open.isEmpty() || !isFarBehind(open.oldest())) {
            return;
        }
        reset(0);
        long first = cursor;
        for (int i = 0; i < open.size(); i++) {
            appendOverflowFrames(open.get(i).ranges, open.get(i).transactionId);
            if (open.get(i).done) {
                sealInRing(appendToRing(FrameType.DONE, DONE_LENGTH, open.get(i).transactionId), DONE_LENGTH);
            }
        }
        appendHeldIntents();
        publish();
        open.moveTo(first);
        decided();
    }

    /** Whether who begins to read at a position needs a quarter of the ring or more. */
    public boolean isFarBehind(long position) {
        return position <= tail - log.capacity() / RENEWAL_SHARES;
    }

    private void appendOverflowFrames(List<OverflowRange> ranges, long id) {
        for (int i = 0; i < ranges.size(); i++) {
            OverflowRange range = ranges.get(i);
            long address = appendToRing(FrameType.OVERFLOW, OVERFLOW_LENGTH, id);
            FrameWriter.overflow(address, range);
            sealInRing(address, OVERFLOW_LENGTH);
        }
    }

    private void sealInRing(long address, int lengthBytes) {
        if (checksums) {
            FrameWriter.seal(address, lengthBytes, ringChecksum);
        }
        CrashPoint.AFTER_FRAME.reached();
    }

    private void publish() {
        moveTail();
        wakeReaders();
        publications.lazySet(publications.getPlain() + 1);
    }

    private void moveTail() {
        // CAS: pairs with the acquire of a reader's look at the tail, and with the sealer's CAS; fails only when the log is sealed.
        if (!log.casTail(tail, cursor)) {
            cancel();
            throw ClaimGate.fenced(log);
        }
        tail = cursor;
        CrashPoint.AFTER_PUBLISH_BEFORE_IMAGE.reached();
    }

    /**
     * Wakes who rests, behind each publication but {@link #publishScrub}, which is not urgent. The CAS of the tail is a full fence: either a reader
     * that parks sees the new tail, or this sees its word.
     */
    public void wakeReaders() {
        log.wakeSleepers();
    }

    /** The position behind the last published frame. */
    public long tail() {
        return tail;
    }

    /** Grows with each publication but those of SCRUB frames; by any thread. */
    public long publications() {
        return publications.get();
    }

    public ReaderSlots readers() {
        return readers;
    }

    /** How many readers were dropped because they were too slow. */
    public long droppedReaders() {
        return gate.droppedReaders();
    }

    /** How many publications were refused because a reader was too slow. */
    public long rejections() {
        return gate.rejections();
    }

    @Override
    public void close() {
        overflow.close();
    }
}
