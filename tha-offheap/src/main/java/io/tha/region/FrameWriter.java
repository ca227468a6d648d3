package io.tha.region;

import static io.tha.region.FrameDescriptor.CHECKED_OFFSET;
import static io.tha.region.FrameDescriptor.CRC_OFFSET;
import static io.tha.region.FrameDescriptor.FLAGS_OFFSET;
import static io.tha.region.FrameDescriptor.LENGTH_OFFSET;
import static io.tha.region.FrameDescriptor.POSITION_OFFSET;
import static io.tha.region.FrameDescriptor.POSITION_SHIFT;
import static io.tha.region.FrameDescriptor.TRANSACTION_ID_OFFSET;
import static io.tha.region.FrameDescriptor.TYPE_OFFSET;

import io.tha.memory.Checksum;
import io.tha.memory.Memory;

/** Headers of frames. */
final class FrameWriter {
    private FrameWriter() {}

    /** Everything but the CRC. */
    static void header(long address, int type, int lengthBytes, long position, long transactionId) {
        Memory.putInt(address + CRC_OFFSET, 0);
        Memory.putInt(address + LENGTH_OFFSET, lengthBytes);
        Memory.putShort(address + TYPE_OFFSET, (short) type);
        Memory.putShort(address + FLAGS_OFFSET, (short) 0);
        Memory.putInt(address + POSITION_OFFSET, (int) (position >>> POSITION_SHIFT));
        Memory.putLong(address + TRANSACTION_ID_OFFSET, transactionId);
    }

    /** The CRC, when the body is complete. */
    static void seal(long address, Checksum checksum) {
        int length = Memory.getInt(address + LENGTH_OFFSET);
        Memory.putInt(address + CRC_OFFSET, checksum.of(address + CHECKED_OFFSET, length - (long) CHECKED_OFFSET));
    }
}
