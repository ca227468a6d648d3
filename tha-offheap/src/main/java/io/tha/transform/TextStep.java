package io.tha.transform;

import io.tha.memory.Memory;
import java.nio.charset.StandardCharsets;

/** Texts of another greatest length. */
final class TextStep extends ElementStep implements Conversion {
    private static final int CONTINUATION_MASK = 0xC0;
    private static final int CONTINUATION = 0x80;

    TextStep(Place place, int sourceLength, int targetLength, int count) {
        super(place, sourceLength, targetLength, count);
    }

    @Override
    void value(long sourceAddress, long targetAddress, int index, Receiver receiver) {
        int length = length(sourceAddress);
        int kept = length;
        if (length > targetLength) {
            kept = targetLength;
            while (kept > 0 && (Memory.getByte(sourceAddress + kept) & CONTINUATION_MASK) == CONTINUATION) {
                kept--;
            }
        }
        Memory.copy(sourceAddress, targetAddress, kept);
        Memory.zero(targetAddress + kept, (long) targetLength - kept);
        if (kept < length) {
            receiver.lost(this, index, Loss.LENGTH, sourceAddress);
        }
    }

    private int length(long address) {
        int length = 0;
        while (length < sourceLength && Memory.getByte(address + length) != 0) {
            length++;
        }
        return length;
    }

    @Override
    public String valueAt(long sourceAddress) {
        byte[] bytes = new byte[length(sourceAddress)];
        Memory.copyTo(sourceAddress, bytes, 0, bytes.length);
        return "utf8 '" + new String(bytes, StandardCharsets.UTF_8) + "'";
    }
}
