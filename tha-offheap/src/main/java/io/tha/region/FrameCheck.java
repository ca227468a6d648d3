package io.tha.region;

import static io.tha.region.FrameDescriptor.CHECKED_OFFSET;
import static io.tha.region.FrameDescriptor.CRC_OFFSET;
import static io.tha.region.FrameDescriptor.FLAGS_OFFSET;
import static io.tha.region.FrameDescriptor.FLAG_SKIPPABLE;
import static io.tha.region.FrameDescriptor.HEADER_LENGTH;
import static io.tha.region.FrameDescriptor.LENGTH_OFFSET;
import static io.tha.region.FrameDescriptor.POSITION_OFFSET;
import static io.tha.region.FrameDescriptor.POSITION_SHIFT;
import static io.tha.region.FrameDescriptor.TYPE_OFFSET;

import io.tha.memory.Checksum;
import io.tha.memory.Memory;

/** Decides whether the bytes at an address are a frame that may be used. */
final class FrameCheck {
    private FrameCheck() {}

    /** Null, or what is wrong with the frame. */
    static String problem(long address, long position, long available, Checksum checksum) {
        int length = Memory.getInt(address + LENGTH_OFFSET);
        if (length < HEADER_LENGTH || length > available || length % Long.BYTES != 0) {
            return "frame length 0x" + Integer.toHexString(length) + ", expected a multiple of 8 from " + HEADER_LENGTH + " to " + available;
        }
        if (Memory.getInt(address + POSITION_OFFSET) != (int) (position >>> POSITION_SHIFT)) {
            return "frame of another position, " + Integer.toUnsignedString(Memory.getInt(address + POSITION_OFFSET)) + " times 8";
        }
        int type = Memory.getShort(address + TYPE_OFFSET);
        if (checksum != null) {
            long checked = (type == FrameType.PADDING ? HEADER_LENGTH : length) - (long) CHECKED_OFFSET;
            int expected = checksum.of(address + CHECKED_OFFSET, checked);
            if (Memory.getInt(address + CRC_OFFSET) != expected) {
                return "frame CRC 0x" + Integer.toHexString(Memory.getInt(address + CRC_OFFSET)) + ", expected 0x" + Integer.toHexString(expected);
            }
        }
        if (!FrameType.isKnown(type) && (Memory.getShort(address + FLAGS_OFFSET) & FLAG_SKIPPABLE) == 0) {
            return "frame type " + type + " is unknown and must not be skipped; use the program version that wrote it";
        }
        return length < leastLength(type) ? "frame of type " + type + " with only " + length + " bytes" : null;
    }

    private static int leastLength(int type) {
        return switch (type) {
            case FrameType.LAYOUT, FrameType.GROUP, FrameType.PREFIX -> FrameDescriptor.REGISTRATION_TEXT_OFFSET;
            case FrameType.CREATE -> FrameDescriptor.CREATE_TEXT_OFFSET;
            case FrameType.UPDATE -> FrameDescriptor.UPDATE_BYTES_OFFSET;
            case FrameType.DELETE -> FrameDescriptor.DELETE_LENGTH;
            case FrameType.INTENT -> FrameDescriptor.INTENT_BYTES_OFFSET;
            case FrameType.COMMIT -> FrameDescriptor.COMMIT_LENGTH;
            case FrameType.OVERFLOW -> FrameDescriptor.OVERFLOW_LENGTH;
            case FrameType.SCRUB -> FrameDescriptor.SCRUB_ENTRIES_OFFSET;
            case FrameType.IDENTITY -> FrameDescriptor.IDENTITY_TEXT_OFFSET;
            default -> HEADER_LENGTH;
        };
    }
}
