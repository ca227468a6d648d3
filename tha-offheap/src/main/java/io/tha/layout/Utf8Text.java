package io.tha.layout;

import io.tha.memory.Memory;
import io.tha.memory.ObjectMemory;
import java.nio.charset.StandardCharsets;

/**
 * One text value in memory: UTF-8 of a fixed greatest length, padded with zeros.
 *
 * <p>Threads: immutable; the objects follow the contract of their memory.
 *
 * @param field that holds it, for messages
 * @param lengthBytes of the value in memory
 */
public record Utf8Text(String field, int lengthBytes) {
    private static final int ASCII_END = 0x80;

    /** The value at an address. */
    public String get(long address) {
        int textLength = 0;
        while (textLength < lengthBytes && Memory.getByte(address + textLength) != 0) {
            textLength++;
        }
        byte[] bytes = new byte[textLength];
        Memory.copyTo(address, bytes, 0, textLength);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Whether the value at an address is exactly this ASCII text; makes no garbage. */
    public boolean contentEquals(long address, CharSequence ascii) {
        int textLength = ascii.length();
        if (textLength > lengthBytes || textLength < lengthBytes && Memory.getByte(address + textLength) != 0) {
            return false;
        }
        for (int i = 0; i < textLength; i++) {
            if (ascii.charAt(i) >= ASCII_END || Memory.getByte(address + i) != ascii.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Writes a value into an object; ASCII makes no garbage.
     *
     * @param memory of the object
     * @param handle of the object
     * @param layoutKey of its layout
     * @param offset of the value in the object, in bytes
     * @param value to be written
     * @throws IllegalArgumentException if it is too long, holds a NUL, or is no Unicode text; nothing is written then
     */
    public void set(ObjectMemory memory, long handle, long layoutKey, long offset, CharSequence value) {
        if (isAscii(value) && value.length() <= lengthBytes) {
            long address = memory.writeRange(handle, layoutKey, offset, lengthBytes);
            for (int i = 0; i < value.length(); i++) {
                Memory.putByte(address + i, (byte) value.charAt(i));
            }
            Memory.zero(address + value.length(), lengthBytes - (long) value.length());
            return;
        }
        byte[] bytes = encoded(value);
        long address = memory.writeRange(handle, layoutKey, offset, lengthBytes);
        Memory.copyFrom(bytes, 0, address, bytes.length);
        Memory.zero(address + bytes.length, lengthBytes - (long) bytes.length);
    }

    private static boolean isAscii(CharSequence value) {
        for (int i = 0; i < value.length(); i++) {
            // NUL ends the text, so it takes the way that reports it.
            if (value.charAt(i) >= ASCII_END || value.charAt(i) == 0) {
                return false;
            }
        }
        return true;
    }

    private byte[] encoded(CharSequence value) {
        String text = value.toString();
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > lengthBytes) {
            throw new IllegalArgumentException(field + ": text of " + bytes.length + " bytes in UTF-8, the field holds " + lengthBytes);
        }
        if (text.indexOf(0) >= 0) {
            throw new IllegalArgumentException(field + ": text holds a NUL at " + text.indexOf(0) + ", which would end it");
        }
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw new IllegalArgumentException(field + ": text holds half a surrogate pair");
        }
        return bytes;
    }
}
