package io.tha.transform;

import io.tha.layout.Layout;
import io.tha.layout.LayoutException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The layouts that a version of a service registers, with the conversions that it declares for them: what there is to compare before another version
 * is deployed. As text it is docs/versions.md 6.2: the same layouts and conversions have the same text, in whatever order they were given.
 *
 * <pre>
 *   LayoutFile.of(airport, route).with(totals, Conversions.NONE.narrowing(Narrowing.CLAMP)).write(Path.of("target/layouts/flights.layouts"));
 * </pre>
 *
 * <p>Threads: immutable.
 */
public final class LayoutFile {
    /** A file has at most so many bytes, so that a wrong one cannot exhaust the heap. */
    public static final int MAX_LENGTH_BYTES = 16 << 20;

    private final String name;
    private final Map<String, Registered> registered;

    /** A layout of objects, and how it takes over what another version of it has. */
    record Registered(Layout layout, Conversions conversions) {}

    private LayoutFile(String name, Map<String, Registered> registered) {
        this.name = name;
        this.registered = registered;
        checkNames();
    }

    /**
     * Layouts without conversions.
     *
     * @throws LayoutException as {@link #with}
     */
    public static LayoutFile of(Layout... layouts) {
        return of("this version", Stream.of(layouts).map(layout -> new Registered(layout, Conversions.NONE)).toList());
    }

    static LayoutFile of(String name, List<Registered> registered) {
        Map<String, Registered> byName = new TreeMap<>();
        registered.forEach(each -> register(each, byName));
        return new LayoutFile(name, byName);
    }

    private static void register(Registered each, Map<String, Registered> into) {
        each.conversions().check(each.layout());
        if (into.putIfAbsent(each.layout().name(), each) != null) {
            throw new LayoutException("layout '" + each.layout().name() + "' is registered twice; leave one away");
        }
    }

    /**
     * Reads what {@link #write} has written.
     *
     * @throws LayoutException that names file and line where it is anything else
     * @throws UncheckedIOException if it cannot be read
     */
    public static LayoutFile read(Path path) {
        return LayoutFileParser.read(path);
    }

    /**
     * The same with one more layout. What it nests needs no conversions of its own: the paths of its conversions lead there.
     *
     * @throws LayoutException if the conversions do not fit it, or its name or an earlier name of it is in use for another
     */
    public LayoutFile with(Layout layout, Conversions conversions) {
        Map<String, Registered> more = new TreeMap<>(registered);
        register(new Registered(layout, conversions), more);
        return new LayoutFile(name, more);
    }

    /** The same under a name for messages and reports; {@link #read} gives it the file's. */
    public LayoutFile named(String newName) {
        return new LayoutFile(newName, registered);
    }

    public String name() {
        return name;
    }

    /** Those that are registered, by name. */
    public List<Layout> layouts() {
        return registered.values().stream().map(Registered::layout).toList();
    }

    /** Those of a registered layout, else none. */
    public Conversions conversions(String layoutName) {
        Registered found = registered.get(layoutName);
        return found == null ? Conversions.NONE : found.conversions();
    }

    /** Its content as {@link #write} writes it. */
    public String text() {
        return new LayoutFileWriter(registered.values()).text();
    }

    /**
     * Writes a file, in place of the one that is there, and the directories that it is in.
     *
     * @throws LayoutException if it would be longer than {@link #MAX_LENGTH_BYTES}
     * @throws UncheckedIOException if it cannot be written
     */
    public void write(Path path) {
        byte[] bytes = text().getBytes(StandardCharsets.UTF_8);
        if (bytes.length > MAX_LENGTH_BYTES) {
            throw new LayoutException("layout file '" + path + "' would have " + bytes.length + " bytes, the limit is " + MAX_LENGTH_BYTES);
        }
        try {
            Files.createDirectories(path.toAbsolutePath().getParent());
            Files.write(path, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException("layout file '" + path + "' cannot be written: " + e, e);
        }
    }

    /** One name means one layout, also of nested ones; an earlier name leads to one layout, and is the name of none. */
    private void checkNames() {
        Map<String, Layout> byName = new HashMap<>();
        Map<String, String> byEarlierName = new HashMap<>();
        for (Layout layout : layouts()) {
            List<Layout> all = new ArrayList<>(layout.nested());
            all.add(layout);
            for (Layout each : all) {
                Layout other = byName.putIfAbsent(each.name(), each);
                if (other != null && !other.equals(each)) {
                    throw new LayoutException("two different layouts are named '" + each.name() + "'; give one of them another name");
                }
            }
            for (String earlier : layout.earlierNames()) {
                String other = registered.containsKey(earlier) ? earlier : byEarlierName.putIfAbsent(earlier, layout.name());
                if (other != null && !other.equals(layout.name())) {
                    throw new LayoutException("layouts '" + other + "' and '" + layout.name() + "' both have the name '" + earlier
                            + "', now or earlier: what another version has by this name would be both; choose another name");
                }
            }
        }
    }
}
