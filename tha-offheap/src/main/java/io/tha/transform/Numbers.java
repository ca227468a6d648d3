package io.tha.transform;

import io.tha.layout.FieldType;
import io.tha.memory.Memory;

/**
 * Converts one number, truth value or UTF-16 unit to another type, by its value: false is 0 and true is 1, a UTF-16 unit is its code. What has an
 * exact equivalent becomes that; else the nearest float, or the whole number towards zero; what is out of range is clamped, or loses its high bits.
 *
 * <p>Threads: stateless.
 */
final class Numbers {
    /** The target holds the same value. */
    static final int EXACT = 0;
    /** See {@link Loss#RANGE}. */
    static final int OUT_OF_RANGE = -1;
    /** See {@link Loss#PRECISION}. */
    static final int ROUNDED = -2;

    private static final double LONG_END = 0x1p63;
    private static final int FRACTION_BITS = 52;

    private Numbers() {}

    /** Whether values of a type are converted here. */
    static boolean isNumber(FieldType type) {
        return switch (type) {
            case INT8, INT16, INT32, INT64, FLOAT32, FLOAT64, BOOLEAN, CHAR16 -> true;
            default -> false;
        };
    }

    /**
     * Converts the value at one address to the other.
     *
     * @param clamps what is out of range, instead of keeping its low bits
     * @return {@link #EXACT}, {@link #OUT_OF_RANGE} or {@link #ROUNDED}; something is written in each case
     */
    static int convert(FieldType from, long source, FieldType to, long target, boolean clamps) {
        return switch (from) {
            case FLOAT32 -> real(Memory.getFloat(source), to, target, clamps);
            case FLOAT64 -> real(Memory.getDouble(source), to, target, clamps);
            default -> whole(wholeAt(from, source), to, target, clamps);
        };
    }

    private static long wholeAt(FieldType type, long address) {
        return switch (type) {
            case INT8 -> Memory.getByte(address);
            case INT16 -> Memory.getShort(address);
            case INT32 -> Memory.getInt(address);
            case CHAR16 -> Memory.getChar(address);
            case BOOLEAN -> Memory.getByte(address) == 0 ? 0 : 1;
            default -> Memory.getLong(address);
        };
    }

    private static int whole(long value, FieldType to, long target, boolean clamps) {
        if (to == FieldType.FLOAT64) {
            Memory.putDouble(target, (double) value);
            return holds(to, value) ? EXACT : ROUNDED;
        }
        if (to == FieldType.FLOAT32) {
            Memory.putFloat(target, (float) value);
            return holds(to, value) ? EXACT : ROUNDED;
        }
        if (holds(to, value)) {
            put(to, target, value);
            return EXACT;
        }
        put(to, target, !clamps ? value : value < least(to) ? least(to) : greatest(to));
        return OUT_OF_RANGE;
    }

    private static int real(double value, FieldType to, long target, boolean clamps) {
        if (to == FieldType.FLOAT64) {
            // One NaN for all: which bits a conversion keeps is up to the processor.
            Memory.putDouble(target, Double.isNaN(value) ? Double.NaN : value);
            return EXACT;
        }
        if (to == FieldType.FLOAT32) {
            return toFloat(value, target, clamps);
        }
        double whole = value < 0 ? Math.ceil(value) : Math.floor(value);
        long least = least(to);
        long greatest = greatest(to);
        if (whole >= (double) least && whole < (double) greatest + 1) {
            put(to, target, (long) whole);
            return whole == value ? EXACT : ROUNDED;
        }
        long kept = Double.isNaN(value) ? 0 : !clamps ? lowBits(whole) : value < 0 ? least : greatest;
        put(to, target, kept);
        return OUT_OF_RANGE;
    }

    private static int toFloat(double value, long target, boolean clamps) {
        float nearest = (float) value;
        if (Float.isInfinite(nearest) && !Double.isInfinite(value)) {
            Memory.putFloat(target, clamps ? Math.copySign(Float.MAX_VALUE, nearest) : nearest);
            return OUT_OF_RANGE;
        }
        Memory.putFloat(target, Float.isNaN(nearest) ? Float.NaN : nearest);
        return nearest == value || Double.isNaN(value) ? EXACT : ROUNDED;
    }

    /** Of a whole number in two's complement, which may have more than 64. */
    private static long lowBits(double whole) {
        if (Math.abs(whole) < LONG_END) {
            return (long) whole;
        }
        int shift = Math.getExponent(whole) - FRACTION_BITS;
        long significand = Double.doubleToRawLongBits(whole) & (1L << FRACTION_BITS) - 1 | 1L << FRACTION_BITS;
        long magnitude = shift >= Long.SIZE ? 0 : significand << shift;
        return whole < 0 ? -magnitude : magnitude;
    }

    /** Whether a type has an equivalent of a whole number. */
    static boolean holds(FieldType type, long value) {
        return switch (type) {
            case FLOAT64 -> (double) value != LONG_END && (long) (double) value == value;
            case FLOAT32 -> (float) value != LONG_END && (long) (float) value == value;
            default -> value >= least(type) && value <= greatest(type);
        };
    }

    /** The value at an address, for messages. */
    static String text(FieldType type, long address) {
        return switch (type) {
            case FLOAT32 -> Float.toString(Memory.getFloat(address));
            case FLOAT64 -> Double.toString(Memory.getDouble(address));
            default -> Long.toString(wholeAt(type, address));
        };
    }

    private static long least(FieldType type) {
        return switch (type) {
            case INT8 -> Byte.MIN_VALUE;
            case INT16 -> Short.MIN_VALUE;
            case INT32 -> Integer.MIN_VALUE;
            case INT64 -> Long.MIN_VALUE;
            default -> 0;
        };
    }

    private static long greatest(FieldType type) {
        return switch (type) {
            case INT8 -> Byte.MAX_VALUE;
            case INT16 -> Short.MAX_VALUE;
            case INT32 -> Integer.MAX_VALUE;
            case INT64 -> Long.MAX_VALUE;
            case CHAR16 -> Character.MAX_VALUE;
            default -> 1;
        };
    }

    private static void put(FieldType type, long address, long value) {
        switch (type) {
            case INT8 -> Memory.putByte(address, (byte) value);
            case INT16, CHAR16 -> Memory.putShort(address, (short) value);
            case INT32 -> Memory.putInt(address, (int) value);
            case BOOLEAN -> Memory.putByte(address, (byte) (value & 1));
            default -> Memory.putLong(address, value);
        }
    }
}
