package io.tha.memory;

import java.nio.ByteOrder;
import java.util.Objects;
import org.agrona.UnsafeApi;

/**
 * All access to memory by absolute address. Nothing here checks an address: callers have checked it against a mapping.
 *
 * <p>The memory order is in the name; an access without one is plain. Addresses of ordered accesses are multiples of their width.
 */
public final class Memory {
    private static final int LONG_MASK = Long.BYTES - 1;

    static {
        if (ByteOrder.nativeOrder() != ByteOrder.LITTLE_ENDIAN) {
            throw new UnsupportedOperationException("the formats of THA are little-endian and this machine is "
                    + ByteOrder.nativeOrder() + "; run on a little-endian machine");
        }
    }

    private Memory() {}

    public static byte getByte(long address) {
        return UnsafeApi.getByte(address);
    }

    public static void putByte(long address, byte value) {
        UnsafeApi.putByte(address, value);
    }

    public static short getShort(long address) {
        return UnsafeApi.getShort(address);
    }

    public static void putShort(long address, short value) {
        UnsafeApi.putShort(address, value);
    }

    public static char getChar(long address) {
        return UnsafeApi.getChar(address);
    }

    public static void putChar(long address, char value) {
        UnsafeApi.putChar(address, value);
    }

    public static int getInt(long address) {
        return UnsafeApi.getInt(address);
    }

    public static void putInt(long address, int value) {
        UnsafeApi.putInt(address, value);
    }

    public static long getLong(long address) {
        return UnsafeApi.getLong(address);
    }

    public static void putLong(long address, long value) {
        UnsafeApi.putLong(address, value);
    }

    public static float getFloat(long address) {
        return UnsafeApi.getFloat(address);
    }

    public static void putFloat(long address, float value) {
        UnsafeApi.putFloat(address, value);
    }

    public static double getDouble(long address) {
        return UnsafeApi.getDouble(address);
    }

    public static void putDouble(long address, double value) {
        UnsafeApi.putDouble(address, value);
    }

    public static int getIntAcquire(long address) {
        return UnsafeApi.getIntAcquire(null, address);
    }

    public static int getIntVolatile(long address) {
        return UnsafeApi.getIntVolatile(null, address);
    }

    public static void putIntRelease(long address, int value) {
        UnsafeApi.putIntRelease(null, address, value);
    }

    public static void putIntVolatile(long address, int value) {
        UnsafeApi.putIntVolatile(null, address, value);
    }

    public static boolean compareAndSetInt(long address, int expected, int value) {
        return UnsafeApi.compareAndSetInt(null, address, expected, value);
    }

    public static int getAndAddInt(long address, int delta) {
        return UnsafeApi.getAndAddInt(null, address, delta);
    }

    public static long getLongAcquire(long address) {
        return UnsafeApi.getLongAcquire(null, address);
    }

    public static long getLongVolatile(long address) {
        return UnsafeApi.getLongVolatile(null, address);
    }

    public static void putLongRelease(long address, long value) {
        UnsafeApi.putLongRelease(null, address, value);
    }

    public static void putLongVolatile(long address, long value) {
        UnsafeApi.putLongVolatile(null, address, value);
    }

    public static boolean compareAndSetLong(long address, long expected, long value) {
        return UnsafeApi.compareAndSetLong(null, address, expected, value);
    }

    public static long getAndAddLong(long address, long delta) {
        return UnsafeApi.getAndAddLong(null, address, delta);
    }

    public static void loadFence() {
        UnsafeApi.loadFence();
    }

    public static void storeFence() {
        UnsafeApi.storeFence();
    }

    public static void fullFence() {
        UnsafeApi.fullFence();
    }

    /** Copies bytes between ranges that may overlap only if {@code from >= to}. */
    public static void copy(long from, long to, long lengthBytes) {
        if (lengthBytes > 64) {
            UnsafeApi.copyMemory(from, to, lengthBytes);
            return;
        }
        long done = 0;
        for (; done + Long.BYTES <= lengthBytes; done += Long.BYTES) {
            putLong(to + done, getLong(from + done));
        }
        for (; done < lengthBytes; done++) {
            putByte(to + done, getByte(from + done));
        }
    }

    /** Copies from a Java array. */
    public static void copyFrom(byte[] from, int fromIndex, long to, int lengthBytes) {
        Objects.checkFromIndexSize(fromIndex, lengthBytes, from.length);
        UnsafeApi.copyMemory(from, UnsafeApi.arrayBaseOffset(byte[].class) + (long) fromIndex, null, to, lengthBytes);
    }

    /** Copies to a Java array. */
    public static void copyTo(long from, byte[] to, int toIndex, int lengthBytes) {
        Objects.checkFromIndexSize(toIndex, lengthBytes, to.length);
        UnsafeApi.copyMemory(null, from, to, UnsafeApi.arrayBaseOffset(byte[].class) + (long) toIndex, lengthBytes);
    }

    /** Sets bytes to zero. */
    public static void zero(long address, long lengthBytes) {
        if (lengthBytes > 256) {
            UnsafeApi.setMemory(address, lengthBytes, (byte) 0);
            return;
        }
        long done = 0;
        for (; done + Long.BYTES <= lengthBytes; done += Long.BYTES) {
            putLong(address + done, 0);
        }
        for (; done < lengthBytes; done++) {
            putByte(address + done, (byte) 0);
        }
    }

    /** Which of the eight longs of two lines of 64 bytes differ, bit 0 for the first; always the same instructions, whatever differs. */
    public static int differingLongs(long a, long b) {
        return differ(a, b, 0) | differ(a, b, 1) | differ(a, b, 2) | differ(a, b, 3) | differ(a, b, 4) | differ(a, b, 5) | differ(a, b, 6)
                | differ(a, b, 7);
    }

    private static int differ(long a, long b, int index) {
        long difference = getLong(a + (long) index * Long.BYTES) ^ getLong(b + (long) index * Long.BYTES);
        // The highest bit of x | -x is set unless x is zero.
        return (int) ((difference | -difference) >>> (Long.SIZE - 1)) << index;
    }

    /** The offset of the first byte in which two ranges differ, or -1. */
    public static long mismatch(long a, long b, long lengthBytes) {
        long done = 0;
        for (; done + Long.BYTES <= lengthBytes; done += Long.BYTES) {
            long difference = getLong(a + done) ^ getLong(b + done);
            if (difference != 0) {
                return done + (Long.numberOfTrailingZeros(difference) >>> 3);
            }
        }
        for (; done < lengthBytes; done++) {
            if (getByte(a + done) != getByte(b + done)) {
                return done;
            }
        }
        return -1;
    }

    /** The offset of the first byte that is not zero, or -1. */
    public static long firstNonZero(long address, long lengthBytes) {
        long done = 0;
        for (; done + Long.BYTES <= lengthBytes; done += Long.BYTES) {
            long value = getLong(address + done);
            if (value != 0) {
                return done + (Long.numberOfTrailingZeros(value) >>> 3);
            }
        }
        for (; done < lengthBytes; done++) {
            if (getByte(address + done) != 0) {
                return done;
            }
        }
        return -1;
    }

    /** Zeroed memory outside the heap, to be given back by {@link #free}. */
    public static long allocate(long lengthBytes) {
        long address = UnsafeApi.allocateMemory(Math.max(lengthBytes, Long.BYTES));
        UnsafeApi.setMemory(address, Math.max(lengthBytes, Long.BYTES), (byte) 0);
        return address;
    }

    /** Gives back what {@link #allocate} returned; 0 is ignored. */
    public static void free(long address) {
        if (address != 0) {
            UnsafeApi.freeMemory(address);
        }
    }

    /** Rounds up to a multiple of eight. */
    public static long align8(long value) {
        return (value + LONG_MASK) & -Long.BYTES;
    }
}
