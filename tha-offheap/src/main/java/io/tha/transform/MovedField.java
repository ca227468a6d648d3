package io.tha.transform;

import io.tha.layout.DeclaredField;
import io.tha.layout.Layout;
import io.tha.layout.LayoutException;
import io.tha.memory.Memory;
import io.tha.memory.ObjectMemory;

/**
 * A field that a layout has at two places.
 *
 * <p>Threads: immutable.
 */
final class MovedField {
    private final long layoutKey;
    private final int older;
    private final int newer;
    private final int lengthBytes;

    /** Where a field is, from the start of the object. */
    private record Place(DeclaredField field, int offset) {}

    MovedField(Layout layout, String olderPath, String newerPath) {
        Place from = find(layout, olderPath);
        Place to = find(layout, newerPath);
        if (!isSame(from.field(), to.field())) {
            throw new LayoutException("layout '" + layout.name() + "': field '" + olderPath + "' is not what field '" + newerPath
                    + "' is; a field that has changed beside being moved needs a rule with functions");
        }
        layoutKey = layout.key();
        older = from.offset();
        newer = to.offset();
        lengthBytes = from.field().length() * from.field().count();
    }

    private static Place find(Layout layout, String path) {
        Layout current = layout;
        DeclaredField field = null;
        int offset = 0;
        for (String name : path.split("\\.", -1)) {
            boolean isStructure = field == null || field.nested() != null && field.count() == 1;
            field = isStructure && current != null ? byName(current, name) : null;
            if (field == null) {
                throw new LayoutException("layout '" + layout.name() + "' has no field '" + path + "' that could have moved: no such name, or an "
                        + "array of structures in it");
            }
            offset += field.offset();
            current = field.nested();
        }
        return new Place(field, offset);
    }

    private static DeclaredField byName(Layout layout, String name) {
        return layout.fields().stream().filter(field -> field.name().equals(name)).findFirst().orElse(null);
    }

    private static boolean isSame(DeclaredField one, DeclaredField other) {
        return one.type() == other.type() && one.length() == other.length() && one.count() == other.count() && one.local() == other.local()
                && (one.nested() == null || one.nested().equals(other.nested()));
    }

    void toNewer(ObjectMemory memory, long object) {
        copy(memory, object, older, newer);
    }

    void toOlder(ObjectMemory memory, long object) {
        copy(memory, object, newer, older);
    }

    private void copy(ObjectMemory memory, long object, int from, int to) {
        long source = memory.read(object, layoutKey) + from;
        Memory.copy(source, memory.writeRange(object, layoutKey, to, lengthBytes), lengthBytes);
    }
}
