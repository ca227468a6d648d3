package io.tha.follow;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tha.follow.Elements.Element;
import io.tha.follow.Places.Place;
import io.tha.layout.ElementCursor;
import io.tha.layout.FieldType;
import io.tha.layout.Layout;
import io.tha.memory.Memory;
import io.tha.memory.ObjectMemory;
import io.tha.testkit.DomainDirectory;
import io.tha.testkit.Seeds;
import io.tha.transform.Conversions;
import io.tha.transform.Narrowing;
import io.tha.transform.PlainTransformation;
import io.tha.transform.RandomVersions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Random graphs of objects, changed and deleted at random, and followed by another version: what its copy has is what comes of the whole state,
 * transformed plainly; also where it was copied while the active went on.
 */
@Timeout(300)
class VersionsModelTest {
    private static final int GRAPHS = 60;
    private static final int TRANSACTIONS = 40;
    private static final int MOST_OBJECTS = 30;
    /** Its elements have other widths in the other version, and what is nested moves. */
    private static final Layout OLD_POINT = Layout.named("Point").int16("x").int16("y").pointer("owner", "Net").build();

    private static final Layout NEW_POINT = Layout.named("Point").pointer("owner", "Net").int64("y").int32("x").build();
    private static final Layout OLD_NET = Layout.named("Net")
            .int16("id")
            .pointerArray("neighbours", "Net", 4)
            .structArray("points", OLD_POINT, 3)
            .pointerArray("corners", "Point", 3)
            .build();
    private static final Layout NEW_NET = Layout.named("Net")
            .structArray("points", NEW_POINT, 2)
            .pointerArray("corners", "Point", 5)
            .float64("id")
            .pointerArray("neighbours", "Net", 4)
            .build();

    private final Random random = Seeds.random();
    private final Map<String, Versions> versions = new LinkedHashMap<>();
    /** What the log has: objects by the active's handles, with the active's bytes. */
    private final Map<Long, byte[]> sent = new LinkedHashMap<>();

    private final List<Long> unsent = new ArrayList<>();
    private final List<Long> ever = new ArrayList<>();
    private ScriptedActive active;
    private int redone;
    private int pointersInside;
    private int dangling;
    private long losses;

    /** A layout on both sides. */
    private record Versions(
            Layout source, Layout target, Conversions conversions, List<Element> elements, Places places, Places targets, PlainTransformation plain) {
        Versions(Layout source, Layout target, Conversions conversions) {
            this(
                    source,
                    target,
                    conversions,
                    Elements.of(source),
                    new Places(source),
                    new Places(target),
                    new PlainTransformation(source, target, conversions, pointer -> 0));
        }
    }

    /** Each first loss of a field is logged. */
    @BeforeAll
    static void quieten() {
        Logger.getLogger(Losses.class.getName()).setLevel(Level.OFF);
    }

    @AfterAll
    static void restore() {
        Logger.getLogger(Losses.class.getName()).setLevel(null);
    }

    @Test
    void theCopyIsTheWholeStateTransformed() {
        for (int i = 0; i < GRAPHS; i++) {
            versions.clear();
            RandomVersions first = new RandomVersions(random, "A");
            boolean upgrades = random.nextBoolean();
            add(upgrades ? OLD_NET : NEW_NET, upgrades ? NEW_NET : OLD_NET, Conversions.NONE.narrowing(Narrowing.CLAMP));
            add(first.older(), first.newer(), first.conversions());
            Layout same = new RandomVersions(random, "B").older();
            add(same, same, Conversions.NONE);
            sent.clear();
            unsent.clear();
            ever.clear();
            Layout[] layouts = versions.values().stream().map(Versions::source).toArray(Layout[]::new);
            try (DomainDirectory directory = DomainDirectory.create(); ScriptedActive opened = new ScriptedActive(directory.path(), layouts)) {
                active = opened;
                run(directory, "graph " + i);
            }
        }
        assertTrue(redone > GRAPHS, () -> redone + " copies were made by redo");
        assertTrue(pointersInside > 300, () -> pointersInside + " pointers led into objects");
        assertTrue(dangling > 300, () -> dangling + " pointers dangled");
        assertTrue(losses > 100, () -> losses + " values did not fit");
    }

    private void add(Layout source, Layout target, Conversions conversions) {
        versions.put(source.name(), new Versions(source, target, conversions));
    }

    private Joiner.Version version() {
        Joiner.Version version = Joiner.Version.undeclared();
        versions.values().forEach(each -> version.layouts().add(each.target(), each.conversions()));
        return version;
    }

    private void run(DomainDirectory directory, String where) {
        Joiner.Version version = version();
        Copy copy = Copy.fromBeginning(active, directory.resolve("copy.pool"), version);
        Copy late = null;
        try {
            for (int i = 0; i < TRANSACTIONS; i++) {
                if (late == null && random.nextInt(8) == 0) {
                    version = version();
                    late = Copy.late(active, directory.resolve("copy" + i + ".pool"), version);
                }
                work();
                transaction(copy, where + ", transaction " + i);
                if (late != null) {
                    late.spool();
                }
                if (late != null && random.nextInt(4) == 0) {
                    late.bootstrap();
                    redone++;
                    assertHolds(late, where + ", redone at transaction " + i);
                    copy.close();
                    copy = late;
                    late = null;
                }
                active.advance();
                active.scrub();
                copy.follow();
                if (late != null) {
                    late.spool();
                }
                assertEquals(0, copy.findings.status().suspects(), where + ": false alarms of scrubbing");
            }
            losses += version.losses().status().values().values().stream().mapToLong(Long::longValue).sum();
        } finally {
            copy.close();
            if (late != null) {
                late.close();
            }
        }
    }

    private void work() {
        List<Versions> all = List.copyOf(versions.values());
        for (int i = random.nextInt(4); i > 0 && sent.size() + unsent.size() < MOST_OBJECTS; i--) {
            long handle = active.pool.allocate(all.get(random.nextInt(all.size())).source(), "object" + ever.size());
            ever.add(handle);
            unsent.add(handle);
        }
        List<Long> living = new ArrayList<>(sent.keySet());
        living.addAll(unsent);
        for (int i = random.nextInt(20); i > 0 && !living.isEmpty(); i--) {
            long handle = living.get(random.nextInt(living.size()));
            List<Element> elements = of(handle).elements();
            Element element = elements.get(random.nextInt(elements.size()));
            long address = active.pool.address(handle) + element.start();
            if (element.isPointer()) {
                Memory.putLong(address, anyPointer(living));
            } else {
                RandomVersions.fill(random, element.type(), address, element.length());
            }
        }
    }

    private Versions of(long handle) {
        return versions.get(active.pool.layoutOf(handle).name());
    }

    private long anyPointer(List<Long> living) {
        if (random.nextInt(6) == 0) {
            return random.nextBoolean() ? 0 : ever.get(random.nextInt(ever.size()));
        }
        long target = living.get(random.nextInt(living.size()));
        List<Place> places = of(target).places().all();
        boolean whole = random.nextBoolean() || places.isEmpty();
        return target + ((whole ? 0L : places.get(random.nextInt(places.size())).offset()) << ObjectMemory.GENERATION_BITS);
    }

    private void transaction(Copy copy, String where) {
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
    }

    /** Sends the elements that differ from what was sent before, those in a row often in one frame; returns what is sent now. */
    private byte[] send(long handle, byte[] before) {
        byte[] now = new byte[before.length];
        Memory.copyTo(active.pool.address(handle), now, 0, now.length);
        int start = -1;
        int end = -1;
        for (Element element : of(handle).elements()) {
            boolean differs = !element.local() && differs(element, before, now);
            if (start >= 0 && (!differs || random.nextInt(4) == 0)) {
                active.update(handle, start, end, random.nextInt(3) > 0);
                start = -1;
            }
            start = differs && start < 0 ? element.start() : start;
            end = element.end();
        }
        if (start >= 0) {
            active.update(handle, start, end, true);
        }
        return now;
    }

    private static boolean differs(Element element, byte[] before, byte[] now) {
        for (int at = element.start(); at < element.end(); at++) {
            if (before[at] != now[at]) {
                return true;
            }
        }
        return false;
    }

    private void assertHolds(Copy copy, String where) {
        List<Long> found = new ArrayList<>();
        copy.pool.forEach(found::add);
        assertEquals(sent.size(), found.size(), where + ": objects");
        sent.forEach((handle, bytes) -> {
            Versions of = of(handle);
            byte[] expected = of.plain().of(bytes);
            byte[] actual = new byte[of.target().sizeBytes()];
            Memory.copyTo(copy.address(handle), actual, 0, actual.length);
            for (Place place : of.targets().all()) {
                if (place.type() == FieldType.POINTER) {
                    Place source = of.places().of(place.path());
                    long pointer = source == null ? 0 : Memory.getLong(active.pool.address(handle) + source.offset());
                    String pointsTo = source == null ? "" : declaredTarget(of.source(), source.offset());
                    assertPointer(pointer, pointsTo, Memory.getLong(copy.address(handle) + place.offset()), copy, where + ": " + place.path());
                    for (int i = 0; i < Long.BYTES; i++) {
                        expected[place.offset() + i] = 0;
                        actual[place.offset() + i] = 0;
                    }
                }
            }
            if (of.source().equals(of.target())) {
                // Bytes that no field covers are copied, and not told by a transformation.
                return;
            }
            assertArrayEquals(expected, actual, () -> where + ": from\n" + of.source() + "to\n" + of.target());
        });
    }

    private static String declaredTarget(Layout layout, int offset) {
        ElementCursor cursor = new ElementCursor();
        cursor.seek(layout, offset);
        return cursor.target();
    }

    private void assertPointer(long pointer, String pointsTo, long copied, Copy copy, String what) {
        if (pointer == 0) {
            assertEquals(0, copied, what);
            return;
        }
        long target = active.pool.objectAt(pointer);
        int inside = (int) (ObjectMemory.bodyOffset(pointer) - ObjectMemory.bodyOffset(target));
        int expected = target == 0 || !sent.containsKey(target) ? -1 : insideHere(of(target), inside, pointsTo);
        if (expected < 0) {
            dangling++;
            assertTrue(copied != 0 && copy.pool.objectAt(copied) == 0, () -> what + " leads to byte " + inside + " of "
                    + (target == 0 ? "nothing" : "a " + of(target).source()) + " which is nowhere here, and is 0x" + Long.toHexString(copied));
        } else {
            pointersInside += inside == 0 ? 0 : 1;
            assertEquals(copy.handle(target) + ((long) expected << ObjectMemory.GENERATION_BITS), copied, () -> what + " leads to byte " + inside);
        }
    }

    private static int insideHere(Versions of, int inside, String pointsTo) {
        if (of.source().equals(of.target())) {
            return inside;
        }
        if (inside == 0 && (pointsTo.isEmpty() || pointsTo.equals(of.source().name()))) {
            return 0;
        }
        Place place = of.places().at(inside, pointsTo);
        Place here = place == null ? null : of.targets().of(place.path());
        return here == null ? -1 : here.offset();
    }
}
