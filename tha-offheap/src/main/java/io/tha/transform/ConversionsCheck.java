package io.tha.transform;

import io.tha.layout.DeclaredField;
import io.tha.layout.FieldType;
import io.tha.layout.Layout;
import io.tha.layout.LayoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Finds what is declared for a layout and does not fit it. */
final class ConversionsCheck {
    private final Layout layout;
    private final List<String> problems = new ArrayList<>();

    ConversionsCheck(Layout layout) {
        this.layout = layout;
    }

    void check(Set<String> narrowings, Map<String, Object> defaults, List<Rule> rules) {
        narrowings.stream().filter(path -> find(path) == null).forEach(path -> problems.add("it has no field '" + path + "' to narrow"));
        defaults.forEach(this::checkDefault);
        rules.forEach(this::checkRule);
        if (!problems.isEmpty()) {
            throw new LayoutException("layout '" + layout.name() + "', conversions: " + String.join("; ", problems));
        }
    }

    private void checkDefault(String path, Object value) {
        DeclaredField field = find(path);
        if (field == null) {
            problems.add("it has no field '" + path + "' for the default " + value);
        } else if (!fits(field, value)) {
            problems.add("the default " + value + " of field '" + path + "' is no " + field.type().text()
                    + (field.type() == FieldType.UTF8 ? " of " + field.length() + " bytes" : ""));
        }
    }

    private void checkRule(Rule rule) {
        Stream.concat(rule.older().stream(), rule.newer().stream()).filter(path -> find(path) == null || find(path).local())
                .forEach(path -> problems.add("it has no replicated field '" + path + "' for a rule"));
        rule.newer().stream().filter(rule.older()::contains).forEach(path -> problems.add("field '" + path + "' is on both sides of a rule"));
        if (rule.older().isEmpty() || rule.newer().isEmpty()) {
            problems.add("a rule from " + rule.older() + " to " + rule.newer() + " has no fields on one side");
        }
    }

    /** The field of a path without indices, or null. */
    private DeclaredField find(String path) {
        Layout current = layout;
        DeclaredField field = null;
        for (String name : path.split("\\.", -1)) {
            field = current == null ? null : byName(current, name);
            current = field == null ? null : field.nested();
        }
        return field;
    }

    private static DeclaredField byName(Layout layout, String name) {
        return layout.fields().stream().filter(field -> field.name().equals(name)).findFirst().orElse(null);
    }

    private static boolean fits(DeclaredField field, Object value) {
        if (value instanceof String text) {
            return field.type() == FieldType.UTF8 && text.indexOf(0) < 0 && text.getBytes(StandardCharsets.UTF_8).length <= field.length();
        }
        if (value instanceof Double) {
            return field.type() == FieldType.FLOAT32 || field.type() == FieldType.FLOAT64;
        }
        return Numbers.isNumber(field.type()) && Numbers.holds(field.type(), (Long) value);
    }
}
