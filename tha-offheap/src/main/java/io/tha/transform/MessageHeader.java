package io.tha.transform;

import io.tha.layout.Layout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * What may stand before the bytes of an object that is sent as a message: which layout they have; docs/versions.md 5.3. All values are little-endian.
 * <pre>
 *   0                     8             12                   16
 *   | layout fingerprint  | body length | description length | description, zeros up to a multiple of 8 | body
 * </pre>
 *
 * <p>Threads: stateless.
 */
public final class MessageHeader {
    private static final int FINGERPRINT_OFFSET = 0;
    private static final int BODY_LENGTH_OFFSET = FINGERPRINT_OFFSET + Long.BYTES;
    private static final int DESCRIPTION_LENGTH_OFFSET = BODY_LENGTH_OFFSET + Integer.BYTES;
    static final int DESCRIPTION_OFFSET = DESCRIPTION_LENGTH_OFFSET + Integer.BYTES;

    /** Without a description. */
    public static final int LENGTH_BYTES = DESCRIPTION_OFFSET;

    private static final int BODY_ALIGNMENT = Long.BYTES;

    private MessageHeader() {}

    /**
     * Writes a header for receivers that have the description already; makes no garbage.
     *
     * @return its length in bytes: the body begins so far behind the index
     * @throws IndexOutOfBoundsException if there is no room
     */
    public static int write(Layout layout, MutableDirectBuffer buffer, int index) {
        buffer.putLong(index + FINGERPRINT_OFFSET, layout.fingerprint(), ByteOrder.LITTLE_ENDIAN);
        buffer.putInt(index + BODY_LENGTH_OFFSET, layout.sizeBytes(), ByteOrder.LITTLE_ENDIAN);
        buffer.putInt(index + DESCRIPTION_LENGTH_OFFSET, 0, ByteOrder.LITTLE_ENDIAN);
        return LENGTH_BYTES;
    }

    /** The same with the description. */
    public static int writeWithDescription(Layout layout, MutableDirectBuffer buffer, int index) {
        write(layout, buffer, index);
        byte[] description = layout.description().getBytes(StandardCharsets.UTF_8);
        int length = bodyOffset(description.length);
        buffer.putInt(index + DESCRIPTION_LENGTH_OFFSET, description.length, ByteOrder.LITTLE_ENDIAN);
        buffer.putBytes(index + DESCRIPTION_OFFSET, description);
        buffer.setMemory(index + DESCRIPTION_OFFSET + description.length, length - DESCRIPTION_OFFSET - description.length, (byte) 0);
        return length;
    }

    /** The length of a header with a description in bytes. */
    public static int lengthWithDescription(Layout layout) {
        return bodyOffset(layout.description().getBytes(StandardCharsets.UTF_8).length);
    }

    static long fingerprint(DirectBuffer message, int index) {
        return message.getLong(index + FINGERPRINT_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    static int bodyLength(DirectBuffer message, int index) {
        return message.getInt(index + BODY_LENGTH_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    static int descriptionLength(DirectBuffer message, int index) {
        return message.getInt(index + DESCRIPTION_LENGTH_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    /** From the header's beginning; the length is not negative and far from overflow. */
    static int bodyOffset(int descriptionLength) {
        return (DESCRIPTION_OFFSET + descriptionLength + BODY_ALIGNMENT - 1) & -BODY_ALIGNMENT;
    }
}
