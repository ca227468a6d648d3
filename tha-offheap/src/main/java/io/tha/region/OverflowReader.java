package io.tha.region;

import io.tha.CorruptRegionException;
import io.tha.memory.Checksum;
import io.tha.memory.MappedFile;
import io.tha.memory.Memory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.agrona.collections.Int2IntCounterMap;

/**
 * Reads ranges of overflow segments.
 *
 * <p>Threads: one.
 */
final class OverflowReader implements AutoCloseable {
    private final LogFile log;
    private final Map<Integer, Mapping> mappings = new HashMap<>();

    /** How many ranges of each segment are known and not released. */
    private final Int2IntCounterMap uses = new Int2IntCounterMap(0);

    /** Of the latest segment that was mapped: the next ranges are likely in it. */
    private int latest = -1;

    private record Mapping(MappedFile file, Checksum checksum) {}

    OverflowReader(LogFile log) {
        this.log = log;
    }

    /** A range may be read until it is released. */
    void retain(OverflowRange range) {
        uses.incrementAndGet(range.segment());
    }

    /** Whether the segment is there: one that is not was needed by nobody that the writer waits for. */
    boolean isPresent(OverflowRange range) {
        return mappings.containsKey(range.segment()) || Files.exists(OverflowFiles.path(log, range.segment()));
    }

    /** Checks every frame of a range. */
    void validate(OverflowRange range) {
        Mapping mapping = mapping(range.segment());
        if (range.offset() < 0 || range.lengthBytes() < 0 || range.offset() % Long.BYTES != 0
                || range.lengthBytes() > mapping.file.sizeBytes() - range.offset()) {
            throw corrupt(mapping, range.offset(), "a range of " + range.lengthBytes() + " bytes, the segment has " + mapping.file.sizeBytes());
        }
        if (log.hasChecksums() && mapping.checksum.of(mapping.file.address() + range.offset(), range.lengthBytes()) != range.crc()) {
            throw corrupt(mapping, range.offset(), "CRC of the range differs from its reference in the log");
        }
        long end = range.offset() + range.lengthBytes();
        int frames = 0;
        for (long offset = range.offset(); offset < end; frames++) {
            String problem = FrameCheck.problem(mapping.file.address() + offset, offset, end - offset, null);
            if (problem != null) {
                throw corrupt(mapping, offset, problem);
            }
            offset += Memory.getInt(mapping.file.address() + offset + FrameDescriptor.LENGTH_OFFSET);
        }
        if (frames != range.frames()) {
            throw corrupt(mapping, range.offset(), frames + " frames in a range that should have " + range.frames());
        }
    }

    void deliver(OverflowRange range, FrameHandler handler) {
        long base = mapping(range.segment()).file.address();
        for (long offset = range.offset(); offset < range.offset() + range.lengthBytes(); ) {
            long address = base + offset;
            int length = Memory.getInt(address + FrameDescriptor.LENGTH_OFFSET);
            handler.frame(Memory.getShort(address + FrameDescriptor.TYPE_OFFSET), address, length);
            offset += length;
        }
    }

    private Mapping mapping(int segment) {
        Mapping mapping = mappings.get(segment);
        if (mapping == null) {
            MappedFile file = MappedFile.openForReading(OverflowFiles.path(log, segment), 1);
            mapping = new Mapping(file, new Checksum(file.address(), file.sizeBytes()));
            mappings.put(segment, mapping);
            int before = latest;
            latest = Math.max(latest, segment);
            closeUnused(before);
        }
        return mapping;
    }

    /** The transaction of a range was decided. */
    void release(OverflowRange range) {
        uses.decrementAndGet(range.segment());
        closeUnused(range.segment());
    }

    private void closeUnused(int segment) {
        if (segment < latest && uses.get(segment) == 0) {
            Mapping mapping = mappings.remove(segment);
            if (mapping != null) {
                mapping.file.close();
            }
        }
    }

    private static CorruptRegionException corrupt(Mapping mapping, long offset, String problem) {
        Path path = mapping.file.path();
        return new CorruptRegionException("overflow segment '" + path + "' at offset " + offset + ": " + problem
                + "; the region was damaged, rebuild this standby");
    }

    @Override
    public void close() {
        mappings.values().forEach(mapping -> mapping.file.close());
        mappings.clear();
    }
}
