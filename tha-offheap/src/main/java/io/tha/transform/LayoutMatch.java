package io.tha.transform;

import io.tha.layout.Layout;
import java.util.Collection;
import java.util.Optional;
import java.util.function.Predicate;

/** Which layout of one version is which of the other; docs/versions.md 1.1. */
public final class LayoutMatch {
    private LayoutMatch() {}

    /**
     * The counterpart of a layout in another version: the one of its name, else the one that was called so earlier, else the one with the latest of
     * the names that it had itself.
     *
     * @param source of the active
     * @param targets of the standby, each with a name of its own
     */
    public static Optional<Layout> counterpart(Layout source, Collection<Layout> targets) {
        return first(targets, target -> target.name().equals(source.name()))
                .or(() -> first(targets, target -> target.earlierNames().contains(source.name())))
                .or(() -> source.earlierNames().stream()
                        .flatMap(earlier -> first(targets, target -> target.name().equals(earlier)).stream())
                        .findFirst());
    }

    private static Optional<Layout> first(Collection<Layout> targets, Predicate<Layout> which) {
        return targets.stream().filter(which).findFirst();
    }
}
