package io.tha.tracker;

import io.tha.ThaException;
import io.tha.memory.LineMarks;
import io.tha.memory.Memory;
import io.tha.memory.Posix;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Read-only pages, of which a handler of SIGSEGV notes the first write and makes them writable; docs/trackers.md.
 *
 * <p>One range.
 */
final class FaultProtection implements WriteProtection {
    private static final System.Logger LOG = System.getLogger(FaultProtection.class.getName());
    private static final Path MAX_MAP_COUNT = Path.of("/proc/sys/vm/max_map_count");
    private static final long DEFAULT_MAX_MAP_COUNT = 65_530;
    /** Separate pages, of two mappings each, may take this part of what the process may map; wider ones as much again. */
    private static final long NARROW_SHARE = 8;

    private static final int REGIONS = 1_024;
    private static final int REGION_LENGTH = 2 * Long.BYTES;

    private final long narrow;
    private final long walk = Memory.allocate(Long.BYTES);
    private final long regions = Memory.allocate((long) REGIONS * REGION_LENGTH);
    private final Map<Integer, List<Held>> held = new HashMap<>();
    private int range = -1;
    private long start;
    private long end;
    private boolean closed;

    private FaultProtection(long narrow) {
        this.narrow = narrow;
    }

    /**
     * Watches nothing yet.
     *
     * @throws ThaException that tells why there is none here
     */
    static FaultProtection open() {
        long maxMapCount = maxMapCount();
        long narrow = maxMapCount / NARROW_SHARE;
        if (maxMapCount < DEFAULT_MAX_MAP_COUNT) {
            LOG.log(System.Logger.Level.INFO, "vm.max_map_count is {0}: from {1} separate written pages on, a write opens more than its page",
                    maxMapCount, narrow);
        }
        return open(narrow);
    }

    /** Of which a fault opens more than a page from so many separate pages on. */
    static FaultProtection open(long narrow) {
        if (FaultHandler.unavailableReason() != null) {
            throw new ThaException(FaultHandler.unavailableReason());
        }
        return new FaultProtection(narrow);
    }

    private static long maxMapCount() {
        // Through a buffer: the kernel gives such a file to the first read only, and Files.readString begins with a single byte.
        try (BufferedReader reader = Files.newBufferedReader(MAX_MAP_COUNT)) {
            return Math.max(NARROW_SHARE, Long.parseLong(reader.readLine()));
        } catch (IOException | NumberFormatException e) {
            return DEFAULT_MAX_MAP_COUNT;
        }
    }

    @Override
    public void watch(long address, long lengthBytes) {
        int result = FaultHandler.watch(address, address + lengthBytes, narrow);
        if (result < 0) {
            throw new ThaException("the protection of " + lengthBytes + " bytes at 0x" + Long.toHexString(address) + " fails: errno " + -result
                    + (result == -Posix.ENOSPC ? " (the handler has room for 64 pools)" : ""));
        }
        range = result;
        start = address;
        end = address + lengthBytes;
    }

    /**
     * Makes the pieces of a private mapping of a file mergeable; before it is watched, and while nobody writes to it.
     *
     * <p>Linux gives each piece of a private mapping an anon_vma when its first page is copied, and never merges pieces of which each has its own. A
     * page that is copied while there is one piece gives them all the same; the copy is dropped, since the page must go on following the file.
     */
    void makeMergeable(long address) {
        Memory.getAndAddLong(address, 0);
        int result = Posix.advise(address, LineMarks.PAGE_LENGTH, Posix.MADV_DONTNEED);
        if (result < 0) {
            throw new ThaException("the page at 0x" + Long.toHexString(address) + " cannot be given back: errno " + -result);
        }
    }

    @Override
    public void scan(long from, long to, RangeConsumer consumer) {
        Memory.putLong(walk, from);
        while (Memory.getLong(walk) < to) {
            int count = FaultHandler.scan(range, walk, to, regions, REGIONS);
            for (int i = 0; i < count; i++) {
                long region = regions + (long) i * REGION_LENGTH;
                consumer.accept(Memory.getLong(region), Memory.getLong(region + Long.BYTES));
            }
        }
    }

    @Override
    public synchronized void hold(int owner, long from, long to) {
        long firstPage = Math.max(start, from & -LineMarks.PAGE_LENGTH);
        long behindPages = Math.min(end, to + LineMarks.PAGE_LENGTH - 1 & -LineMarks.PAGE_LENGTH);
        List<Held> ofOwner = held.computeIfAbsent(owner, any -> new ArrayList<>());
        boolean heldAlready = !ofOwner.isEmpty() && ofOwner.get(ofOwner.size() - 1).contains(firstPage, behindPages);
        if (closed || firstPage >= behindPages || heldAlready) {
            return;
        }
        int result = FaultHandler.hold(range, firstPage, behindPages);
        if (result < 0) {
            throw new ThaException("pages at 0x" + Long.toHexString(firstPage) + " cannot be made writable: errno " + -result);
        }
        ofOwner.add(new Held(firstPage, behindPages));
    }

    @Override
    public synchronized void letGo(int owner) {
        List<Held> ofOwner = held.get(owner);
        if (ofOwner != null) {
            ofOwner.forEach(pages -> FaultHandler.letGo(range, pages.from, pages.to));
            ofOwner.clear();
        }
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        int result = range < 0 ? 0 : FaultHandler.unwatch(range);
        Memory.free(walk);
        Memory.free(regions);
        if (result < 0) {
            throw new ThaException("the protection at 0x" + Long.toHexString(start) + " cannot be taken off: errno " + -result);
        }
    }

    private record Held(long from, long to) {
        boolean contains(long first, long behind) {
            return from <= first && behind <= to;
        }
    }
}
