package io.tha.follow;

import io.tha.CorruptRegionException;
import io.tha.LayoutMismatchException;
import io.tha.layout.Layout;
import io.tha.layout.LayoutException;
import io.tha.pool.LayoutEntry;
import io.tha.pool.Registry;
import io.tha.pool.RegistryKind;
import io.tha.pool.RegistryRecord;
import io.tha.pool.ThaPool;
import io.tha.transform.Conversions;
import io.tha.transform.Transformation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;

/**
 * From the peer's ids of layouts, groups and prefixes to this side's. Which layout is which, docs/versions.md 1.1 says.
 *
 * <p>Threads: the follower's.
 */
final class PeerRegistry {
    private static final int NO_GROUP = -1;

    private final ThaPool pool;
    private final DeclaredLayouts declared;
    private final List<PeerLayout> layouts = new ArrayList<>();
    private final List<Integer> groups = new ArrayList<>(List.of(Registry.DEFAULT_GROUP));
    private final List<Integer> prefixes = new ArrayList<>();
    /** Of those that have not been removed, by the ids here. */
    private PeerLayout[] byLocalId = {};

    private boolean transforms;
    private boolean computes;

    PeerRegistry(ThaPool pool, DeclaredLayouts declared) {
        this.pool = pool;
        this.declared = declared;
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
                if (layout(found.id()) != null) {
                    remove(layout(found.id()));
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
     * Takes over the registrations that the committed image has. It may be ahead of the log that is redone over it, so removals are left to the log;
     * a layout that took the place of a removed one replaces it.
     *
     * @param usedBytes of them
     */
    void acceptImage(Registry image, long usedBytes) {
        BitSet removed = new BitSet();
        image.forEach(0, usedBytes, found -> {
            if (found.kind() == RegistryKind.LAYOUT_REMOVED) {
                removed.set(found.id());
            }
        });
        image.forEach(0, usedBytes, found -> {
            if (found.kind() == RegistryKind.LAYOUT) {
                Layout own = ownOf(parse(found));
                layouts.stream()
                        .filter(known -> known != null && removed.get(known.peer().id()) && known.local().layout().name().equals(own.name())
                                && !isSame(known.peer(), found))
                        .findFirst()
                        .ifPresent(this::remove);
            }
            if (found.kind() != RegistryKind.LAYOUT_REMOVED && found.kind() != RegistryKind.GROUP_REMOVED) {
                accept(found);
            }
        });
    }

    /** What this version has declared stays, whatever the other side has. */
    private void remove(PeerLayout removed) {
        int local = removed.local().id();
        layouts.set(removed.peer().id(), null);
        if (removed.equals(byLocalId[local])) {
            byLocalId[local] = null;
            if (!declared.contains(removed.local().layout())) {
                pool.unregister(removed.local().layout());
            }
        }
    }

    /**
     * Takes over the registrations of an image whose active goes on from a state that this side has. What was removed there, and is not here, was
     * removed before; what was removed since is removed here by the log.
     *
     * @param usedBytes of them
     * @throws LayoutMismatchException if a layout differs: what the other side began with is not what this side has, bit for bit
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
        if (transforms) {
            throw new LayoutMismatchException("the active that has taken over has other layouts than this standby; its state is copied anew");
        }
    }

    private boolean isGroup(String text) {
        return pool.structure().registry().groupId(text) != NO_GROUP;
    }

    /** This side's layout that is equal to the registered one, or null. */
    private LayoutEntry own(RegistryRecord found) {
        LayoutEntry entry = pool.structure().registry().layout(parse(found).name());
        return entry != null && isSame(entry, found) ? entry : null;
    }

    private static Layout parse(RegistryRecord found) {
        try {
            return Layout.parse(found.text());
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

    private PeerLayout register(RegistryRecord found) {
        Layout peer = parse(found);
        Layout own = ownOf(peer);
        pool.register(own);
        LayoutEntry local = pool.structure().registry().layout(own.name());
        Conversions conversions = declared.conversionsOf(own);
        Transformation transformation = own.equals(peer) ? null : Transformation.of(peer, own, conversions);
        PeerLayout registered = new PeerLayout(LayoutEntry.of(found.id(), peer), local, transformation, conversions);
        byLocalId = Arrays.copyOf(byLocalId, Math.max(byLocalId.length, local.id() + 1));
        PeerLayout other = byLocalId[local.id()];
        if (other != null && !other.peer().layout().equals(peer)) {
            throw new LayoutMismatchException("layouts '" + other.peer().layout().name() + "' and '" + peer.name() + "' of the active are both '"
                    + own.name() + "' here; declare the second one by its own name too");
        }
        byLocalId[local.id()] = registered;
        transforms |= transformation != null;
        computes |= transformation != null && transformation.computes();
        return registered;
    }

    /** What a layout of the peer is here: itself, if this version knows nothing of it. */
    private Layout ownOf(Layout peer) {
        Layout counterpart = declared.counterpart(peer);
        return counterpart == null ? peer : counterpart;
    }

    /** By the peer's id; null if there is none, or no longer. */
    PeerLayout layout(int peerId) {
        return peerId >= 0 && peerId < layouts.size() ? layouts.get(peerId) : null;
    }

    /** What the peer has for a layout of the pool here; null where it has none. */
    PeerLayout of(LayoutEntry local) {
        return local.id() < byLocalId.length ? byLocalId[local.id()] : null;
    }

    /** Whether a layout was registered of which rules have to compute fields. */
    boolean computes() {
        return computes;
    }

    /** Whether a layout was registered that differs here. */
    boolean transforms() {
        return transforms;
    }

    int group(int peerId) {
        return peerId >= 0 && peerId < groups.size() ? groups.get(peerId) : NO_GROUP;
    }

    int prefix(int peerId) {
        return peerId >= 0 && peerId < prefixes.size() ? prefixes.get(peerId) : -1;
    }
}
