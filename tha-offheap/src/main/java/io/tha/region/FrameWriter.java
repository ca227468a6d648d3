package io.tha.region;

import static io.tha.region.FrameDescriptor.CHECKED_OFFSET;
import static io.tha.region.FrameDescriptor.COMMIT_FIRST_POSITION_OFFSET;
import static io.tha.region.FrameDescriptor.COMMIT_FRAMES_OFFSET;
import static io.tha.region.FrameDescriptor.CRC_OFFSET;
import static io.tha.region.FrameDescriptor.FLAGS_OFFSET;
import static io.tha.region.FrameDescriptor.OVERFLOW_CRC_OFFSET;
import static io.tha.region.FrameDescriptor.OVERFLOW_FRAMES_OFFSET;
import static io.tha.region.FrameDescriptor.OVERFLOW_LENGTH_OFFSET;
import static io.tha.region.FrameDescriptor.OVERFLOW_RANGE_OFFSET;
import static io.tha.region.FrameDescriptor.OVERFLOW_SEGMENT_OFFSET;
import static io.tha.region.FrameDescriptor.POSITION_OFFSET;
import static io.tha.region.FrameDescriptor.POSITION_SHIFT;
import static io.tha.region.FrameDescriptor.TRANSACTION_ID_OFFSET;
import static io.tha.region.FrameDescriptor.TYPE_OFFSET;

import io.tha.memory.Checksum;
import io.tha.memory.Memory;

/**
 * Headers of frames, and bodies of those that the log writes itself. They are written, as the bodies on the hot path are, in whole longs: the CRC
 * reads longs right after, and a load that spans several stores still on their way waits until all of them have reached the cache.
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

    /** The body of a COMMIT frame. */
    static void commit(long address, int frames, long firstPosition) {
        Memory.putLong(address + COMMIT_FRAMES_OFFSET, frames);
        Memory.putLong(address + COMMIT_FIRST_POSITION_OFFSET, firstPosition);
    }

    /** The body of an OVERFLOW frame. */
    static void overflow(long address, OverflowRange range) {
        Memory.putLong(address + OVERFLOW_SEGMENT_OFFSET, range.segment());
        Memory.putLong(address + OVERFLOW_RANGE_OFFSET, range.offset());
        Memory.putLong(address + OVERFLOW_LENGTH_OFFSET, range.lengthBytes());
        Memory.putInt(address + OVERFLOW_FRAMES_OFFSET, range.frames());
        Memory.putInt(address + OVERFLOW_CRC_OFFSET, range.crc());
    }

    /** The CRC, when the body is complete. */
    static void seal(long address, int lengthBytes, Checksum checksum) {
        Memory.putInt(address + CRC_OFFSET, checksum.of(address + CHECKED_OFFSET, lengthBytes - (long) CHECKED_OFFSET));
    }
}
