package io.tha.follow;

import io.tha.LayoutMismatchException;
import io.tha.layout.Layout;
import io.tha.transform.Conversions;
import io.tha.transform.LayoutMatch;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * The layouts of this side's version, and how they take over what other versions have.
 *
 * <p>Threads: one, until it is handed to a standby; then immutable.
 */
public final class DeclaredLayouts {
    private final Map<String, Declared> byName = new LinkedHashMap<>();

    private record Declared(Layout layout, Conversions conversions) {}

    /**
     * Adds a layout; once more the same is nothing new.
     *
     * @throws io.tha.layout.LayoutException if the conversions do not fit it
     * @throws LayoutMismatchException if its name, or an earlier one, is that of another layout here
     */
    public void add(Layout layout, Conversions conversions) {
        conversions.check(layout);
        for (Declared known : byName.values()) {
            refuseIfConfused(known.layout(), layout);
            refuseIfConfused(layout, known.layout());
        }
        byName.put(layout.name(), new Declared(layout, conversions));
    }

    private static void refuseIfConfused(Layout layout, Layout other) {
        boolean isRedeclared = layout.name().equals(other.name()) && !layout.equals(other);
        if (isRedeclared || !layout.equals(other) && other.earlierNames().contains(layout.name())) {
            throw new LayoutMismatchException("layouts '" + layout.name() + "' and '" + other.name() + "' of this version: "
                    + (isRedeclared ? "the name is declared twice, differently" : "the one's name is an earlier name of the other")
                    + "; what an older active has by this name would be both: choose another name");
        }
    }

    /** All, in the order in which they were added. */
    public Layout[] all() {
        return byName.values().stream().map(Declared::layout).toArray(Layout[]::new);
    }

    /** Hands on each, in the order in which they were added. */
    public void forEach(BiConsumer<Layout, Conversions> consumer) {
        byName.values().forEach(declared -> consumer.accept(declared.layout(), declared.conversions()));
    }

    /** Whether this version has declared it. */
    boolean contains(Layout layout) {
        Declared declared = byName.get(layout.name());
        return declared != null && declared.layout().equals(layout);
    }

    /** What a layout of another version is here; null if nothing. */
    Layout counterpart(Layout other) {
        return LayoutMatch.counterpart(other, List.of(all())).orElse(null);
    }

    /** Of a layout that this side {@link #contains}; else none. */
    Conversions conversionsOf(Layout layout) {
        return contains(layout) ? byName.get(layout.name()).conversions() : Conversions.NONE;
    }
}
