package io.tha.follow;

import io.tha.layout.DeclaredField;
import io.tha.layout.FieldType;
import io.tha.layout.Layout;
import java.util.ArrayList;
import java.util.List;

/** All that can be pointed to in an object, by paths with all indices; and so what the same is in another version. */
final class Places {
    private final List<Place> all = new ArrayList<>();

    /**
     * A value, or a structure.
     *
     * @param path with all indices, also where there is one element
     * @param layout of a structure; empty for a value
     */
    record Place(String path, int offset, String layout, FieldType type) {}

    Places(Layout layout) {
        walk(layout, 0, "");
    }

    private void walk(Layout layout, int base, String prefix) {
        for (DeclaredField field : layout.fields()) {
            for (int i = 0; i < field.count() && !field.local(); i++) {
                String path = prefix + field.name() + "[" + i + "]";
                int offset = base + field.offset() + i * field.length();
                if (field.nested() != null) {
                    all.add(new Place(path, offset, field.nested().name(), field.type()));
                    walk(field.nested(), offset, path + ".");
                } else {
                    all.add(new Place(path, offset, "", field.type()));
                }
            }
        }
    }

    List<Place> all() {
        return all;
    }

    /** What a pointer to an offset means: the outermost structure of the layout that it is declared to point to, else the value. */
    Place at(int offset, String pointsTo) {
        List<Place> here = all.stream().filter(place -> place.offset() == offset).toList();
        return here.stream().filter(place -> !pointsTo.isEmpty() && place.layout().equals(pointsTo)).findFirst()
                .orElse(here.stream().filter(place -> place.layout().isEmpty()).findFirst().orElse(null));
    }

    /** The place with a path; null if there is none. */
    Place of(String path) {
        return all.stream().filter(place -> place.path().equals(path)).findFirst().orElse(null);
    }
}
