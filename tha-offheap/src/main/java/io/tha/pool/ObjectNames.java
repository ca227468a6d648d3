package io.tha.pool;

import static io.tha.pool.SlotDescriptor.CHECK_OFFSET;

import io.tha.memory.LineMarks;
import io.tha.memory.Memory;
import io.tha.memory.ObjectMemory;

/**
 * Names of objects: the texts of static ones in slots, the index of all of them.
 *
 * <p>Threads: any; the name slots, which all groups share, are locked.
 */
final class ObjectNames implements AutoCloseable {
    private final PoolMemory memory;
    private final Registry registry;
    private final SlabAllocator slabs;
    private final StaticNames staticNames;
    private final ImplicitNames implicitNames = new ImplicitNames();
    private final SlotClass[] sizes = new SlotClass[NameSlots.SIZE_COUNT];

    ObjectNames(PoolMemory memory, Registry registry, SlabAllocator slabs) {
        this.memory = memory;
        this.registry = registry;
        this.slabs = slabs;
        staticNames = new StaticNames(memory);
        for (int size = 0; size < sizes.length; size++) {
            sizes[size] = new SlotClass(
                    NameSlots.FIRST_LAYOUT_ID + size, NameSlots.GROUP_ID, NameSlots.key(size), NameSlots.bodyBytes(size));
        }
    }

    SlotClass size(int layoutId) {
        return sizes[layoutId - NameSlots.FIRST_LAYOUT_ID];
    }

    /** Stores a text; the name word for it. */
    long store(String text) {
        byte[] bytes = NameSlots.checkText(text);
        SlotClass slots = sizes[NameSlots.sizeFor(bytes.length)];
        synchronized (sizes) {
            long handle = slabs.take(slots);
            long body = ObjectMemory.bodyOffset(handle);
            long address = memory.base() + body;
            Memory.zero(address, slots.bodyBytes);
            NameSlots.write(address, bytes);
            Memory.putLong(memory.base() + SlotDescriptor.slotOf(body) + SlotDescriptor.ID_OFFSET, 0);
            Memory.putLong(memory.base() + SlotDescriptor.slotOf(body) + SlotDescriptor.NAME_OFFSET, 0);
            Memory.putLong(memory.base() + SlotDescriptor.slotOf(body) + CHECK_OFFSET, handle ^ slots.key);
            return body;
        }
    }

    /** The name word of a text that was stored; 0 if it is in no slot. Walks over all slots. */
    long stored(String text, PageTable pages) {
        long[] found = {0};
        synchronized (sizes) {
            new SlotScanner(memory, pages).forEachSlot((page, body, check) -> {
                boolean used = pages.groupId(page) == NameSlots.GROUP_ID && SlotScanner.isInUse(check, body);
                if (used && NameSlots.soundLength(memory, pages, body) >= 0 && NameSlots.holds(memory.base() + body, text)) {
                    found[0] = body;
                }
            });
        }
        return found[0];
    }

    /** Enters an object whose slot holds its name word already; false if the name is taken. */
    boolean enter(long nameWord, long bodyOffset) {
        return Prefix.isDynamic(nameWord) ? implicitNames.add(nameWord, bodyOffset) : staticNames.add(text(nameWord), bodyOffset);
    }

    /** Enters an object whose static name has this hash, and is known to be no other object's; nothing is looked at. */
    void followStatic(long hash, long bodyOffset) {
        staticNames.add(hash, bodyOffset);
    }

    /** Removes an object whose static name has this hash. */
    void followStaticGone(long hash, long bodyOffset) {
        staticNames.remove(hash, bodyOffset);
    }

    /** Enters an object with an implicit name; false if the name is taken. */
    boolean followImplicit(long nameWord, long bodyOffset) {
        return implicitNames.add(nameWord, bodyOffset);
    }

    /** Removes an object with an implicit name. */
    void followImplicitGone(long nameWord, long bodyOffset) {
        implicitNames.remove(nameWord, bodyOffset);
    }

    /** Adds many implicit names. */
    ImplicitNames.Adder implicitAdder() {
        return implicitNames.new Adder();
    }

    /** Removes an object from the index, and gives the slot of a static name back. */
    void forget(long nameWord, long bodyOffset) {
        if (nameWord == 0) {
            return;
        }
        if (Prefix.isDynamic(nameWord)) {
            implicitNames.remove(nameWord, bodyOffset);
        } else {
            staticNames.remove(text(nameWord), bodyOffset);
            release(nameWord);
        }
    }

    /** Gives back the slot of a static name that no object has. */
    void release(long nameWord) {
        synchronized (sizes) {
            long check = Memory.getLong(memory.base() + nameWord - ObjectMemory.CHECK_WORD_LENGTH);
            for (SlotClass slots : sizes) {
                int generation = SlotDescriptor.generationIn(check, nameWord, slots.key);
                if (generation >= 0) {
                    slabs.give(slots, ObjectMemory.handle(nameWord, generation));
                    return;
                }
            }
        }
    }

    /** The body of the object with this name, deleted ones of undecided transactions included; 0 if there is none. */
    long find(String name) {
        int hash = name.lastIndexOf('#');
        if (hash < 0) {
            return staticNames.find(name);
        }
        Prefix prefix = registry.knownPrefix(name.substring(0, hash));
        long number = number(name, hash + 1);
        if (prefix == null || number < 0) {
            return 0;
        }
        return implicitNames.find(prefix.nameWord(number));
    }

    private static long number(String name, int from) {
        long number = 0;
        for (int i = from; i < name.length(); i++) {
            int digit = name.charAt(i) - '0';
            if (digit < 0 || digit > 9 || i == from && digit == 0 && name.length() > from + 1) {
                return -1;
            }
            number = number * 10 + digit;
            if (number > Prefix.MAX_NUMBER) {
                return -1;
            }
        }
        return name.length() == from ? -1 : number;
    }

    /** Whether a name word can be followed; for files that another process wrote. */
    boolean isSound(long nameWord, PageTable pages) {
        if (Prefix.isDynamic(nameWord)) {
            return registry.prefix(Prefix.id(nameWord)) != null;
        }
        return pages.bodyAt(nameWord) == nameWord && pages.groupId((int) (nameWord >>> LineMarks.PAGE_SHIFT)) == NameSlots.GROUP_ID;
    }

    /** The name that a word stands for; null for none. */
    String text(long nameWord) {
        if (nameWord == 0) {
            return null;
        }
        if (!Prefix.isDynamic(nameWord)) {
            return NameSlots.read(memory.base() + nameWord);
        }
        return registry.prefix(Prefix.id(nameWord)).text() + '#' + Prefix.number(nameWord);
    }

    @Override
    public void close() {
        staticNames.close();
        implicitNames.close();
    }
}
