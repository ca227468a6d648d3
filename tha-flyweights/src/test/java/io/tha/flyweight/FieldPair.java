package io.tha.flyweight;

import io.tha.layout.BytesField;
import io.tha.layout.DoubleField;
import io.tha.layout.IntField;
import io.tha.layout.Layout;
import io.tha.layout.ShortField;
import io.tha.layout.Utf8Field;
import io.tha.memory.ObjectMemory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/** One value of an object, read and written by a flyweight and by a field handle. */
record FieldPair(String path, Access flyweight, Access handle, Function<Random, Object> values) {

    /** One way to the value. */
    record Access(Supplier<Object> get, Consumer<Object> set) {}

    /** All values of the object that a flyweight shows. */
    static List<FieldPair> of(EveryKind every, ObjectMemory memory, long object) {
        List<FieldPair> pairs = new ArrayList<>();
        addNumbers(pairs, every, memory, object);
        addOthers(pairs, every, memory, object);
        for (int i = 0; i < 4; i++) {
            addElements(pairs, every, new Located(memory, object), i);
        }
        addStop(pairs, every::route, new Located(memory, object), "route");
        for (int i = 0; i < 3; i++) {
            int index = i;
            addStop(pairs, () -> every.stops(index), new Located(memory, object), "stops[" + index + "]");
        }
        return pairs;
    }

    private record Located(ObjectMemory memory, long object) {}

    private static void addNumbers(List<FieldPair> pairs, EveryKind every, ObjectMemory memory, long object) {
        Layout layout = EveryKindFlyweight.LAYOUT;
        var int8 = layout.int8Field("int8");
        pairs.add(new FieldPair("int8", new Access(every::int8, v -> every.int8((byte) v)),
                new Access(() -> int8.get(memory, object), v -> int8.set(memory, object, (byte) v)), r -> (byte) r.nextInt()));
        var int16 = layout.int16Field("int16");
        pairs.add(new FieldPair("int16", new Access(every::int16, v -> every.int16((short) v)),
                new Access(() -> int16.get(memory, object), v -> int16.set(memory, object, (short) v)), r -> (short) r.nextInt()));
        var int32 = layout.int32Field("int32");
        pairs.add(new FieldPair("int32", new Access(every::int32, v -> every.int32((int) v)),
                new Access(() -> int32.get(memory, object), v -> int32.set(memory, object, (int) v)), Random::nextInt));
        var int64 = layout.int64Field("int64");
        pairs.add(new FieldPair("int64", new Access(every::int64, v -> every.int64((long) v)),
                new Access(() -> int64.get(memory, object), v -> int64.set(memory, object, (long) v)), Random::nextLong));
        var float32 = layout.float32Field("float32");
        pairs.add(new FieldPair("float32", new Access(every::float32, v -> every.float32((float) v)),
                new Access(() -> float32.get(memory, object), v -> float32.set(memory, object, (float) v)), Random::nextFloat));
        var float64 = layout.float64Field("float64");
        pairs.add(new FieldPair("float64", new Access(every::float64, v -> every.float64((double) v)),
                new Access(() -> float64.get(memory, object), v -> float64.set(memory, object, (double) v)), Random::nextDouble));
    }

    private static void addOthers(List<FieldPair> pairs, EveryKind every, ObjectMemory memory, long object) {
        Layout layout = EveryKindFlyweight.LAYOUT;
        var flag = layout.booleanField("flag");
        pairs.add(new FieldPair("flag", new Access(every::flag, v -> every.flag((boolean) v)),
                new Access(() -> flag.get(memory, object), v -> flag.set(memory, object, (boolean) v)), Random::nextBoolean));
        var letter = layout.char16Field("letter");
        pairs.add(new FieldPair("letter", new Access(every::letter, v -> every.letter((char) v)),
                new Access(() -> letter.get(memory, object), v -> letter.set(memory, object, (char) v)), r -> (char) r.nextInt()));
        var text = layout.utf8Field("text");
        pairs.add(new FieldPair("text", new Access(every::text, v -> every.text((String) v)),
                new Access(() -> text.get(memory, object), v -> text.set(memory, object, (String) v)), r -> text(r, 9)));
        var stop = layout.pointerField("stop");
        pairs.add(new FieldPair("stop", new Access(every::stop, v -> every.stop((long) v)),
                new Access(() -> stop.get(memory, object), v -> stop.set(memory, object, (long) v)), Random::nextLong));
        var raw = layout.rawPointerField("raw");
        pairs.add(new FieldPair("raw", new Access(every::raw, v -> every.raw((long) v)),
                new Access(() -> raw.get(memory, object), v -> raw.set(memory, object, (long) v)), Random::nextLong));
        BytesField bytes = layout.bytesField("bytes");
        pairs.add(new FieldPair("bytes",
                new Access(() -> copied(67, to -> every.bytes(3, to)), v -> every.bytes(((ByteBuffer) v).array(), 3)),
                new Access(() -> copied(67, to -> bytes.get(memory, object, 3, to)), v -> bytes.set(memory, object, 3, ((ByteBuffer) v).array())),
                r -> copied(67, r::nextBytes)));
    }

    private static void addElements(List<FieldPair> pairs, EveryKind every, Located at, int i) {
        ObjectMemory memory = at.memory();
        long object = at.object();
        Layout layout = EveryKindFlyweight.LAYOUT;
        var int8s = layout.int8Field("int8s");
        pairs.add(new FieldPair("int8s[" + i + "]", new Access(() -> every.int8s(i), v -> every.int8s(i, (byte) v)),
                new Access(() -> int8s.get(memory, object, i), v -> int8s.set(memory, object, i, (byte) v)), r -> (byte) r.nextInt()));
        var int16s = layout.int16Field("int16s");
        pairs.add(new FieldPair("int16s[" + i + "]", new Access(() -> every.int16s(i), v -> every.int16s(i, (short) v)),
                new Access(() -> int16s.get(memory, object, i), v -> int16s.set(memory, object, i, (short) v)), r -> (short) r.nextInt()));
        var int32s = layout.int32Field("int32s");
        pairs.add(new FieldPair("int32s[" + i * 13 + "]", new Access(() -> every.int32s(i * 13), v -> every.int32s(i * 13, (int) v)),
                new Access(() -> int32s.get(memory, object, i * 13), v -> int32s.set(memory, object, i * 13, (int) v)), Random::nextInt));
        var int64s = layout.int64Field("int64s");
        pairs.add(new FieldPair("int64s[" + i + "]", new Access(() -> every.int64s(i), v -> every.int64s(i, (long) v)),
                new Access(() -> int64s.get(memory, object, i), v -> int64s.set(memory, object, i, (long) v)), Random::nextLong));
        var float32s = layout.float32Field("float32s");
        pairs.add(new FieldPair("float32s[" + i + "]", new Access(() -> every.float32s(i), v -> every.float32s(i, (float) v)),
                new Access(() -> float32s.get(memory, object, i), v -> float32s.set(memory, object, i, (float) v)), Random::nextFloat));
        var float64s = layout.float64Field("float64s");
        pairs.add(new FieldPair("float64s[" + i + "]", new Access(() -> every.float64s(i), v -> every.float64s(i, (double) v)),
                new Access(() -> float64s.get(memory, object, i), v -> float64s.set(memory, object, i, (double) v)), Random::nextDouble));
        var flags = layout.booleanField("flags");
        pairs.add(new FieldPair("flags[" + i + "]", new Access(() -> every.flags(i), v -> every.flags(i, (boolean) v)),
                new Access(() -> flags.get(memory, object, i), v -> flags.set(memory, object, i, (boolean) v)), Random::nextBoolean));
        var letters = layout.char16Field("letters");
        pairs.add(new FieldPair("letters[" + i + "]", new Access(() -> every.letters(i), v -> every.letters(i, (char) v)),
                new Access(() -> letters.get(memory, object, i), v -> letters.set(memory, object, i, (char) v)), r -> (char) r.nextInt()));
        var texts = layout.utf8Field("texts");
        pairs.add(new FieldPair("texts[" + i + "]", new Access(() -> every.texts(i), v -> every.texts(i, (String) v)),
                new Access(() -> texts.get(memory, object, i), v -> texts.set(memory, object, i, (String) v)), r -> text(r, 7)));
        var objects = layout.pointerField("objects");
        pairs.add(new FieldPair("objects[" + i + "]", new Access(() -> every.objects(i), v -> every.objects(i, (long) v)),
                new Access(() -> objects.get(memory, object, i), v -> objects.set(memory, object, i, (long) v)), Random::nextLong));
    }

    private static void addStop(List<FieldPair> pairs, Supplier<Stop> stop, Located at, String path) {
        ObjectMemory memory = at.memory();
        long object = at.object();
        IntField minute = EveryKindFlyweight.LAYOUT.int32Field(path + ".minute");
        pairs.add(new FieldPair(path + ".minute", new Access(() -> stop.get().minute(), v -> stop.get().minute((int) v)),
                new Access(() -> minute.get(memory, object), v -> minute.set(memory, object, (int) v)), Random::nextInt));
        BytesField ticket = EveryKindFlyweight.LAYOUT.bytesField(path + ".ticket");
        pairs.add(new FieldPair(path + ".ticket",
                new Access(() -> copied(5, to -> stop.get().ticket(0, to)), v -> stop.get().ticket(((ByteBuffer) v).array(), 0)),
                new Access(() -> copied(5, to -> ticket.get(memory, object, 0, to)), v -> ticket.set(memory, object, 0, ((ByteBuffer) v).array())),
                r -> copied(5, r::nextBytes)));
        addPlace(pairs, () -> stop.get().place(), at, path + ".place");
        addPlace(pairs, () -> stop.get().exits(0), at, path + ".exits[0]");
        addPlace(pairs, () -> stop.get().exits(1), at, path + ".exits[1]");
    }

    private static void addPlace(List<FieldPair> pairs, Supplier<Place> place, Located at, String path) {
        ObjectMemory memory = at.memory();
        long object = at.object();
        DoubleField x = EveryKindFlyweight.LAYOUT.float64Field(path + ".x");
        pairs.add(new FieldPair(path + ".x", new Access(() -> place.get().x(), v -> place.get().x((double) v)),
                new Access(() -> x.get(memory, object), v -> x.set(memory, object, (double) v)), Random::nextDouble));
        ShortField floors = EveryKindFlyweight.LAYOUT.int16Field(path + ".floors");
        pairs.add(new FieldPair(path + ".floors[1]", new Access(() -> place.get().floors(1), v -> place.get().floors(1, (short) v)),
                new Access(() -> floors.get(memory, object, 1), v -> floors.set(memory, object, 1, (short) v)), r -> (short) r.nextInt()));
        Utf8Field label = EveryKindFlyweight.LAYOUT.utf8Field(path + ".label");
        pairs.add(new FieldPair(path + ".label", new Access(() -> place.get().label(), v -> place.get().label((String) v)),
                new Access(() -> label.get(memory, object), v -> label.set(memory, object, (String) v)), r -> text(r, 6)));
    }

    private static Object copied(int lengthBytes, Consumer<byte[]> fill) {
        byte[] bytes = new byte[lengthBytes];
        fill.accept(bytes);
        return ByteBuffer.wrap(bytes);
    }

    /** ASCII, or else with a character of two bytes. */
    private static Object text(Random random, int lengthBytes) {
        StringBuilder text = new StringBuilder(random.nextBoolean() ? "" : "é");
        int more = random.nextInt(lengthBytes - 1);
        for (int i = 0; i < more; i++) {
            text.append((char) ('!' + random.nextInt('~' - '!')));
        }
        return text.toString();
    }

    @Override
    public String toString() {
        return path;
    }
}
