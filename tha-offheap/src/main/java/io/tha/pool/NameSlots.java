package io.tha.pool;

import io.tha.memory.LineMarks;
import io.tha.memory.Memory;
import java.nio.charset.StandardCharsets;

/**
 * Texts of static names: slots of six lengths in a group of the engine's own; a body is a 16-bit length and the text in UTF-8.
 */
final class NameSlots {
    static final int GROUP_ID = 0xFFFF;
    static final int FIRST_LAYOUT_ID = 0xFFF0;
    static final int SIZE_COUNT = 6;

    /** What fits the largest slot. */
    static final int MAX_TEXT_LENGTH = (32 << (SIZE_COUNT - 1)) - Short.BYTES;

    private static final int SMALLEST_BODY = 32;
    private static final long FIRST_KEY = 0xD6E8_FEB8_6659_0000L;
    private static final int KEY_STEP = 1 << 16;

    private NameSlots() {}

    /** The class of the smallest slot that holds so many bytes of text. */
    static int sizeFor(int textBytes) {
        int size = 0;
        while (bodyBytes(size) < textBytes + Short.BYTES) {
            size++;
        }
        return size;
    }

    static int bodyBytes(int size) {
        return SMALLEST_BODY << size;
    }

    static long key(int size) {
        return FIRST_KEY + (long) size * KEY_STEP;
    }

    /** The text as bytes, after checking that it can be a name. */
    static byte[] checkText(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (!isName(text)) {
            throw new IllegalArgumentException("name '" + text + "' has " + bytes.length + " bytes, expected 1 to " + MAX_TEXT_LENGTH
                    + " and no '#', which implicit names have");
        }
        return bytes;
    }

    static boolean isName(String text) {
        int length = text.getBytes(StandardCharsets.UTF_8).length;
        return length > 0 && length <= MAX_TEXT_LENGTH && text.indexOf('#') < 0;
    }

    static void write(long body, byte[] text) {
        Memory.putShort(body, (short) text.length);
        Memory.copyFrom(text, 0, body + Short.BYTES, text.length);
    }

    static String read(long body) {
        int length = Math.min(Memory.getShort(body) & 0xFFFF, MAX_TEXT_LENGTH);
        byte[] text = new byte[length];
        Memory.copyTo(body + Short.BYTES, text, 0, length);
        return new String(text, StandardCharsets.UTF_8);
    }

    /** How long the text is that a name word leads to; -1 where it leads to no slot of a name, or the text would not fit the slot. */
    static int soundLength(PoolMemory memory, PageTable pages, long nameWord) {
        int page = (int) (nameWord >>> LineMarks.PAGE_SHIFT);
        boolean isBody = nameWord > 0 && nameWord < memory.sizeBytes() && pages.isSound(page) && pages.bodyAt(nameWord) == nameWord;
        if (!isBody || pages.groupId(page) != GROUP_ID) {
            return -1;
        }
        int length = Memory.getShort(memory.base() + nameWord) & 0xFFFF;
        return length + Short.BYTES + SlotDescriptor.HEADER_LENGTH <= pages.slotLength(page) ? length : -1;
    }

    /** Whether the slot holds this text; makes no garbage for ASCII. */
    static boolean holds(long body, CharSequence text) {
        int length = Memory.getShort(body) & 0xFFFF;
        if (length == text.length()) {
            for (int i = 0; i < length; i++) {
                if (Memory.getByte(body + Short.BYTES + i) != text.charAt(i)) {
                    return text.charAt(i) > 0x7F && read(body).contentEquals(text);
                }
            }
            return true;
        }
        return length > text.length() && read(body).contentEquals(text);
    }
}
