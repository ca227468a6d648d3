package io.tha.follow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tha.follow.Elements.Element;
import io.tha.layout.Layout;
import io.tha.layout.RandomLayouts;
import io.tha.memory.Memory;
import io.tha.memory.ObjectMemory;
import io.tha.testkit.DomainDirectory;
import io.tha.testkit.Seeds;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Random transactions of an active that does not compare, over random layouts: the copy has what was sent, and of what it had already nothing was
 * written.
 */
@Timeout(300)
class UncomparedModelTest {
    private static final int POOLS = 40;
    private static final int TRANSACTIONS = 80;
    private static final int MAX_OBJECTS = 30;
    /** Its frames do not fit the share of the ring that one may have, and go to overflow segments. */
    private static final Layout BIG =
            Layout.named("Big").bytes("filling", 9_000).pointerArray("many", "", 70).int64Array("numbers", 400).int32("own").local().build();

    /** Small, so that the two sides have the same places for different objects: then equal bytes of a pointer mean different ones. */
    private static final Layout NET = Layout.named("Net").int16("id").pointerArray("neighbours", "", 6).build();

    private final Random random = Seeds.random();
    private final Map<Layout, List<Element>> elements = new HashMap<>();
    /** What the copy has: objects by the active's handles, with the active's bytes. */
    private final Map<Long, byte[]> sent = new LinkedHashMap<>();

    private final List<Long> unsent = new ArrayList<>();
    private final List<Long> ever = new ArrayList<>();
    private ScriptedActive active;
    private Layout[] layouts;
    private long uncomparedBytes;
    private long changedBytes;
    private long danglingBytes;
    private int redone;
    private long scrubbed;

    @Test
    void theCopyHasWhatWasSentAndIsWrittenOnlyWhereItDiffers() {
        for (int i = 0; i < POOLS; i++) {
            layouts = new Layout[] {NET, RandomLayouts.next(random, "A"), RandomLayouts.next(random, "B"), BIG};
            sent.clear();
            unsent.clear();
            ever.clear();
            try (DomainDirectory directory = DomainDirectory.create(); ScriptedActive opened = new ScriptedActive(directory.path(), layouts)) {
                active = opened;
                run(directory, "pool " + i);
            }
        }
        assertTrue(redone > POOLS, () -> redone + " copies were made by redo");
        assertTrue(scrubbed > 10_000, () -> scrubbed + " objects were scrubbed");
    }

    private void run(DomainDirectory directory, String where) {
        Copy copy = Copy.fromBeginning(active, directory.resolve("copy.pool"));
        Copy late = null;
        try {
            for (int i = 0; i < TRANSACTIONS; i++) {
                if (late == null && random.nextInt(15) == 0) {
                    late = Copy.late(active, directory.resolve("copy" + i + ".pool"));
                }
                work(copy);
                transaction(copy, where + ", transaction " + i);
                if (late != null) {
                    late.spool();
                }
                if (late != null && random.nextInt(5) == 0) {
                    late.bootstrap();
                    redone++;
                    assertHolds(late, where + ", redone at transaction " + i);
                    copy.close();
                    copy = late;
                    late = null;
                }
                active.advance();
                scrub(copy, late, where + ", transaction " + i);
            }
        } finally {
            copy.close();
            if (late != null) {
                late.close();
            }
        }
    }

    private void scrub(Copy copy, Copy late, String where) {
        active.scrub();
        copy.follow();
        if (late != null) {
            late.spool();
        }
        assertEquals(0, copy.findings.status().suspects(), where + ": false alarms");
        scrubbed += sent.size();
    }

    private void work(Copy copy) {
        for (int i = random.nextInt(4); i > 0 && sent.size() + unsent.size() < MAX_OBJECTS; i--) {
            Layout layout = layouts[random.nextInt(random.nextInt(8) == 0 ? layouts.length : layouts.length - 1)];
            long handle = active.pool.allocate(layout, "object" + ever.size());
            ever.add(handle);
            unsent.add(handle);
        }
        List<Long> living = new ArrayList<>(sent.keySet());
        living.addAll(unsent);
        for (int i = random.nextInt(12); i > 0 && !living.isEmpty(); i--) {
            long handle = living.get(random.nextInt(living.size()));
            List<Element> candidates = elementsOf(handle);
            Element element = anyOf(candidates);
            long address = active.pool.address(handle) + element.start();
            if (element.isPointer()) {
                // What the copy has there means another object here, or none.
                boolean same = sent.containsKey(handle) && random.nextInt(4) == 0;
                Memory.putLong(address, same ? copy.pointer(handle, element.start()) : anyPointer(living));
            } else {
                // Few values, so that bytes of neighbours, and of other transactions, are often equal.
                int length = random.nextInt(element.length()) + 1;
                for (int at = 0; at < length; at++) {
                    Memory.putByte(address + at, (byte) random.nextInt(3));
                }
            }
        }
    }

    /** Often a pointer, of which there are fewer than of raw bytes. */
    private Element anyOf(List<Element> candidates) {
        List<Element> pointers = random.nextBoolean() ? candidates.stream().filter(Element::isPointer).toList() : List.of();
        List<Element> chosen = pointers.isEmpty() ? candidates : pointers;
        return chosen.get(random.nextInt(chosen.size()));
    }

    private long anyPointer(List<Long> living) {
        return switch (random.nextInt(8)) {
            case 0 -> 0;
            case 1 -> random.nextLong();
            case 2 -> random.nextInt(1 << 30);
            case 3 -> ever.get(random.nextInt(ever.size()));
            default -> {
                long target = living.get(random.nextInt(living.size()));
                long inside = random.nextBoolean() ? 0 : random.nextInt(active.pool.layoutOf(target).sizeBytes());
                yield target + (inside << ObjectMemory.GENERATION_BITS);
            }
        };
    }

    private List<Element> elementsOf(long handle) {
        return elements.computeIfAbsent(active.pool.layoutOf(handle), Elements::of);
    }

    private void transaction(Copy copy, String where) {
        uncomparedBytes = copy.replica.uncomparedBytes();
        changedBytes = copy.replica.changedBytes();
        danglingBytes = 0;
        List<Long> deleted = sent.keySet().stream().filter(handle -> random.nextInt(15) == 0).toList();
        Map<Long, byte[]> after = new LinkedHashMap<>(sent);
        active.begin();
        for (long handle : List.copyOf(unsent)) {
            if (random.nextBoolean()) {
                active.create(handle);
                unsent.remove(handle);
                after.put(handle, send(handle, new byte[active.pool.layoutOf(handle).sizeBytes()]));
            }
        }
        sent.forEach((handle, bytes) -> after.put(handle, send(handle, bytes)));
        for (long handle : deleted) {
            active.pool.delete(handle);
            active.delete(handle);
            after.remove(handle);
        }
        active.publish();
        active.advanceInPart(random);
        sent.clear();
        sent.putAll(after);

        copy.follow();

        assertHolds(copy, where);
        assertEquals(uncomparedBytes, copy.replica.uncomparedBytes(), where + ": bytes that came uncompared");
        long written = copy.replica.changedBytes();
        assertTrue(changedBytes <= written && written <= changedBytes + danglingBytes, () -> where + ": " + written + " bytes written, expected "
                + changedBytes + ", and at most " + danglingBytes + " of dangling pointers");
    }

    /** Sends all pieces of an object that differ from what was sent before, and some others; returns what is sent now. */
    private byte[] send(long handle, byte[] before) {
        long address = active.pool.address(handle);
        byte[] now = new byte[before.length];
        Memory.copyTo(address, now, 0, now.length);
        boolean lazy = random.nextBoolean();
        List<Element> piece = new ArrayList<>();
        for (Element element : elementsOf(handle)) {
            boolean ends = element.local() || random.nextInt(40) == 0;
            if (ends) {
                send(handle, piece, before, now, lazy);
                piece.clear();
            }
            if (!element.local()) {
                piece.add(element);
            }
        }
        send(handle, piece, before, now, lazy);
        return now;
    }

    private void send(long handle, List<Element> piece, byte[] before, byte[] now, boolean lazy) {
        if (piece.isEmpty() || piece.stream().noneMatch(element -> differs(element, before, now)) && (lazy || random.nextInt(3) > 0)) {
            return;
        }
        boolean compared = random.nextInt(10) == 0;
        int start = piece.get(0).start();
        int end = piece.get(piece.size() - 1).end();
        active.update(handle, start, end, compared);
        if (!compared) {
            uncomparedBytes += end - start;
            for (Element element : piece) {
                if (differs(element, before, now)) {
                    changedBytes += element.length();
                } else if (element.isPointer() && dangles(Memory.getLong(active.pool.address(handle) + element.start()))) {
                    danglingBytes += element.length();
                }
            }
        }
    }

    private static boolean differs(Element element, byte[] before, byte[] now) {
        for (int at = element.start(); at < element.end(); at++) {
            if (before[at] != now[at]) {
                return true;
            }
        }
        return false;
    }

    private boolean dangles(long pointer) {
        return pointer != 0 && !sent.containsKey(active.pool.objectAt(pointer));
    }

    private void assertHolds(Copy copy, String where) {
        List<Long> found = new ArrayList<>();
        copy.pool.forEach(found::add);
        assertEquals(sent.size(), found.size(), where + ": objects");
        sent.forEach((handle, bytes) -> {
            long address = copy.address(handle);
            long model = active.pool.address(handle);
            for (Element element : elementsOf(handle)) {
                String what = where + ": " + active.pool.layoutOf(handle).pathAt(element.start()) + " of 0x" + Long.toHexString(handle);
                if (element.local()) {
                    assertEquals(-1, Memory.firstNonZero(address + element.start(), element.length()), () -> what + ", which is local");
                } else if (element.isPointer()) {
                    assertPointer(Memory.getLong(model + element.start()), Memory.getLong(address + element.start()), copy, what);
                } else {
                    assertEquals(-1, Memory.mismatch(model + element.start(), address + element.start(), element.length()), what);
                }
            }
        });
    }

    private void assertPointer(long pointer, long copied, Copy copy, String what) {
        if (dangles(pointer)) {
            assertTrue(copied != 0 && copy.pool.objectAt(copied) == 0, () -> what + " dangles, and is 0x" + Long.toHexString(copied));
        } else if (pointer == 0) {
            assertEquals(0, copied, what);
        } else {
            long target = active.pool.objectAt(pointer);
            long inside = ObjectMemory.bodyOffset(pointer) - ObjectMemory.bodyOffset(target);
            assertEquals(copy.handle(target) + (inside << ObjectMemory.GENERATION_BITS), copied, what);
        }
    }
}
