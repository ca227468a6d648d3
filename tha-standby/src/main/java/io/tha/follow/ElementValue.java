package io.tha.follow;

import io.tha.layout.FieldType;
import io.tha.memory.Memory;
import java.nio.charset.StandardCharsets;

/** Values of elements as objects, to be told. */
final class ElementValue {
    private ElementValue() {}

    /**
     * The value of a whole element that is no pointer.
     *
     * @return of a number, boolean or char16 the boxed Java primitive; of a text a String; else a byte[]
     */
    static Object of(FieldType type, long address, int lengthBytes) {
        return switch (type) {
            case INT8 -> Memory.getByte(address);
            case INT16 -> Memory.getShort(address);
            case INT32 -> Memory.getInt(address);
            case INT64, POINTER, RAW_POINTER -> Memory.getLong(address);
            case FLOAT32 -> Memory.getFloat(address);
            case FLOAT64 -> Memory.getDouble(address);
            case BOOLEAN -> Memory.getByte(address) != 0;
            case CHAR16 -> Memory.getChar(address);
            case UTF8 -> text(address, lengthBytes);
            case BYTES, STRUCT -> bytes(address, lengthBytes);
        };
    }

    /** A text that is padded with zeros. */
    static String text(long address, int lengthBytes) {
        byte[] bytes = bytes(address, lengthBytes);
        int end = 0;
        while (end < bytes.length && bytes[end] != 0) {
            end++;
        }
        return new String(bytes, 0, end, StandardCharsets.UTF_8);
    }

    static byte[] bytes(long address, int lengthBytes) {
        byte[] bytes = new byte[lengthBytes];
        Memory.copyTo(address, bytes, 0, lengthBytes);
        return bytes;
    }
}
