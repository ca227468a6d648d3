package io.tha.tracker;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.Pointer;
import io.tha.memory.LineMarks;
import io.tha.memory.Memory;
import io.tha.memory.Posix;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.stream.Stream;

/** Anonymous memory under a fault handler. */
final class TestMemory implements AutoCloseable {
    private static final int PAGE = LineMarks.PAGE_LENGTH;

    private final long address;
    private final int pageCount;
    private final FaultProtection protection;

    private TestMemory(int pageCount, FaultProtection protection) {
        this.pageCount = pageCount;
        this.protection = protection;
        address = Posix.map(-1, (long) pageCount * PAGE, Posix.PROT_READ | Posix.PROT_WRITE, Posix.MAP_PRIVATE | Posix.MAP_ANONYMOUS);
        assertTrue(address > 0, "mmap: " + address);
        // One anon_vma for all pieces, as FaultProtection.makeMergeable tells.
        Memory.putLong(address, 0);
        protection.watch(address, (long) pageCount * PAGE);
    }

    static TestMemory of(int pageCount) {
        return new TestMemory(pageCount, FaultProtection.open());
    }

    /** See {@link FaultProtection#open(long)}. */
    static TestMemory of(int pageCount, long narrow) {
        return new TestMemory(pageCount, FaultProtection.open(narrow));
    }

    long page(int page) {
        return address + (long) page * PAGE;
    }

    int pageCount() {
        return pageCount;
    }

    FaultProtection protection() {
        return protection;
    }

    void write(int page, long value) {
        Memory.putLong(page(page), value);
    }

    long read(int page) {
        return Memory.getLong(page(page));
    }

    void hold(int owner, int fromPage, int toPage) {
        protection.hold(owner, page(fromPage), page(toPage));
    }

    /** The pages that were written. */
    BitSet scan() {
        BitSet found = new BitSet();
        protection.scan(address, page(pageCount), (start, end) -> found.set((int) ((start - address) / PAGE), (int) ((end - address) / PAGE)));
        return found;
    }

    /** For those who write to a page without knowing it. */
    ByteBuffer buffer(int page) {
        return new Pointer(page(page)).getByteBuffer(0, PAGE);
    }

    /** How many mappings this process has. */
    static long mappings() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
            return lines.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        protection.close();
        Posix.unmap(address, (long) pageCount * PAGE);
    }
}
