package io.tha.follow;

import io.tha.CorruptRegionException;
import io.tha.layout.Layout;
import io.tha.layout.LayoutException;
import io.tha.pool.LayoutEntry;
import io.tha.pool.Registry;
import io.tha.pool.RegistryKind;
import io.tha.pool.RegistryRecord;
import io.tha.pool.ThaPool;
import java.util.ArrayList;
import java.util.List;

/**
 * From the peer's ids of layouts, groups and prefixes to this side's. Layouts are matched by name, and must be equal.
 *
 * <p>Threads: the follower's.
 */
final class PeerRegistry {
    private final ThaPool pool;
    private final List<LayoutEntry> layouts = new ArrayList<>();
    private final List<Integer> groups = new ArrayList<>(List.of(Registry.DEFAULT_GROUP));
    private final List<Integer> prefixes = new ArrayList<>();

    PeerRegistry(ThaPool pool) {
        this.pool = pool;
    }

    /** Takes over a registration; one that is known already is left as it is, so that redo may repeat it. */
    void accept(RegistryRecord found) {
        switch (found.kind()) {
            case LAYOUT -> {
                if (isNew(found, layouts)) {
                    layouts.add(register(found));
                }
            }
            case GROUP -> {
                if (isNew(found, groups)) {
                    groups.add(pool.createGroup(found.text()));
                }
            }
            case PREFIX -> {
                if (isNew(found, prefixes)) {
                    prefixes.add(pool.structure().prefixId(found.text()));
                }
            }
            case LAYOUT_REMOVED -> {
                LayoutEntry removed = layout(found.id());
                if (removed != null) {
                    pool.unregister(removed.layout());
                    layouts.set(found.id(), null);
                }
            }
            case GROUP_REMOVED -> {
                if (group(found.id()) > 0) {
                    pool.removeGroup(group(found.id()));
                    groups.set(found.id(), -1);
                }
            }
        }
    }

    /**
     * Takes over a registration that the committed image has. It may be ahead of the log that is redone over it, so removals are left to the log; a
     * layout that took the name of a removed one replaces it.
     */
    void acceptFromImage(RegistryRecord found) {
        if (found.kind() == RegistryKind.LAYOUT_REMOVED || found.kind() == RegistryKind.GROUP_REMOVED) {
            return;
        }
        if (found.kind() == RegistryKind.LAYOUT) {
            layouts.stream()
                    .filter(known -> found.text().startsWith("layout " + known.layout().name() + " ") && !isSame(known, found))
                    .findFirst()
                    .ifPresent(known -> pool.unregister(known.layout()));
        }
        accept(found);
    }

    private static boolean isSame(LayoutEntry known, RegistryRecord found) {
        return known.layout().description().equals(found.text());
    }

    private static boolean isNew(RegistryRecord found, List<?> known) {
        if (found.id() > known.size()) {
            throw new CorruptRegionException("registration of " + found.kind() + " " + found.id() + ", expected at most " + known.size()
                    + "; the region was damaged, rebuild this standby");
        }
        return found.id() == known.size();
    }

    private LayoutEntry register(RegistryRecord found) {
        try {
            Layout layout = Layout.parse(found.text());
            pool.register(layout);
            return pool.structure().registry().layout(layout.name());
        } catch (LayoutException e) {
            throw new CorruptRegionException("registration of a layout that is none: " + e.getMessage() + "; rebuild this standby", e);
        }
    }

    LayoutEntry layout(int peerId) {
        return peerId >= 0 && peerId < layouts.size() ? layouts.get(peerId) : null;
    }

    int group(int peerId) {
        return peerId >= 0 && peerId < groups.size() ? groups.get(peerId) : -1;
    }

    int prefix(int peerId) {
        return peerId >= 0 && peerId < prefixes.size() ? prefixes.get(peerId) : -1;
    }
}
