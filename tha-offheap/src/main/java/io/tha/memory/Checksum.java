package io.tha.memory;

import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * CRC-32C over ranges of one mapping, by the processor's instruction where the JVM knows it; makes no garbage.
 *
 * <p>Threads: one.
 */
public final class Checksum {
    private final CRC32C crc = new CRC32C();
    private final long base;
    private final ByteBuffer view;

    /**
     * For ranges of at most 2 GiB of memory.
     *
     * @param base address
     * @param lengthBytes mapped there
     */
    public Checksum(long base, long lengthBytes) {
        if (lengthBytes > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("a view of " + lengthBytes + " bytes, expected at most " + Integer.MAX_VALUE);
        }
        this.base = base;
        view = Posix.available() ? new Pointer(base).getByteBuffer(0, lengthBytes) : null;
    }

    /** The CRC-32C of a range inside the mapping. */
    public int of(long address, long lengthBytes) {
        crc.reset();
        if (view == null) {
            for (long i = 0; i < lengthBytes; i++) {
                crc.update(Memory.getByte(address + i));
            }
        } else {
            int start = (int) (address - base);
            view.limit(start + (int) lengthBytes);
            view.position(start);
            crc.update(view);
        }
        return (int) crc.getValue();
    }
}
