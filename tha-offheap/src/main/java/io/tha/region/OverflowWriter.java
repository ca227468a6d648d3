package io.tha.region;

import io.tha.memory.Checksum;
import io.tha.memory.CrashPoint;
import io.tha.memory.MappedFile;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Overflow segments of one log: appended by its writer, unlinked when nobody needs them any more.
 *
 * <p>Threads: under the commit lock.
 */
final class OverflowWriter implements AutoCloseable {
    private static final long FIRST_SEGMENT_LENGTH = 256 << 10;
    private static final long MAX_SEGMENT_LENGTH = 1 << 30;

    private static final int GROWTH = 4;

    private final LogFile log;
    private final List<OverflowRange> ranges = new ArrayList<>();
    private final List<Segment> current = new ArrayList<>();
    private final Deque<Decided> decided = new ArrayDeque<>();
    private Segment segment;
    private long decidedBytes;
    private int nextNumber;
    private long rangeStart;
    private int rangeFrames;

    private static final class Segment {
        final int number;
        final MappedFile file;
        final Checksum checksum;
        long cursor;

        Segment(int number, MappedFile file) {
            this.number = number;
            this.file = file;
            checksum = new Checksum(file.address(), file.sizeBytes());
        }
    }

    /** A segment, its size, and the position behind the frame that decided its transaction. */
    private record Decided(Path path, long sizeBytes, long position) {}

    OverflowWriter(LogFile log) {
        this.log = log;
    }

    /** Begins to collect the ranges of a publication. */
    void begin() {
        ranges.clear();
        segment = null;
        rangeFrames = 0;
    }

    /** Room for a frame; its offset is {@link #offsetOf}. */
    long append(int lengthBytes) {
        if (segment == null || segment.cursor + lengthBytes > segment.file.sizeBytes()) {
            endRange();
            open(lengthBytes);
        }
        long address = segment.file.address() + segment.cursor;
        segment.cursor += lengthBytes;
        rangeFrames++;
        return address;
    }

    long offsetOf(long address) {
        return address - segment.file.address();
    }

    Checksum checksum() {
        return segment.checksum;
    }

    private void open(long leastBytes) {
        long size = segment == null ? FIRST_SEGMENT_LENGTH : Math.min(MAX_SEGMENT_LENGTH, segment.file.sizeBytes() * GROWTH);
        MappedFile file = MappedFile.create(OverflowFiles.path(log, nextNumber), Math.max(size, leastBytes));
        segment = new Segment(nextNumber, file);
        current.add(segment);
        nextNumber++;
        rangeStart = 0;
        CrashPoint.AFTER_OVERFLOW_CREATE.reached();
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

    /** The segments written since the last call; they stay until {@link #decide}. */
    List<Path> take() {
        if (current.isEmpty()) {
            return List.of();
        }
        List<Path> paths = new ArrayList<>();
        for (Segment written : current) {
            paths.add(written.file.path());
            written.file.close();
        }
        current.clear();
        segment = null;
        return paths;
    }

    /** The transaction of these segments was decided by the frame before this position. */
    void decide(List<Path> paths, long position) {
        for (int i = 0; i < paths.size(); i++) {
            long sizeBytes = paths.get(i).toFile().length();
            decidedBytes += sizeBytes;
            decided.add(new Decided(paths.get(i), sizeBytes, position));
        }
    }

    /** Unlinks what everybody has behind them. */
    void unlink(long everybodyIsBehind) {
        while (!decided.isEmpty() && decided.peek().position <= everybodyIsBehind) {
            Decided gone = decided.poll();
            decidedBytes -= gone.sizeBytes;
            OverflowFiles.delete(gone.path);
        }
    }

    boolean hasDecided() {
        return !decided.isEmpty();
    }

    /** How much {@link #unlink} would free at most. */
    long decidedBytes() {
        return decidedBytes;
    }

    /** Removes what was written and will not be published. */
    void cancel() {
        take().forEach(OverflowFiles::delete);
    }

    @Override
    public void close() {
        take();
    }
}
