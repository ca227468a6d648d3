package io.tha.region;

import static io.tha.region.FrameDescriptor.CHECKED_OFFSET;
import static io.tha.region.FrameDescriptor.CRC_OFFSET;
import static io.tha.region.FrameDescriptor.FLAGS_OFFSET;
import static io.tha.region.FrameDescriptor.POSITION_OFFSET;
import static io.tha.region.FrameDescriptor.POSITION_SHIFT;
import static io.tha.region.FrameDescriptor.TRANSACTION_ID_OFFSET;
import static io.tha.region.FrameDescriptor.TYPE_OFFSET;

import io.tha.memory.Checksum;
import io.tha.memory.Memory;

/**
 * Headers of frames. They are written, as the bodies on the hot path are, in whole longs: the CRC reads longs right after, and a load that spans
 * several stores still on their way waits until all of them have reached the cache.
 */
final class FrameWriter {
    private FrameWriter() {}

    /** Type and flags of a frame as one number. */
    static int typeAndFlags(int type, int flags) {
        return flags << (FLAGS_OFFSET - TYPE_OFFSET) * Byte.SIZE | type;
    }

    /** Everything but the CRC. */
    static void header(long address, int typeAndFlags, int lengthBytes, long position, long transactionId) {
        Memory.putLong(address + CRC_OFFSET, (long) lengthBytes << Integer.SIZE);
        long positionWord = (position >>> POSITION_SHIFT) << (POSITION_OFFSET - TYPE_OFFSET) * Byte.SIZE;
        Memory.putLong(address + TYPE_OFFSET, positionWord | Integer.toUnsignedLong(typeAndFlags));
        Memory.putLong(address + TRANSACTION_ID_OFFSET, transactionId);
    }

    /** The CRC, when the body is complete. */
    static void seal(long address, int lengthBytes, Checksum checksum) {
        Memory.putInt(address + CRC_OFFSET, checksum.of(address + CHECKED_OFFSET, lengthBytes - (long) CHECKED_OFFSET));
    }
}
