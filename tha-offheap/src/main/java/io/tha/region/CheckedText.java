package io.tha.region;

import io.tha.memory.Memory;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * A short ASCII text in memory: length and CRC, four bytes each, then the bytes. Both record fields and version copies have this form.
 *
 * <p>Threads: one writer; what makes it visible is the caller's.
 */
final class CheckedText {
    private static final int CRC_OFFSET = Integer.BYTES;
    private static final int TEXT_OFFSET = CRC_OFFSET + Integer.BYTES;

    private CheckedText() {}

    static void put(long address, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        Memory.zero(address, TEXT_OFFSET + ApplicationDescriptor.MAX_TEXT_LENGTH);
        Memory.copyFrom(bytes, 0, address + TEXT_OFFSET, bytes.length);
        Memory.putInt(address + CRC_OFFSET, crc(bytes));
        Memory.putInt(address, bytes.length);
    }

    /** The text, or null if length, CRC or a character is not what {@link #put} could have written. */
    static String get(long address) {
        int length = Memory.getInt(address);
        if (length < 1 || length > ApplicationDescriptor.MAX_TEXT_LENGTH) {
            return null;
        }
        byte[] bytes = new byte[length];
        int crc = Memory.getInt(address + CRC_OFFSET);
        Memory.copyTo(address + TEXT_OFFSET, bytes, 0, length);
        return crc == crc(bytes) ? new String(bytes, StandardCharsets.US_ASCII) : null;
    }

    static int crc(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, bytes.length);
        return (int) crc.getValue();
    }
}
