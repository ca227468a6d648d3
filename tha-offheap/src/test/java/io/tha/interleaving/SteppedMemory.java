package io.tha.interleaving;

import io.tha.memory.Memory;

/**
 * Stands for {@link Memory} in the classes that {@link SteppedLoader} loads: an access to watched memory is a step. All steps are in one order, which
 * each of them sees: what processors and compilers reorder is not seen here.
 */
public final class SteppedMemory {
    private SteppedMemory() {}

    public static byte getByte(long address) {
        if (!Steps.isStep(address)) {
            return Memory.getByte(address);
        }
        return (byte) (Steps.isRepeated() ? Steps.repeat() : Steps.read(address, Byte.BYTES, Memory.getByte(address)));
    }

    public static short getShort(long address) {
        if (!Steps.isStep(address)) {
            return Memory.getShort(address);
        }
        return (short) (Steps.isRepeated() ? Steps.repeat() : Steps.read(address, Short.BYTES, Memory.getShort(address)));
    }

    public static int getInt(long address) {
        if (!Steps.isStep(address)) {
            return Memory.getInt(address);
        }
        return (int) (Steps.isRepeated() ? Steps.repeat() : Steps.read(address, Integer.BYTES, Memory.getInt(address)));
    }

    public static long getLong(long address) {
        if (!Steps.isStep(address)) {
            return Memory.getLong(address);
        }
        return (Steps.isRepeated() ? Steps.repeat() : Steps.read(address, Long.BYTES, Memory.getLong(address)));
    }

    public static int getIntAcquire(long address) {
        if (!Steps.isStep(address)) {
            return Memory.getIntAcquire(address);
        }
        return (int) (Steps.isRepeated() ? Steps.repeat() : Steps.read(address, Integer.BYTES, Memory.getIntAcquire(address)));
    }

    public static int getIntVolatile(long address) {
        if (!Steps.isStep(address)) {
            return Memory.getIntVolatile(address);
        }
        return (int) (Steps.isRepeated() ? Steps.repeat() : Steps.read(address, Integer.BYTES, Memory.getIntVolatile(address)));
    }

    public static long getLongAcquire(long address) {
        if (!Steps.isStep(address)) {
            return Memory.getLongAcquire(address);
        }
        return (Steps.isRepeated() ? Steps.repeat() : Steps.read(address, Long.BYTES, Memory.getLongAcquire(address)));
    }

    public static long getLongVolatile(long address) {
        if (!Steps.isStep(address)) {
            return Memory.getLongVolatile(address);
        }
        return (Steps.isRepeated() ? Steps.repeat() : Steps.read(address, Long.BYTES, Memory.getLongVolatile(address)));
    }

    public static void putByte(long address, byte value) {
        if (!Steps.isStep(address)) {
            Memory.putByte(address, value);
        } else if (Steps.isRepeated()) {
            Steps.repeat();
        } else {
            long before = Memory.getByte(address);
            Memory.putByte(address, value);
            Steps.written(address, Byte.BYTES, before, value);
        }
    }

    public static void putShort(long address, short value) {
        if (!Steps.isStep(address)) {
            Memory.putShort(address, value);
        } else if (Steps.isRepeated()) {
            Steps.repeat();
        } else {
            long before = Memory.getShort(address);
            Memory.putShort(address, value);
            Steps.written(address, Short.BYTES, before, value);
        }
    }

    public static void putInt(long address, int value) {
        if (!Steps.isStep(address)) {
            Memory.putInt(address, value);
        } else if (Steps.isRepeated()) {
            Steps.repeat();
        } else {
            long before = Memory.getInt(address);
            Memory.putInt(address, value);
            Steps.written(address, Integer.BYTES, before, value);
        }
    }

    public static void putLong(long address, long value) {
        if (!Steps.isStep(address)) {
            Memory.putLong(address, value);
        } else if (Steps.isRepeated()) {
            Steps.repeat();
        } else {
            long before = Memory.getLong(address);
            Memory.putLong(address, value);
            Steps.written(address, Long.BYTES, before, value);
        }
    }

    public static void putIntRelease(long address, int value) {
        if (!Steps.isStep(address)) {
            Memory.putIntRelease(address, value);
        } else if (Steps.isRepeated()) {
            Steps.repeat();
        } else {
            long before = Memory.getInt(address);
            Memory.putIntRelease(address, value);
            Steps.written(address, Integer.BYTES, before, value);
        }
    }

    public static void putIntVolatile(long address, int value) {
        if (!Steps.isStep(address)) {
            Memory.putIntVolatile(address, value);
        } else if (Steps.isRepeated()) {
            Steps.repeat();
        } else {
            long before = Memory.getInt(address);
            Memory.putIntVolatile(address, value);
            Steps.written(address, Integer.BYTES, before, value);
        }
    }

    public static void putLongRelease(long address, long value) {
        if (!Steps.isStep(address)) {
            Memory.putLongRelease(address, value);
        } else if (Steps.isRepeated()) {
            Steps.repeat();
        } else {
            long before = Memory.getLong(address);
            Memory.putLongRelease(address, value);
            Steps.written(address, Long.BYTES, before, value);
        }
    }

    public static void putLongVolatile(long address, long value) {
        if (!Steps.isStep(address)) {
            Memory.putLongVolatile(address, value);
        } else if (Steps.isRepeated()) {
            Steps.repeat();
        } else {
            long before = Memory.getLong(address);
            Memory.putLongVolatile(address, value);
            Steps.written(address, Long.BYTES, before, value);
        }
    }

    public static boolean compareAndSetLong(long address, long expected, long value) {
        if (!Steps.isStep(address)) {
            return Memory.compareAndSetLong(address, expected, value);
        }
        return (Steps.isRepeated() ? Steps.repeat() : Steps.compareAndSet(address, expected, value)) != 0;
    }

    public static boolean compareAndSetInt(long address, int expected, int value) {
        requirePrivate(address);
        return Memory.compareAndSetInt(address, expected, value);
    }

    public static long getAndAddLong(long address, long delta) {
        requirePrivate(address);
        return Memory.getAndAddLong(address, delta);
    }

    public static void loadFence() {
        Memory.loadFence();
    }

    public static void storeFence() {
        Memory.storeFence();
    }

    public static void copyFrom(byte[] from, int fromIndex, long to, int lengthBytes) {
        if (!Steps.isStep(to)) {
            Memory.copyFrom(from, fromIndex, to, lengthBytes);
        } else if (Steps.isRepeated()) {
            Steps.repeat();
        } else {
            Memory.copyFrom(from, fromIndex, to, lengthBytes);
            Steps.written(to, lengthBytes, 0, 0);
        }
    }

    public static void copyTo(long from, byte[] to, int toIndex, int lengthBytes) {
        if (!Steps.isStep(from)) {
            Memory.copyTo(from, to, toIndex, lengthBytes);
            return;
        }
        byte[] bytes = Steps.isRepeated() ? Steps.repeatRange() : Steps.readRange(from, lengthBytes);
        System.arraycopy(bytes, 0, to, toIndex, lengthBytes);
    }

    public static void copy(long from, long to, long lengthBytes) {
        requirePrivate(from);
        requirePrivate(to);
        Memory.copy(from, to, lengthBytes);
    }

    public static void zero(long address, long lengthBytes) {
        requirePrivate(address);
        Memory.zero(address, lengthBytes);
    }

    public static long allocate(long lengthBytes) {
        return Memory.allocate(lengthBytes);
    }

    public static void free(long address) {
        Memory.free(address);
    }

    public static long align8(long value) {
        return Memory.align8(value);
    }

    /** No scenario needs it as a step. */
    private static void requirePrivate(long address) {
        if (Steps.isStep(address)) {
            throw new UnsupportedOperationException("this access to watched memory is not made a step yet");
        }
    }
}
