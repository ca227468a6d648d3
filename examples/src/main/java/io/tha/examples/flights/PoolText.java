package io.tha.examples.flights;

import io.tha.layout.DeclaredField;
import io.tha.layout.Layout;
import io.tha.pool.ThaPool;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Every object and field of the service's pool as text: one line per object, by name; whatever the version. */
public final class PoolText {
    private PoolText() {}

    /** From names to contents: the fields in the order of their declaration, as {@code name=value} or {@code name=value,value}. */
    public static SortedMap<String, String> of(ThaPool pool) {
        SortedMap<String, String> lines = new TreeMap<>();
        pool.forEach(handle -> lines.put(pool.nameOf(handle), describe(pool, handle)));
        return lines;
    }

    private static String describe(ThaPool pool, long handle) {
        Layout layout = pool.layoutOf(handle);
        return layout.fields().stream().map(field -> field.name() + "=" + values(pool, handle, field)).collect(Collectors.joining(" "));
    }

    private static String values(ThaPool pool, long handle, DeclaredField field) {
        return IntStream.range(0, field.count()).mapToObj(index -> value(pool, handle, field, index)).collect(Collectors.joining(","));
    }

    private static String value(ThaPool pool, long handle, DeclaredField field, int index) {
        Layout layout = pool.layoutOf(handle);
        String name = field.name();
        return switch (field.type()) {
            case INT32 -> Integer.toString(layout.int32Field(name).get(pool, handle, index));
            case INT64 -> Long.toString(layout.int64Field(name).get(pool, handle, index));
            case FLOAT32 -> Float.toString(layout.float32Field(name).get(pool, handle, index));
            case FLOAT64 -> Double.toString(layout.float64Field(name).get(pool, handle, index));
            case UTF8 -> layout.utf8Field(name).get(pool, handle);
            case POINTER -> pool.nameOf(layout.pointerField(name).get(pool, handle, index));
            default -> throw new IllegalStateException("field '" + name + "' of " + layout.name() + " is " + field.type() + ", which no version has");
        };
    }
}
