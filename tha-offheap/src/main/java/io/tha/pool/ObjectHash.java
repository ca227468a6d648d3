package io.tha.pool;

import io.tha.layout.ReplicatedRuns;
import io.tha.memory.LineMarks;
import io.tha.memory.Memory;
import io.tha.memory.ObjectMemory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A hash of what is replicated of an object, the same on both sides although handles and ids of prefixes and groups differ; docs/formats.md 3.8. It
 * finds damage; it is no protection against who would make two objects with one hash.
 *
 * <p>What it reads may be damaged: every word that leads elsewhere is checked before it is followed.
 *
 * <p>Threads: one; makes no garbage but once for each prefix and group.
 */
public final class ObjectHash {
    private static final long FACTOR = 0x9E37_79B9_7F4A_7C15L;
    private static final int ROTATION = 29;
    /** In the place of a target's id. */
    private static final long DANGLING = -1;
    /** In the place of a name's length. */
    private static final long UNSOUND = -1;

    private final PoolMemory memory;
    private final PageTable pages;
    private final Registry registry;
    private final ReplicatedRuns runs = new ReplicatedRuns();
    private long[] prefixes = {};
    private long[] groups = {};

    private ObjectHash(PoolMemory memory, PageTable pages, Registry registry) {
        this.memory = memory;
        this.pages = pages;
        this.registry = registry;
    }

    /** Of objects in a pool. */
    public static ObjectHash of(PoolStructure pool) {
        return new ObjectHash(pool.memory(), pool.pages(), pool.registry());
    }

    /** Of objects in the image of a pool. */
    public static ObjectHash of(CommittedImage image, PoolStructure pool) {
        return new ObjectHash(image.memory(), image.pages(), pool.registry());
    }

    /**
     * The hash of a part of an object; of its identity too if the part begins with the object.
     *
     * @param entry of its layout
     * @param body its offset, on pages of its layout
     * @param start of the part in the object, which cuts no pointer
     * @param end behind the part
     */
    public long hash(LayoutEntry entry, long body, int start, int end) {
        long hash = mix(start, entry.key());
        if (start == 0) {
            long slot = memory.base() + SlotDescriptor.slotOf(body);
            hash = mix(hash, Memory.getLong(slot + SlotDescriptor.ID_OFFSET));
            hash = mix(hash, group(pages.groupId((int) (body >>> LineMarks.PAGE_SHIFT))));
            hash = name(hash, Memory.getLong(slot + SlotDescriptor.NAME_OFFSET));
        }
        long address = memory.base() + body;
        runs.begin(entry.layout(), start, end);
        while (runs.next()) {
            hash = runs.isPointers()
                    ? pointers(hash, address + runs.start(), address + runs.end())
                    : bytes(hash, address + runs.start(), (long) runs.end() - runs.start());
        }
        return hash ^ hash >>> Integer.SIZE;
    }

    /** One long more; different longs, or different hashes before, give different hashes. */
    private static long mix(long hash, long value) {
        return Long.rotateLeft((hash ^ value) * FACTOR, ROTATION);
    }

    private static long bytes(long before, long address, long lengthBytes) {
        long hash = before;
        long done = 0;
        for (; done + Long.BYTES <= lengthBytes; done += Long.BYTES) {
            hash = mix(hash, Memory.getLong(address + done));
        }
        return done == lengthBytes ? hash : mix(hash, rest(address + done, (int) (lengthBytes - done)));
    }

    private static long rest(long address, int lengthBytes) {
        long rest = 0;
        for (int i = 0; i < lengthBytes; i++) {
            rest |= (long) (Memory.getByte(address + i) & 0xFF) << i * Byte.SIZE;
        }
        return rest;
    }

    private long pointers(long before, long from, long to) {
        long hash = before;
        for (long at = from; at < to; at += Long.BYTES) {
            hash = pointer(hash, Memory.getLong(at));
        }
        return hash;
    }

    private long pointer(long hash, long pointer) {
        if (pointer == 0) {
            return mix(hash, 0);
        }
        long body = target(pointer);
        if (body < 0) {
            return mix(hash, DANGLING);
        }
        long id = Memory.getLong(memory.base() + SlotDescriptor.slotOf(body) + SlotDescriptor.ID_OFFSET);
        return mix(mix(hash, id), ObjectMemory.bodyOffset(pointer) - body);
    }

    /** The body of the live object that a pointer leads to, or into; -1 if it leads to none. */
    public long target(long pointer) {
        long offset = ObjectMemory.bodyOffset(pointer);
        if (offset < 0 || offset >= memory.sizeBytes() || !pages.isSound((int) (offset >>> LineMarks.PAGE_SHIFT))) {
            return -1;
        }
        int page = (int) (offset >>> LineMarks.PAGE_SHIFT);
        long body = pages.bodyAt(offset);
        LayoutEntry entry = pages.groupId(page) == NameSlots.GROUP_ID ? null : registry.layout(pages.layoutId(page));
        if (body < 0 || offset < body || entry == null) {
            return -1;
        }
        long check = Memory.getLong(memory.base() + SlotDescriptor.slotOf(body) + SlotDescriptor.CHECK_OFFSET);
        return check == (ObjectMemory.handle(body, ObjectMemory.generation(pointer)) ^ entry.key()) ? body : -1;
    }

    private long name(long hash, long nameWord) {
        if (nameWord == 0) {
            return mix(hash, 0);
        }
        if (Prefix.isDynamic(nameWord)) {
            return mix(mix(hash, prefix(Prefix.id(nameWord))), Prefix.number(nameWord));
        }
        int length = NameSlots.soundLength(memory, pages, nameWord);
        if (length < 0) {
            return mix(hash, UNSOUND);
        }
        return bytes(mix(hash, length), memory.base() + nameWord + Short.BYTES, length);
    }

    private long prefix(int id) {
        if (id >= prefixes.length || prefixes[id] == 0) {
            Prefix prefix = registry.prefix(id);
            if (prefix == null) {
                return UNSOUND;
            }
            prefixes = Arrays.copyOf(prefixes, Math.max(prefixes.length, id + 1));
            prefixes[id] = text(prefix.text());
        }
        return prefixes[id];
    }

    private long group(int id) {
        if (id >= groups.length || groups[id] == 0) {
            String name = registry.groupName(id);
            if (name == null) {
                return UNSOUND;
            }
            groups = Arrays.copyOf(groups, Math.max(groups.length, id + 1));
            groups[id] = text(name);
        }
        return groups[id];
    }

    private static long text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        long copy = Memory.allocate(bytes.length);
        try {
            Memory.copyFrom(bytes, 0, copy, bytes.length);
            return bytes(mix(1, bytes.length), copy, bytes.length);
        } finally {
            Memory.free(copy);
        }
    }
}
