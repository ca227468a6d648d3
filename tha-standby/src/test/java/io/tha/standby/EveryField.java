package io.tha.standby;

import io.tha.layout.Layout;
import io.tha.layout.PointerField;
import io.tha.memory.ObjectMemory;
import io.tha.pool.ThaPool;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/** Layouts with fields of all types, nested and in arrays, and a way to write and read each value as an object. */
final class EveryField {
    private static final Layout LEG =
            Layout.named("Leg").int16("gate").int64("time").pointer("aircraft").float64Array("marks", 3).int32("seen").local().build();
    static final Layout SMALL = Layout.named("Small").int64("a").int64("b").pointer("other").int64("own").local().build();
    static final Layout MIXED = Layout.named("Mixed")
            .int8("tiny").int16("short").int32("int").int64("long").float32("float").float64("double").bool("flag").char16("letter")
            .utf8("text", 20).bytes("raw", 33).pointer("one").rawPointer("offset").int64("own").local()
            .int32Array("ints", 7).boolArray("flags", 5).pointerArray("many", "", 4).utf8Array("words", 6, 3)
            .struct("leg", LEG).structArray("legs", LEG, 3).build();
    static final Layout BIG = Layout.named("Big").int64("head").bytes("filling", 20_000).int64Array("numbers", 1_000).pointer("other").build();
    static final List<Layout> LAYOUTS = List.of(SMALL, MIXED, BIG);

    private static final int POINTER_STEPS = 4;
    private static final int FILLING = 300;

    private final Map<Long, Long> handles = new HashMap<>();
    private final List<List<Value>> values = new ArrayList<>();

    /** What a pointer points to: an object, or so many words behind its beginning. */
    record Target(long objectId, int words) {
        static final Target NONE = new Target(0, 0);
    }

    /** One value of an object. */
    record Value(String path, boolean local, Object zero, Next next, Getter getter, Setter setter) {
        interface Next {
            Object next(Object old, Random random);
        }

        interface Getter {
            Object get(ThaPool pool, long handle);
        }

        interface Setter {
            void set(ThaPool pool, long handle, Object value);
        }
    }

    /** Pointers are modelled by object ids. */
    EveryField() {
        List<Value> small = new ArrayList<>();
        longs(small, SMALL, "a", false);
        longs(small, SMALL, "b", false);
        pointer(small, SMALL, "other", -1);
        longs(small, SMALL, "own", true);
        List<Value> big = new ArrayList<>();
        longs(big, BIG, "head", false);
        bytes(big, BIG, "filling", 20_000);
        IntStream.of(0, 1, 7, 8, 511, 512, 999).forEach(i -> longs(big, BIG, "numbers[" + i + "]", false));
        pointer(big, BIG, "other", -1);
        values.add(small);
        values.add(mixed());
        values.add(big);
    }

    List<Value> of(int layout) {
        return values.get(layout);
    }

    void entered(long objectId, long handle) {
        handles.put(objectId, handle);
    }

    /** An object to point to, or into; some are deleted. */
    private Object anyPointer(Object old, Random random) {
        List<Long> ids = List.copyOf(handles.keySet());
        int choice = random.nextInt(8);
        return choice == 0 || ids.isEmpty() ? Target.NONE : new Target(ids.get(random.nextInt(ids.size())), choice % POINTER_STEPS);
    }

    private long toPointer(Object value) {
        Target target = (Target) value;
        return target.objectId == 0
                ? 0
                : handles.get(target.objectId) + ((long) target.words * Long.BYTES << ObjectMemory.GENERATION_BITS);
    }

    private static Object toValue(ThaPool pool, long pointer) {
        long object = pool.objectAt(pointer);
        if (object == 0) {
            return Target.NONE;
        }
        long inside = ObjectMemory.bodyOffset(pointer) - ObjectMemory.bodyOffset(object);
        return new Target(pool.objectIdOf(object), (int) inside / Long.BYTES);
    }

    private List<Value> mixed() {
        List<Value> to = new ArrayList<>();
        var tiny = MIXED.int8Field("tiny");
        to.add(new Value("tiny", false, (byte) 0, (old, r) -> (byte) r.nextInt(), tiny::get, (p, h, v) -> tiny.set(p, h, (Byte) v)));
        var shorts = MIXED.int16Field("short");
        to.add(new Value("short", false, (short) 0, (old, r) -> (short) r.nextInt(), shorts::get, (p, h, v) -> shorts.set(p, h, (Short) v)));
        var floats = MIXED.float32Field("float");
        to.add(new Value("float", false, 0f, (old, r) -> r.nextFloat(), floats::get, (p, h, v) -> floats.set(p, h, (Float) v)));
        doubles(to, "double");
        var flag = MIXED.booleanField("flag");
        to.add(new Value("flag", false, false, (old, r) -> !(Boolean) old, flag::get, (p, h, v) -> flag.set(p, h, (Boolean) v)));
        var flags = MIXED.booleanField("flags");
        to.add(new Value(
                "flags[3]", false, false, (old, r) -> r.nextBoolean(), (p, h) -> flags.get(p, h, 3), (p, h, v) -> flags.set(p, h, 3, (Boolean) v)));
        var letter = MIXED.char16Field("letter");
        to.add(new Value("letter", false, (char) 0, (old, r) -> (char) r.nextInt(0xD800), letter::get, (p, h, v) -> letter.set(p, h, (Character) v)));
        texts(to, "text", 20);
        IntStream.range(0, 3).forEach(i -> texts(to, "words[" + i + "]", 6));
        bytes(to, MIXED, "raw", 33);
        var offset = MIXED.rawPointerField("offset");
        to.add(new Value("offset", false, 0L, (old, r) -> (long) r.nextInt(1 << 20), offset::get, (p, h, v) -> offset.set(p, h, (Long) v)));
        ints(to, "int", false);
        IntStream.range(0, 7).forEach(i -> ints(to, "ints[" + i + "]", false));
        longs(to, MIXED, "long", false);
        longs(to, MIXED, "own", true);
        pointer(to, MIXED, "one", -1);
        IntStream.range(0, 4).forEach(i -> pointer(to, MIXED, "many", i));
        leg(to, "leg");
        IntStream.range(0, 3).forEach(i -> leg(to, "legs[" + i + "]"));
        return to;
    }

    private void leg(List<Value> to, String path) {
        var gate = MIXED.int16Field(path + ".gate");
        to.add(new Value(path + ".gate", false, (short) 0, (old, r) -> (short) r.nextInt(), gate::get, (p, h, v) -> gate.set(p, h, (Short) v)));
        longs(to, MIXED, path + ".time", false);
        pointer(to, MIXED, path + ".aircraft", -1);
        IntStream.range(0, 3).forEach(i -> doubles(to, path + ".marks[" + i + "]"));
        ints(to, path + ".seen", true);
    }

    private static void longs(List<Value> to, Layout layout, String path, boolean local) {
        var field = layout.int64Field(path);
        to.add(new Value(path, local, 0L, (old, r) -> r.nextLong(), field::get, (p, h, v) -> field.set(p, h, (Long) v)));
    }

    private static void ints(List<Value> to, String path, boolean local) {
        var field = MIXED.int32Field(path);
        to.add(new Value(path, local, 0, (old, r) -> r.nextInt(), field::get, (p, h, v) -> field.set(p, h, (Integer) v)));
    }

    private static void doubles(List<Value> to, String path) {
        var field = MIXED.float64Field(path);
        to.add(new Value(path, false, 0d, (old, r) -> r.nextGaussian(), field::get, (p, h, v) -> field.set(p, h, (Double) v)));
    }

    private static void texts(List<Value> to, String path, int length) {
        var field = MIXED.utf8Field(path);
        List<String> parts = List.of("a", "Zz", "é", "–", "");
        to.add(new Value(path, false, "", (old, r) -> {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < length / 3; i++) {
                text.append(parts.get(r.nextInt(parts.size())));
            }
            return text.toString();
        }, field::get, (p, h, v) -> field.set(p, h, (String) v)));
    }

    private static void bytes(List<Value> to, Layout layout, String path, int length) {
        var field = layout.bytesField(path);
        Value.Next next = (old, random) -> {
            byte[] changed = ((ByteBuffer) old).array().clone();
            byte[] part = new byte[1 + random.nextInt(Math.min(length, random.nextInt(4) == 0 ? length : FILLING))];
            random.nextBytes(part);
            System.arraycopy(part, 0, changed, random.nextInt(length - part.length + 1), part.length);
            return ByteBuffer.wrap(changed);
        };
        to.add(new Value(path, false, ByteBuffer.wrap(new byte[length]), next, (p, h) -> {
            byte[] content = new byte[length];
            field.get(p, h, 0, content);
            return ByteBuffer.wrap(content);
        }, (p, h, v) -> field.set(p, h, 0, ((ByteBuffer) v).array())));
    }

    private void pointer(List<Value> to, Layout layout, String path, int index) {
        PointerField field = layout.pointerField(path);
        to.add(new Value(
                index < 0 ? path : path + "[" + index + "]",
                false,
                Target.NONE,
                this::anyPointer,
                (p, h) -> toValue(p, index < 0 ? field.get(p, h) : field.get(p, h, index)),
                (p, h, v) -> {
                    if (index < 0) {
                        field.set(p, h, toPointer(v));
                    } else {
                        field.set(p, h, index, toPointer(v));
                    }
                }));
    }
}
