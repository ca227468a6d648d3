package io.tha.transform;

import io.tha.layout.FieldType;
import io.tha.memory.Memory;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;

/**
 * What java.math says.
 *
 * @param bits of the target's value
 * @param result as of {@link Numbers#convert}
 */
record ReferenceNumber(long bits, int result) {
    static void put(FieldType type, long address, Number value) {
        switch (type) {
            case INT8 -> Memory.putByte(address, value.byteValue());
            case BOOLEAN -> Memory.putByte(address, (byte) (value.longValue() & 1));
            case INT16, CHAR16 -> Memory.putShort(address, value.shortValue());
            case INT32 -> Memory.putInt(address, value.intValue());
            case FLOAT32 -> Memory.putFloat(address, value.floatValue());
            case FLOAT64 -> Memory.putDouble(address, value.doubleValue());
            default -> Memory.putLong(address, value.longValue());
        }
    }

    /** The value, exactly: a BigDecimal, or a Double that is none. */
    static Number at(FieldType type, ByteBuffer bytes, int at) {
        return switch (type) {
            case INT8, BOOLEAN -> BigDecimal.valueOf(bytes.get(at));
            case INT16 -> BigDecimal.valueOf(bytes.getShort(at));
            case CHAR16 -> BigDecimal.valueOf(bytes.getShort(at) & 0xFFFF);
            case INT32 -> BigDecimal.valueOf(bytes.getInt(at));
            case FLOAT32 -> real(bytes.getFloat(at));
            case FLOAT64 -> real(bytes.getDouble(at));
            default -> BigDecimal.valueOf(bytes.getLong(at));
        };
    }

    private static Number real(double value) {
        boolean isDecimal = Double.isFinite(value) && (value != 0 || Double.doubleToRawLongBits(value) == 0);
        return isDecimal ? (Number) new BigDecimal(value) : value;
    }

    static long bits(FieldType type, ByteBuffer bytes, int at) {
        return switch (type) {
            case INT8, BOOLEAN -> bytes.get(at);
            case INT16, CHAR16 -> bytes.getShort(at);
            case INT32 -> bytes.getInt(at);
            case FLOAT32 -> Float.floatToIntBits(bytes.getFloat(at));
            case FLOAT64 -> Double.doubleToLongBits(bytes.getDouble(at));
            default -> bytes.getLong(at);
        };
    }

    static ReferenceNumber of(Number value, FieldType to, boolean clamps) {
        return switch (to) {
            case FLOAT32 -> toFloat(value, clamps);
            case FLOAT64 -> toDouble(value);
            case INT8 -> toWhole(value, clamps, -1L << 7, (1L << 7) - 1, BigInteger::byteValue);
            case INT16 -> toWhole(value, clamps, -1L << 15, (1L << 15) - 1, BigInteger::shortValue);
            case CHAR16 -> toWhole(value, clamps, 0, (1L << 16) - 1, BigInteger::shortValue);
            case INT32 -> toWhole(value, clamps, -1L << 31, (1L << 31) - 1, BigInteger::intValue);
            case BOOLEAN -> toWhole(value, clamps, 0, 1, whole -> whole.testBit(0) ? 1 : 0);
            default -> toWhole(value, clamps, Long.MIN_VALUE, Long.MAX_VALUE, BigInteger::longValue);
        };
    }

    /** The low bits of a whole number, as the type has them. */
    private interface LowBits {
        Number of(BigInteger whole);
    }

    private static ReferenceNumber toWhole(Number value, boolean clamps, long least, long greatest, LowBits low) {
        if (value instanceof Double none) {
            BigInteger bound = BigInteger.valueOf(none < 0 ? least : greatest);
            boolean isZero = none == 0;
            BigInteger kept = none.isNaN() || isZero || !clamps ? BigInteger.ZERO : bound;
            return new ReferenceNumber(low.of(kept).longValue(), isZero ? Numbers.EXACT : Numbers.OUT_OF_RANGE);
        }
        BigDecimal exact = (BigDecimal) value;
        BigInteger whole = exact.toBigInteger();
        BigInteger clamped = whole.max(BigInteger.valueOf(least)).min(BigInteger.valueOf(greatest));
        if (clamped.equals(whole)) {
            return new ReferenceNumber(low.of(whole).longValue(), new BigDecimal(whole).compareTo(exact) == 0 ? Numbers.EXACT : Numbers.ROUNDED);
        }
        return new ReferenceNumber(low.of(clamps ? clamped : whole).longValue(), Numbers.OUT_OF_RANGE);
    }

    private static ReferenceNumber toDouble(Number value) {
        double nearest = value.doubleValue();
        boolean isExact = value instanceof Double || new BigDecimal(nearest).compareTo((BigDecimal) value) == 0;
        return new ReferenceNumber(Double.doubleToLongBits(nearest), isExact ? Numbers.EXACT : Numbers.ROUNDED);
    }

    private static ReferenceNumber toFloat(Number value, boolean clamps) {
        float nearest = value.floatValue();
        if (value instanceof Double) {
            return new ReferenceNumber(Float.floatToIntBits(nearest), Numbers.EXACT);
        }
        if (Float.isInfinite(nearest)) {
            float kept = clamps ? Math.copySign(Float.MAX_VALUE, nearest) : nearest;
            return new ReferenceNumber(Float.floatToIntBits(kept), Numbers.OUT_OF_RANGE);
        }
        // A decimal that is not zero loses its sign with its value.
        float signed = nearest == 0 ? Math.copySign(nearest, ((BigDecimal) value).signum()) : nearest;
        boolean isExact = new BigDecimal(nearest).compareTo((BigDecimal) value) == 0;
        return new ReferenceNumber(Float.floatToIntBits(signed), isExact ? Numbers.EXACT : Numbers.ROUNDED);
    }
}
