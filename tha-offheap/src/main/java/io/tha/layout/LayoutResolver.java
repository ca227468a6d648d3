package io.tha.layout;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Builds layouts that name each other, nested ones first. */
final class LayoutResolver {
    private final Map<String, LayoutBuilder> builders = new LinkedHashMap<>();
    private final Map<String, Layout> done = new LinkedHashMap<>();
    private final List<String> underWay = new ArrayList<>();

    LayoutResolver(LayoutBuilder... given) {
        for (LayoutBuilder builder : given) {
            if (builders.put(builder.name(), builder) != null) {
                throw new LayoutException("layout '" + builder.name() + "' is declared twice; give one of them another name");
            }
        }
    }

    List<Layout> resolve() {
        List<Layout> result = new ArrayList<>();
        builders.values().forEach(builder -> result.add(resolve(builder)));
        return result;
    }

    private Layout resolve(LayoutBuilder builder) {
        Layout known = done.get(builder.name());
        if (known != null) {
            return known;
        }
        underWay.add(builder.name());
        for (LayoutBuilder.Declaration declaration : builder.declarations()) {
            if (declaration.type == FieldType.STRUCT && declaration.nested == null) {
                resolveNested(builder, declaration);
            }
        }
        underWay.remove(underWay.size() - 1);
        Layout layout = builder.place(done);
        done.put(builder.name(), layout);
        return layout;
    }

    private void resolveNested(LayoutBuilder builder, LayoutBuilder.Declaration declaration) {
        String nested = declaration.target;
        if (underWay.contains(nested)) {
            throw new LayoutException("layout '" + builder.name() + "', field '" + declaration.name + "': nested structures form a cycle: "
                    + String.join(" > ", underWay.subList(underWay.indexOf(nested), underWay.size())) + " > " + nested
                    + "; use a pointer instead");
        }
        if (!done.containsKey(nested) && !builders.containsKey(nested)) {
            throw new LayoutException("layout '" + builder.name() + "', field '" + declaration.name + "': unknown nested layout '" + nested
                    + "', known are " + builders.keySet() + "; give it to resolve() too");
        }
        if (!done.containsKey(nested)) {
            resolve(builders.get(nested));
        }
    }
}
