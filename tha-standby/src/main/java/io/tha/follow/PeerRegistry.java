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
import java.util.BitSet;
import java.util.List;
import java.util.Map;

/**
 * From the peer's ids of layouts, groups and prefixes to this side's. Layouts are matched by name, and must be equal.
 *
 * <p>Threads: the follower's.
 */
final class PeerRegistry {
    private static final int NO_GROUP = -1;

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
                    groups.set(found.id(), NO_GROUP);
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

    /**
     * Takes over the registrations of an image whose active goes on from a state that this side has. What was removed there, and is not here, was
     * removed before; what was removed since is removed here by the log.
     *
     * @param usedBytes of them
     */
    void adopt(Registry image, long usedBytes) {
        Map<RegistryKind, BitSet> removed = Map.of(RegistryKind.LAYOUT_REMOVED, new BitSet(), RegistryKind.GROUP_REMOVED, new BitSet());
        image.forEach(0, usedBytes, found -> removed.getOrDefault(found.kind(), new BitSet()).set(found.id()));
        image.forEach(0, usedBytes, found -> {
            if (found.kind() == RegistryKind.LAYOUT && removed.get(RegistryKind.LAYOUT_REMOVED).get(found.id()) && own(found) == null) {
                layouts.add(null);
            } else if (found.kind() == RegistryKind.GROUP && removed.get(RegistryKind.GROUP_REMOVED).get(found.id()) && !isGroup(found.text())) {
                groups.add(NO_GROUP);
            } else if (!removed.containsKey(found.kind())) {
                accept(found);
            }
        });
    }

    private boolean isGroup(String text) {
        return pool.structure().registry().groupId(text) != NO_GROUP;
    }

    /** This side's layout that is equal to the registered one, or null. */
    private LayoutEntry own(RegistryRecord found) {
        try {
            LayoutEntry entry = pool.structure().registry().layout(Layout.parse(found.text()).name());
            return entry != null && isSame(entry, found) ? entry : null;
        } catch (LayoutException e) {
            throw new CorruptRegionException("registration of a layout that is none: " + e.getMessage() + "; rebuild this standby", e);
        }
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
        return peerId >= 0 && peerId < groups.size() ? groups.get(peerId) : NO_GROUP;
    }

    int prefix(int peerId) {
        return peerId >= 0 && peerId < prefixes.size() ? prefixes.get(peerId) : -1;
    }
}
