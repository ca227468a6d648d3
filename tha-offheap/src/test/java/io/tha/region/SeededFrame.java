package io.tha.region;

import io.tha.memory.Memory;
import java.util.Random;

/**
 * A frame as a test writes it: its body follows from a seed, so that it can be checked wherever it is delivered.
 *
 * @param seed of the body
 * @param lengthBytes header and body, not necessarily aligned
 */
record SeededFrame(long seed, int lengthBytes) {
    static final int LEAST_LENGTH = FrameDescriptor.UPDATE_BYTES_OFFSET;

    static SeededFrame random(Random random, int mostBytes) {
        return new SeededFrame(random.nextLong(), LEAST_LENGTH + random.nextInt(mostBytes - LEAST_LENGTH + 1));
    }

    void appendTo(LogWriter writer) {
        long address = writer.append(FrameType.UPDATE, lengthBytes);
        int at = FrameDescriptor.HEADER_LENGTH;
        for (; at + Long.BYTES <= lengthBytes; at += Long.BYTES) {
            Memory.putLong(address + at, word(at));
        }
        for (; at < lengthBytes; at++) {
            Memory.putByte(address + at, (byte) (word(at & -Long.BYTES) >>> at % Long.BYTES * Byte.SIZE));
        }
        writer.seal();
    }

    /** Null, or how what was delivered differs. */
    String difference(int type, long address, int deliveredBytes) {
        if (type != FrameType.UPDATE || deliveredBytes != Memory.align8(lengthBytes)) {
            return "type " + type + " with " + deliveredBytes + " bytes instead of " + this;
        }
        for (int at = FrameDescriptor.HEADER_LENGTH; at < deliveredBytes; at += Long.BYTES) {
            int known = Math.min(Long.BYTES, lengthBytes - at);
            long expected = known == Long.BYTES ? word(at) : word(at) & (1L << known * Byte.SIZE) - 1;
            if (Memory.getLong(address + at) != expected) {
                return "0x" + Long.toHexString(Memory.getLong(address + at)) + " at byte " + at + " instead of 0x"
                        + Long.toHexString(expected) + " of " + this;
            }
        }
        return null;
    }

    private long word(int at) {
        long mixed = (seed + at) * 0x9E37_79B9_7F4A_7C15L;
        return mixed ^ mixed >>> 32;
    }
}
