package io.tha.layout;

import java.util.Locale;

/** What a field holds. */
public enum FieldType {
    INT8(1),
    INT16(2),
    INT32(4),
    INT64(8),
    FLOAT32(4),
    FLOAT64(8),
    /** One byte, 0 or 1. */
    BOOLEAN(1),
    /** A UTF-16 code unit. */
    CHAR16(2),
    /** Text of at most so many bytes of UTF-8, padded with zeros; it holds no zero itself. */
    UTF8(0),
    /** Raw bytes, replicated byte by byte. */
    BYTES(0),
    /** A handle: 48 bits of offset and 16 of generation; it may point into an object. */
    POINTER(8),
    /** A plain pool offset that foreign code fills; it has no generation. */
    RAW_POINTER(8),
    /** A nested structure. */
    STRUCT(0);

    private final int lengthBytes;

    FieldType(int lengthBytes) {
        this.lengthBytes = lengthBytes;
    }

    /** The length of one value in bytes, or 0 where each field declares its own. */
    public int lengthBytes() {
        return lengthBytes;
    }

    /** The name in descriptions: lower case. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
