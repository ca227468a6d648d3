package io.tha.follow;

import io.tha.layout.DeclaredField;
import io.tha.layout.FieldType;
import io.tha.layout.Layout;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The elements of a layout by docs/formats.md 6.3, from a walk over its declared fields. */
final class Elements {
    private final List<Element> found = new ArrayList<>();

    /**
     * One element.
     *
     * @param start offset in the object
     * @param end offset behind it
     * @param type {@code BYTES} for a raw byte
     * @param local whether it never travels
     */
    record Element(int start, int end, FieldType type, boolean local) {
        int length() {
            return end - start;
        }

        boolean isPointer() {
            return type == FieldType.POINTER;
        }
    }

    private Elements() {}

    /** All of an object, in the order of their offsets; there is nothing between them. */
    static List<Element> of(Layout layout) {
        Elements elements = new Elements();
        elements.walk(layout, 0, false);
        return elements.found;
    }

    private void walk(Layout layout, int base, boolean local) {
        int at = base;
        List<DeclaredField> fields = new ArrayList<>(layout.fields());
        fields.sort(Comparator.comparingInt(DeclaredField::offset));
        for (DeclaredField field : fields) {
            rawBytes(at, base + field.offset(), local);
            for (int i = 0; i < field.count(); i++) {
                value(field, base + field.offset() + i * field.length(), local || field.local());
            }
            at = base + field.end();
        }
        rawBytes(at, base + layout.sizeBytes(), local);
    }

    private void value(DeclaredField field, int start, boolean local) {
        if (field.nested() != null) {
            walk(field.nested(), start, local);
        } else if (field.type() == FieldType.BYTES) {
            rawBytes(start, start + field.length(), local);
        } else {
            found.add(new Element(start, start + field.length(), field.type(), local));
        }
    }

    private void rawBytes(int from, int to, boolean local) {
        for (int at = from; at < to; at++) {
            found.add(new Element(at, at + 1, FieldType.BYTES, local));
        }
    }
}
