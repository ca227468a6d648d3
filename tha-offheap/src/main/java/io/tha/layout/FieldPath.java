package io.tha.layout;

import java.util.stream.Collectors;

/** Where a path like {@code legs[2].distance} leads: offset of the first value, and the step and count of an open index. */
record FieldPath(String text, Layout layout, int offset, int length, int stride, int count) {

    static FieldPath resolve(Layout layout, String path, FieldType wanted) {
        Layout current = layout;
        int offset = 0;
        int stride = 0;
        int count = 1;
        String[] steps = path.split("\\.", -1);
        for (int i = 0; i < steps.length; i++) {
            int bracket = steps[i].indexOf('[');
            DeclaredField field = current.field(bracket < 0 ? steps[i] : steps[i].substring(0, bracket));
            if (field == null) {
                throw new LayoutException("layout '" + current.name() + "' has no field '" + steps[i] + "' (path '" + path + "'); it has "
                        + current.fields().stream().map(DeclaredField::name).collect(Collectors.joining(", ")));
            }
            offset += field.offset();
            if (bracket >= 0) {
                offset += index(steps[i], bracket, field, path) * field.length();
            } else if (field.count() > 1) {
                if (count > 1) {
                    throw new LayoutException("path '" + path + "' in layout '" + layout.name()
                            + "' leaves more than one index open; give all but one, like legs[2].stops");
                }
                count = field.count();
                stride = field.length();
            }
            boolean last = i == steps.length - 1;
            if (last != (field.nested() == null) || last && field.type() != wanted) {
                throw new LayoutException("layout '" + layout.name() + "', field '" + path + "' is " + field.type().text()
                        + (last ? ", expected " + wanted.text() : " and has no fields of its own"));
            }
            if (last) {
                return new FieldPath(path, layout, offset, field.length(), stride, count);
            }
            current = field.nested();
        }
        throw new LayoutException("layout '" + layout.name() + "': empty path");
    }

    private static int index(String step, int bracket, DeclaredField field, String path) {
        try {
            int index = step.endsWith("]") ? Integer.parseInt(step.substring(bracket + 1, step.length() - 1)) : -1;
            if (index >= 0 && index < field.count()) {
                return index;
            }
        } catch (NumberFormatException e) {
            // Reported below with the whole path.
        }
        throw new LayoutException("path '" + path + "': '" + step + "' needs an index from 0 to " + (field.count() - 1));
    }
}
