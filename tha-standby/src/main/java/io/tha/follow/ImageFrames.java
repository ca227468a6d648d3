package io.tha.follow;

import static io.tha.region.FrameDescriptor.CREATE_GROUP_ID_OFFSET;
import static io.tha.region.FrameDescriptor.CREATE_LAYOUT_ID_OFFSET;
import static io.tha.region.FrameDescriptor.CREATE_NAME_KIND_OFFSET;
import static io.tha.region.FrameDescriptor.CREATE_NAME_SLAB_OFFSET;
import static io.tha.region.FrameDescriptor.CREATE_NAME_SLOT_OFFSET;
import static io.tha.region.FrameDescriptor.CREATE_NUMBER_OFFSET;
import static io.tha.region.FrameDescriptor.CREATE_OBJECT_ID_OFFSET;
import static io.tha.region.FrameDescriptor.CREATE_PREFIX_ID_OFFSET;
import static io.tha.region.FrameDescriptor.CREATE_SLAB_OFFSET;
import static io.tha.region.FrameDescriptor.CREATE_SLOT_LENGTH_OFFSET;
import static io.tha.region.FrameDescriptor.CREATE_TEXT_LENGTH_OFFSET;
import static io.tha.region.FrameDescriptor.CREATE_TEXT_OFFSET;
import static io.tha.region.FrameDescriptor.HANDLE_OFFSET;
import static io.tha.region.FrameDescriptor.REGISTRATION_ID_OFFSET;
import static io.tha.region.FrameDescriptor.REGISTRATION_KIND_OFFSET;
import static io.tha.region.FrameDescriptor.REGISTRATION_TEXT_LENGTH_OFFSET;
import static io.tha.region.FrameDescriptor.REGISTRATION_TEXT_OFFSET;

import io.tha.CorruptRegionException;
import io.tha.memory.Memory;
import io.tha.pool.CreatedObject;
import io.tha.pool.RegistryKind;
import io.tha.pool.RegistryRecord;
import io.tha.region.FrameDescriptor;
import java.nio.charset.StandardCharsets;

/**
 * Reads the frames that change what an image has; sizes are checked, what they name is not.
 *
 * <p>Threads: the follower's.
 */
final class ImageFrames {
    private static final int NAME_TEXT_LENGTH = 1_022;

    private final CreatedObject created = new CreatedObject();

    /** Of a CREATE frame; until the next call. */
    CreatedObject created(long address, int lengthBytes) {
        if (lengthBytes < CREATE_TEXT_OFFSET) {
            throw corrupt("CREATE of " + lengthBytes + " bytes");
        }
        created.set(Memory.getLong(address + HANDLE_OFFSET), Memory.getLong(address + CREATE_OBJECT_ID_OFFSET));
        created.in(
                Memory.getInt(address + CREATE_SLAB_OFFSET),
                Memory.getInt(address + CREATE_SLOT_LENGTH_OFFSET),
                Memory.getShort(address + CREATE_LAYOUT_ID_OFFSET) & 0xFFFF,
                Memory.getShort(address + CREATE_GROUP_ID_OFFSET) & 0xFFFF);
        int kind = Memory.getInt(address + CREATE_NAME_KIND_OFFSET);
        if (kind == FrameDescriptor.NAME_KIND_STATIC) {
            String text = text(address, lengthBytes, CREATE_TEXT_LENGTH_OFFSET, CREATE_TEXT_OFFSET);
            if (text.isEmpty() || text.indexOf('#') >= 0 || text.getBytes(StandardCharsets.UTF_8).length > NAME_TEXT_LENGTH) {
                throw corrupt("CREATE with the name '" + text + "'");
            }
            created.nameStatic(text, Memory.getLong(address + CREATE_NAME_SLOT_OFFSET), Memory.getInt(address + CREATE_NAME_SLAB_OFFSET));
        } else if (kind == FrameDescriptor.NAME_KIND_IMPLICIT) {
            created.nameImplicit(Memory.getInt(address + CREATE_PREFIX_ID_OFFSET), Memory.getLong(address + CREATE_NUMBER_OFFSET));
        }
        return created;
    }

    /** Of a LAYOUT, GROUP or PREFIX frame. */
    RegistryRecord registration(long address, int lengthBytes) {
        RegistryKind kind = lengthBytes < REGISTRATION_TEXT_OFFSET ? null : RegistryKind.of(Memory.getInt(address + REGISTRATION_KIND_OFFSET));
        if (kind == null) {
            throw corrupt("registration of unknown kind, or of " + lengthBytes + " bytes");
        }
        String text = text(address, lengthBytes, REGISTRATION_TEXT_LENGTH_OFFSET, REGISTRATION_TEXT_OFFSET);
        return new RegistryRecord(kind, Memory.getInt(address + REGISTRATION_ID_OFFSET), text);
    }

    private static String text(long address, int lengthBytes, int lengthOffset, int textOffset) {
        int length = Memory.getInt(address + lengthOffset);
        if (length < 0 || length > lengthBytes - textOffset) {
            throw corrupt("text of " + length + " bytes in a frame of " + lengthBytes);
        }
        byte[] text = new byte[length];
        Memory.copyTo(address + textOffset, text, 0, length);
        return new String(text, StandardCharsets.UTF_8);
    }

    static CorruptRegionException corrupt(String problem) {
        return new CorruptRegionException("transaction log: " + problem + "; the region was damaged, rebuild this standby");
    }
}
