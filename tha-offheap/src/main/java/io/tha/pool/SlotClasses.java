package io.tha.pool;

import io.tha.CorruptRegionException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The classes of slots by group and layout, and what each group has pending.
 *
 * <p>Threads: any; a class and a pending list are used by the thread that writes the group.
 */
final class SlotClasses {
    private final PoolMemory memory;
    private final Registry registry;
    private final ObjectNames names;
    private volatile SlotClass[][] byGroup = new SlotClass[1][0];
    private volatile PendingChanges[] pending = {new PendingChanges()};

    SlotClasses(PoolMemory memory, Registry registry, ObjectNames names) {
        this.memory = memory;
        this.registry = registry;
        this.names = names;
    }

    SlotClass of(LayoutEntry entry, int group) {
        SlotClass found = known(entry.id(), group);
        return found != null ? found : create(entry, group);
    }

    /** The class of a page; null when its layout is not registered. */
    SlotClass onPage(int layoutId, int group) {
        if (group == NameSlots.GROUP_ID) {
            return layoutId < NameSlots.FIRST_LAYOUT_ID || layoutId >= NameSlots.FIRST_LAYOUT_ID + NameSlots.SIZE_COUNT
                    ? null
                    : names.size(layoutId);
        }
        SlotClass found = known(layoutId, group);
        if (found != null) {
            return found;
        }
        LayoutEntry entry = registry.layout(layoutId);
        return entry == null ? null : create(entry, group);
    }

    private SlotClass known(int layoutId, int group) {
        SlotClass[][] groups = byGroup;
        return group < groups.length && layoutId < groups[group].length ? groups[group][layoutId] : null;
    }

    private synchronized SlotClass create(LayoutEntry entry, int group) {
        SlotClass found = known(entry.id(), group);
        if (found != null) {
            return found;
        }
        if (group >= registry.groupCount()) {
            throw new CorruptRegionException("pool file '" + memory.path() + "': a page of group " + group + ", registered are "
                    + registry.groupCount() + "; it was damaged, remove it and rebuild from the other side");
        }
        SlotClass[][] groups = byGroup.clone();
        if (group >= groups.length) {
            int old = groups.length;
            groups = Arrays.copyOf(groups, group + 1);
            Arrays.fill(groups, old, group + 1, new SlotClass[0]);
        }
        groups[group] = Arrays.copyOf(groups[group], Math.max(groups[group].length, entry.id() + 1));
        groups[group][entry.id()] = new SlotClass(entry.id(), group, entry.key(), entry.layout().sizeBytes());
        byGroup = groups;
        return groups[group][entry.id()];
    }

    /** The classes of a layout, which are not used any more. */
    synchronized List<SlotClass> forgetLayout(int layoutId) {
        List<SlotClass> forgotten = new ArrayList<>();
        SlotClass[][] groups = byGroup.clone();
        for (int group = 0; group < groups.length; group++) {
            groups[group] = groups[group].clone();
            if (layoutId < groups[group].length && groups[group][layoutId] != null) {
                forgotten.add(groups[group][layoutId]);
                groups[group][layoutId] = null;
            }
        }
        byGroup = groups;
        return forgotten;
    }

    /** The classes of a group, which are not used any more. */
    synchronized List<SlotClass> forgetGroup(int group) {
        List<SlotClass> forgotten = new ArrayList<>();
        SlotClass[][] groups = byGroup.clone();
        if (group < groups.length) {
            Stream.of(groups[group]).filter(Objects::nonNull).forEach(forgotten::add);
            groups[group] = new SlotClass[0];
            byGroup = groups;
        }
        return forgotten;
    }

    PendingChanges pending(int group) {
        PendingChanges[] lists = pending;
        return group < lists.length ? lists[group] : createPending(group);
    }

    PendingChanges detachPending(int group) {
        PendingChanges detached = pending(group);
        replacePending(group);
        return detached;
    }

    private synchronized void replacePending(int group) {
        PendingChanges[] lists = pending.clone();
        lists[group] = new PendingChanges();
        pending = lists;
    }

    private synchronized PendingChanges createPending(int group) {
        PendingChanges[] lists = pending;
        if (group >= lists.length) {
            int old = lists.length;
            lists = Arrays.copyOf(lists, group + 1);
            for (int i = old; i <= group; i++) {
                lists[i] = new PendingChanges();
            }
            pending = lists;
        }
        return lists[group];
    }
}
