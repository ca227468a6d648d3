package io.tha.transform;

import io.tha.layout.DeclaredField;
import io.tha.layout.Layout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Which field of one structure is which of the other: by name, or by the earlier names that the newer version declares. */
final class FieldMatch {
    private final Map<String, DeclaredField> sources = new HashMap<>();
    private final List<DeclaredField> unmatched = new ArrayList<>();

    FieldMatch(Layout source, Layout target) {
        Map<String, DeclaredField> bySourceName = replicated(source);
        Map<String, DeclaredField> byTargetName = replicated(target);
        Set<String> taken = new HashSet<>();
        // What was renamed first: its earlier name may have been given to another field since.
        for (DeclaredField field : byTargetName.values()) {
            DeclaredField renamed = bySourceName.containsKey(field.name()) ? null : renamed(field, bySourceName);
            if (renamed != null && taken.add(renamed.name())) {
                sources.put(field.name(), renamed);
            }
        }
        for (DeclaredField field : bySourceName.values()) {
            if (byTargetName.containsKey(field.name())) {
                continue;
            }
            for (String earlier : field.earlierNames()) {
                DeclaredField older = byTargetName.get(earlier);
                if (older != null && !sources.containsKey(earlier) && taken.add(field.name())) {
                    sources.put(earlier, field);
                }
            }
        }
        for (DeclaredField field : byTargetName.values()) {
            DeclaredField same = bySourceName.get(field.name());
            if (same != null && !sources.containsKey(field.name()) && taken.add(same.name())) {
                sources.put(field.name(), same);
            }
        }
        bySourceName.values().stream().filter(field -> !taken.contains(field.name())).forEach(unmatched::add);
    }

    private static Map<String, DeclaredField> replicated(Layout layout) {
        Map<String, DeclaredField> fields = new LinkedHashMap<>();
        layout.fields().stream().filter(field -> !field.local()).forEach(field -> fields.put(field.name(), field));
        return fields;
    }

    private static DeclaredField renamed(DeclaredField field, Map<String, DeclaredField> bySourceName) {
        return field.earlierNames().stream().map(bySourceName::get).filter(Objects::nonNull).findFirst().orElse(null);
    }

    /** The source's field, or null if it has none. */
    DeclaredField sourceOf(DeclaredField target) {
        return sources.get(target.name());
    }

    /** Fields of the source that the target has not. */
    List<DeclaredField> unmatched() {
        return unmatched;
    }
}
