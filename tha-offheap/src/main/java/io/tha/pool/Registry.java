package io.tha.pool;

import static io.tha.pool.RegistryDescriptor.COUNTER_OFFSET;
import static io.tha.pool.RegistryDescriptor.ID_OFFSET;
import static io.tha.pool.RegistryDescriptor.TEXT_LENGTH_OFFSET;
import static io.tha.pool.RegistryDescriptor.TEXT_OFFSET;
import static io.tha.pool.RegistryDescriptor.TYPE_OFFSET;

import io.tha.LayoutMismatchException;
import io.tha.PoolFullException;
import io.tha.layout.Layout;
import io.tha.layout.LayoutException;
import io.tha.memory.Memory;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * Layouts, groups and prefixes of a pool: an append-only list in its file. Ids count from 0 and are never used again.
 *
 * <p>Threads: any; appends exclude each other.
 */
public final class Registry {
    /** 16-bit ids in page entries; the last ones are the engine's own. */
    public static final int MAX_LAYOUTS = NameSlots.FIRST_LAYOUT_ID;

    /** 16-bit ids in page entries; the last one is the engine's own. */
    public static final int MAX_GROUPS = NameSlots.GROUP_ID;

    /** The group of objects that no group was named for. */
    public static final int DEFAULT_GROUP = 0;

    private final PoolMemory memory;
    private final List<LayoutEntry> layouts = new CopyOnWriteArrayList<>();
    private final Map<Layout, LayoutEntry> entries = new ConcurrentHashMap<>();
    private final Map<String, LayoutEntry> layoutsByName = new ConcurrentHashMap<>();
    private final List<String> groups = new CopyOnWriteArrayList<>(List.of(""));
    private final Map<String, Integer> groupIds = new ConcurrentHashMap<>();
    private final List<Prefix> prefixes = new CopyOnWriteArrayList<>();
    private final Map<String, Prefix> prefixesByText = new ConcurrentHashMap<>();
    private volatile long used;

    Registry(PoolMemory memory) {
        this.memory = memory;
        long published = memory.registryUsedAcquire();
        long offset = 0;
        while (offset < published) {
            accept(recordAt(offset, published), offset);
            offset += recordLength(offset);
        }
        used = offset;
    }

    synchronized LayoutEntry register(Layout layout) {
        LayoutEntry known = layoutsByName.get(layout.name());
        if (known == null) {
            limit(layouts.size(), MAX_LAYOUTS, "layouts");
            append(new RegistryRecord(RegistryKind.LAYOUT, layouts.size(), layout.description()));
            known = layoutsByName.get(layout.name());
        }
        if (!known.layout().equals(layout)) {
            throw new LayoutMismatchException("pool file '" + memory.path() + "': layout '" + layout.name() + "' is registered as\n"
                    + known.layout().description() + "and cannot be registered as\n" + layout.description()
                    + "as well; unregister it first. Where another version has registered it, register this one with the standby, before it follows");
        }
        return known;
    }

    synchronized void unregister(LayoutEntry entry) {
        append(new RegistryRecord(RegistryKind.LAYOUT_REMOVED, entry.id(), ""));
    }

    synchronized int createGroup(String name) {
        Integer known = groupIds.get(name);
        if (known != null) {
            return known;
        }
        limit(groups.size(), MAX_GROUPS, "groups");
        append(new RegistryRecord(RegistryKind.GROUP, groups.size(), name));
        return groups.size() - 1;
    }

    synchronized void removeGroup(int group) {
        append(new RegistryRecord(RegistryKind.GROUP_REMOVED, group, ""));
    }

    Prefix prefix(String text) {
        Prefix known = prefixesByText.get(text);
        return known != null ? known : createPrefix(text);
    }

    private synchronized Prefix createPrefix(String text) {
        if (!prefixesByText.containsKey(text)) {
            NameSlots.checkText(text);
            limit(prefixes.size(), Prefix.MAX_PREFIXES, "prefixes");
            append(new RegistryRecord(RegistryKind.PREFIX, prefixes.size(), text));
        }
        return prefixesByText.get(text);
    }

    private void limit(int found, int limit, String what) {
        if (found >= limit) {
            throw new PoolFullException("pool file '" + memory.path() + "': the limit of " + limit + " " + what + " is reached");
        }
    }

    private void append(RegistryRecord registryRecord) {
        byte[] text = registryRecord.text().getBytes(StandardCharsets.UTF_8);
        long length = RegistryDescriptor.length(text.length);
        if (used + length > memory.registryLength()) {
            throw new PoolFullException("pool file '" + memory.path() + "': the registry of " + memory.registryLength()
                    + " bytes has no room for " + registryRecord.kind() + " '" + registryRecord.text() + "'; create a larger pool");
        }
        write(memory.registry() + used, registryRecord, text);
        accept(registryRecord, used);
        long end = used + length;
        used = end;
        memory.registryUsedRelease(end);
    }

    /** Writes a record where there is room for it. */
    static void write(long address, RegistryRecord registryRecord, byte[] text) {
        Memory.putInt(address + TEXT_LENGTH_OFFSET, text.length);
        Memory.putShort(address + TYPE_OFFSET, (short) registryRecord.kind().number());
        Memory.putShort(address + ID_OFFSET, (short) registryRecord.id());
        Memory.putLong(address + COUNTER_OFFSET, 1);
        Memory.copyFrom(text, 0, address + TEXT_OFFSET, text.length);
    }

    /**
     * Takes over what was appended on the other side, whose file this one's memory is; nothing is written. What is known already is left as it is.
     */
    synchronized void follow(RegistryRecord found) {
        boolean known =
                switch (found.kind()) {
                    case LAYOUT -> found.id() < layouts.size();
                    case GROUP -> found.id() < groups.size();
                    case PREFIX -> found.id() < prefixes.size();
                    case LAYOUT_REMOVED -> isRemovedLayout(found.id());
                    case GROUP_REMOVED -> isRemovedGroup(found.id());
                };
        if (!known) {
            accept(found, used);
            used += RegistryDescriptor.length(found.text().getBytes(StandardCharsets.UTF_8).length);
        }
    }

    private void accept(RegistryRecord found, long offset) {
        switch (found.kind()) {
            case LAYOUT -> acceptLayout(found, offset);
            case GROUP -> {
                expect(found.id() == groups.size(), found, offset);
                groups.add(found.text());
                groupIds.put(found.text(), found.id());
            }
            case PREFIX -> {
                expect(found.id() == prefixes.size(), found, offset);
                Prefix prefix = new Prefix(found.id(), found.text(), memory, offset + COUNTER_OFFSET);
                prefixes.add(prefix);
                prefixesByText.put(found.text(), prefix);
            }
            case LAYOUT_REMOVED -> {
                expect(layout(found.id()) != null, found, offset);
                LayoutEntry removed = layouts.set(found.id(), null);
                entries.remove(removed.layout());
                layoutsByName.remove(removed.layout().name());
            }
            case GROUP_REMOVED -> {
                expect(found.id() > 0 && found.id() < groups.size() && groups.get(found.id()) != null, found, offset);
                groupIds.remove(groups.set(found.id(), null));
            }
        }
    }

    private void acceptLayout(RegistryRecord found, long offset) {
        expect(found.id() == layouts.size(), found, offset);
        try {
            LayoutEntry entry = LayoutEntry.of(found.id(), Layout.parse(found.text()));
            layouts.add(entry);
            entries.put(entry.layout(), entry);
            layoutsByName.put(entry.layout().name(), entry);
        } catch (LayoutException e) {
            throw memory.corrupt(memory.registry() - memory.base() + offset, "no layout: " + e.getMessage());
        }
    }

    private void expect(boolean condition, RegistryRecord found, long offset) {
        if (!condition) {
            throw memory.corrupt(memory.registry() - memory.base() + offset, "record " + found.kind() + " with unexpected id " + found.id());
        }
    }

    private long recordLength(long offset) {
        return RegistryDescriptor.length(Memory.getInt(memory.registry() + offset + TEXT_LENGTH_OFFSET));
    }

    private RegistryRecord recordAt(long offset, long end) {
        long address = memory.registry() + offset;
        int textLength = offset + TEXT_OFFSET > end ? -1 : Memory.getInt(address + TEXT_LENGTH_OFFSET);
        RegistryKind kind = textLength < 0 ? null : RegistryKind.of(Memory.getShort(address + TYPE_OFFSET));
        if (kind == null || offset + TEXT_OFFSET + textLength > end) {
            throw memory.corrupt(address - memory.base(), "registry record of kind " + kind + " with " + textLength + " bytes of text");
        }
        byte[] text = new byte[textLength];
        Memory.copyTo(address + TEXT_OFFSET, text, 0, textLength);
        return new RegistryRecord(kind, Memory.getShort(address + ID_OFFSET) & 0xFFFF, new String(text, StandardCharsets.UTF_8));
    }

    /** How many bytes of records there are. */
    public long usedBytes() {
        return used;
    }

    /** The records that begin in a range of bytes, in order. */
    public void forEach(long from, long to, Consumer<RegistryRecord> consumer) {
        for (long offset = from; offset < to; offset += recordLength(offset)) {
            consumer.accept(recordAt(offset, to));
        }
    }

    /** By id; null if there is none, or no longer. */
    public LayoutEntry layout(int id) {
        return id >= 0 && id < layouts.size() ? layouts.get(id) : null;
    }

    /** Whether there was a layout with this id, which was removed. */
    boolean isRemovedLayout(int id) {
        return id < layouts.size() && layouts.get(id) == null;
    }

    /** Whether there was a group with this id, which was removed. */
    boolean isRemovedGroup(int group) {
        return group < groups.size() && groups.get(group) == null;
    }

    /** Those that were not removed, in the order of their ids. */
    public List<LayoutEntry> layouts() {
        return layouts.stream().filter(Objects::nonNull).toList();
    }

    /** By name; null if there is none. */
    public LayoutEntry layout(String name) {
        return layoutsByName.get(name);
    }

    LayoutEntry entryOf(Layout layout) {
        LayoutEntry entry = entries.get(layout);
        if (entry == null) {
            throw new IllegalArgumentException("pool file '" + memory.path() + "': layout '" + layout.name()
                    + "' is not registered here, or differently; register it before its first object");
        }
        return entry;
    }

    /** By name; -1 if there is none. */
    public int groupId(String name) {
        return name.isEmpty() ? DEFAULT_GROUP : groupIds.getOrDefault(name, -1);
    }

    /** By id; null if there is none, or no longer. */
    public String groupName(int group) {
        return group >= 0 && group < groups.size() ? groups.get(group) : null;
    }

    public int groupCount() {
        return groups.size();
    }

    /** Whether there is a prefix with this id. */
    public boolean hasPrefix(int id) {
        return id >= 0 && id < prefixes.size();
    }

    Prefix prefix(int id) {
        return id < prefixes.size() ? prefixes.get(id) : null;
    }

    Prefix knownPrefix(String text) {
        return prefixesByText.get(text);
    }
}
