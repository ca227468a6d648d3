package io.tha.layout;

import java.util.List;

/**
 * One field of a layout.
 *
 * @param name unique in its layout
 * @param type of one value
 * @param offset from the start of the structure, in bytes
 * @param length of one value, in bytes
 * @param count of values; more than 1 for an array
 * @param target layout that a pointer points to, empty for any
 * @param nested layout of a structure, otherwise null
 * @param local whether it stays in its process: not replicated
 * @param earlierNames that other versions of the layout have for it, the latest first
 */
public record DeclaredField(
        String name, FieldType type, int offset, int length, int count, String target, Layout nested, boolean local, List<String> earlierNames) {

    /** Keeps a copy of the list. */
    public DeclaredField {
        earlierNames = List.copyOf(earlierNames);
    }

    /** The offset behind its last value. */
    public int end() {
        return offset + length * count;
    }

    String describe() {
        StringBuilder text = new StringBuilder("  field ").append(name);
        text.append(" type=").append(type.text()).append(" offset=").append(offset);
        text.append(" length=").append(length).append(" count=").append(count);
        if (!target.isEmpty()) {
            text.append(" target=").append(target);
        }
        if (nested != null) {
            text.append(" layout=").append(nested.name());
        }
        earlierNames.forEach(earlier -> text.append(" was=").append(earlier));
        return text.append(local ? " local\n" : "\n").toString();
    }
}
