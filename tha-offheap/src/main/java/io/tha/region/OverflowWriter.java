package io.tha.region;

import io.tha.memory.Checksum;
import io.tha.memory.CrashPoint;
import io.tha.memory.MappedFile;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Overflow segments of one log: appended by its writer, unlinked when nobody needs them any more. What is small shares a segment, of which there is
 * always one, once one was needed: to make a file takes longer than all else that a small publication does.
 *
 * <p>Threads: under the commit lock.
 */
final class OverflowWriter implements AutoCloseable {
    private static final long SHARED_SEGMENT_LENGTH = 256 << 10;
    private static final long MAX_SEGMENT_LENGTH = 1 << 30;

    private static final int GROWTH = 4;

    private final LogFile log;
    private final List<OverflowRange> ranges = new ArrayList<>();
    /** Those with frames of the publication that is being made; the last one is {@link #segment}. */
    private final List<Segment> written = new ArrayList<>();
    private final Deque<Decided> decided = new ArrayDeque<>();
    /** Null if there is none with room. */
    private Segment segment;
    /** Where the publication has begun to write to a segment that was there before; null if it had none. */
    private Segment begun;

    private long begunCursor;
    private long decidedBytes;
    private int nextNumber;
    private long writtenBytes;
    private long rangeStart;
    private int rangeFrames;

    /** A file of frames. */
    static final class Segment {
        private final int number;
        private final MappedFile file;
        private final Checksum checksum;
        private long cursor;
        /** Nothing more will be written to it. */
        private boolean complete;
        /** How many transactions that are undecided have frames in it. */
        private int undecided;
        /** Behind the last frame that decided one. */
        private long position;

        private Segment(int number, MappedFile file) {
            this.number = number;
            this.file = file;
            checksum = new Checksum(file.address(), file.sizeBytes());
        }
    }

    /** A segment, its size, and a position that everybody who may need it is not behind yet. */
    private record Decided(Segment segment, long position) {}

    OverflowWriter(LogFile log) {
        this.log = log;
    }

    /** Begins to collect the ranges of a publication. */
    void begin() {
        ranges.clear();
        written.clear();
        writtenBytes = 0;
        rangeFrames = 0;
        begun = segment;
        rangeStart = segment == null ? 0 : segment.cursor;
        begunCursor = rangeStart;
    }

    /** Room for a frame; its offset is {@link #offsetOf}. */
    long append(int lengthBytes) {
        if (segment == null || segment.cursor + lengthBytes > segment.file.sizeBytes()) {
            open(lengthBytes);
        }
        if (rangeFrames == 0) {
            written.add(segment);
        }
        long address = segment.file.address() + segment.cursor;
        segment.cursor += lengthBytes;
        writtenBytes += lengthBytes;
        rangeFrames++;
        return address;
    }

    /** How much the publication that is being made has. */
    long writtenBytes() {
        return writtenBytes;
    }

    long offsetOf(long address) {
        return address - segment.file.address();
    }

    Checksum checksum() {
        return segment.checksum;
    }

    private void open(long leastBytes) {
        endRange();
        long size = Math.max(SHARED_SEGMENT_LENGTH, Math.min(MAX_SEGMENT_LENGTH, writtenBytes * GROWTH));
        MappedFile file = MappedFile.create(OverflowFiles.path(log, nextNumber), Math.max(size, leastBytes));
        if (segment != null) {
            complete(segment);
        }
        segment = new Segment(nextNumber, file);
        nextNumber++;
        rangeStart = 0;
        CrashPoint.AFTER_OVERFLOW_CREATE.reached();
    }

    private void complete(Segment full) {
        full.complete = true;
        full.file.close();
        if (!written.contains(full)) {
            unlinkLater(full);
        }
    }

    private void unlinkLater(Segment unused) {
        if (unused.complete && unused.undecided == 0) {
            long position = decided.isEmpty() ? unused.position : Math.max(unused.position, decided.peekLast().position);
            decidedBytes += unused.file.sizeBytes();
            decided.add(new Decided(unused, position));
        }
    }

    private void endRange() {
        if (rangeFrames > 0) {
            long length = segment.cursor - rangeStart;
            int crc = log.hasChecksums() ? segment.checksum.of(segment.file.address() + rangeStart, length) : 0;
            ranges.add(new OverflowRange(segment.number, rangeStart, length, rangeFrames, crc));
            rangeStart = segment.cursor;
            rangeFrames = 0;
        }
    }

    /** The ranges of this publication, in order. */
    List<OverflowRange> end() {
        endRange();
        return ranges;
    }

    /** The segments that have frames of the publication; a transaction is given them, and they stay until {@link #decide}. */
    List<Segment> take() {
        if (written.isEmpty()) {
            return List.of();
        }
        List<Segment> taken = List.copyOf(written);
        taken.forEach(one -> one.undecided++);
        written.clear();
        if (segment.file.sizeBytes() > SHARED_SEGMENT_LENGTH) {
            complete(segment);
            segment = null;
        }
        return taken;
    }

    /** The transaction that was given these segments was decided by the frame before this position. */
    void decide(List<Segment> segments, long position) {
        for (int i = 0; i < segments.size(); i++) {
            Segment one = segments.get(i);
            one.undecided--;
            one.position = position;
            unlinkLater(one);
        }
    }

    /** Unlinks what everybody has behind them. */
    void unlink(long everybodyIsBehind) {
        while (!decided.isEmpty() && decided.peek().position <= everybodyIsBehind) {
            Segment gone = decided.poll().segment;
            decidedBytes -= gone.file.sizeBytes();
            OverflowFiles.delete(gone.file.path());
        }
    }

    boolean hasDecided() {
        return !decided.isEmpty();
    }

    /** How much {@link #unlink} would free at most. */
    long decidedBytes() {
        return decidedBytes;
    }

    /** Forgets what was written and will not be published: removes segments of its own, and goes on where it began in one that was there. */
    void cancel() {
        for (int i = 0; i < written.size(); i++) {
            Segment one = written.get(i);
            if (one != begun) {
                one.file.close();
                OverflowFiles.delete(one.file.path());
            } else if (one.complete) {
                unlinkLater(one);
            }
        }
        written.clear();
        rangeFrames = 0;
        segment = begun == null || begun.complete ? null : begun;
        if (segment != null) {
            segment.cursor = begunCursor;
        }
    }

    @Override
    public void close() {
        if (segment != null) {
            segment.file.close();
        }
    }
}
