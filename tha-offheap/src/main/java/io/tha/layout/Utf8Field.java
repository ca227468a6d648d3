package io.tha.layout;

import io.tha.memory.Memory;
import io.tha.memory.ObjectMemory;
import java.nio.charset.StandardCharsets;

/** Text of a fixed greatest length in UTF-8, padded with zeros. */
public final class Utf8Field extends Field {
    private static final int ASCII_END = 0x80;

    Utf8Field(FieldPath resolved) {
        super(resolved);
    }

    public String get(ObjectMemory memory, long handle) {
        return text(memory.read(handle, layoutKey) + offset);
    }

    /** One value of an array. */
    public String get(ObjectMemory memory, long handle, int index) {
        return text(memory.read(handle, layoutKey) + offsetOf(index));
    }

    /**
     * Writes text; ASCII makes no garbage.
     *
     * @throws IllegalArgumentException if it is longer than the field, holds a NUL, or is no Unicode text; nothing is written then
     */
    public void set(ObjectMemory memory, long handle, CharSequence value) {
        write(memory, handle, offset, value);
    }

    /** One value of an array. */
    public void set(ObjectMemory memory, long handle, int index, CharSequence value) {
        write(memory, handle, offsetOf(index), value);
    }

    /** Whether the field holds exactly this ASCII text; makes no garbage. */
    public boolean contentEquals(ObjectMemory memory, long handle, CharSequence ascii) {
        long address = memory.read(handle, layoutKey) + offset;
        int textLength = ascii.length();
        if (textLength > length || textLength < length && Memory.getByte(address + textLength) != 0) {
            return false;
        }
        for (int i = 0; i < textLength; i++) {
            if (ascii.charAt(i) >= ASCII_END || Memory.getByte(address + i) != ascii.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private void write(ObjectMemory memory, long handle, long fieldOffset, CharSequence value) {
        if (isAscii(value) && value.length() <= length) {
            long address = memory.writeRange(handle, layoutKey, fieldOffset, length);
            for (int i = 0; i < value.length(); i++) {
                Memory.putByte(address + i, (byte) value.charAt(i));
            }
            Memory.zero(address + value.length(), length - (long) value.length());
            return;
        }
        byte[] bytes = encoded(value);
        long address = memory.writeRange(handle, layoutKey, fieldOffset, length);
        Memory.copyFrom(bytes, 0, address, bytes.length);
        Memory.zero(address + bytes.length, length - (long) bytes.length);
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
        if (bytes.length > length) {
            throw new IllegalArgumentException(this + ": text of " + bytes.length + " bytes in UTF-8, the field holds " + length);
        }
        if (text.indexOf(0) >= 0) {
            throw new IllegalArgumentException(this + ": text holds a NUL at " + text.indexOf(0) + ", which would end it");
        }
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw new IllegalArgumentException(this + ": text holds half a surrogate pair");
        }
        return bytes;
    }

    private String text(long address) {
        int textLength = 0;
        while (textLength < length && Memory.getByte(address + textLength) != 0) {
            textLength++;
        }
        byte[] bytes = new byte[textLength];
        Memory.copyTo(address, bytes, 0, textLength);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
