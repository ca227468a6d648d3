package io.tha.transform;

import io.tha.layout.DeclaredField;
import io.tha.layout.FieldType;
import io.tha.layout.Layout;
import io.tha.layout.LayoutBuilder;
import io.tha.layout.RandomLayouts;
import io.tha.memory.Memory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** A layout, and what another version might have made of it: fields converted, moved, grown, shrunk, dropped, added, nested ones too. */
public final class RandomVersions {
    private static final List<FieldType> NUMBERS = Stream.of(FieldType.values()).filter(Numbers::isNumber).toList();
    private static final String[] CHARACTERS = {"a", "Z", "ß", "→", "𝄞"};

    private final Random random;
    private final Layout older;
    private final Layout newer;
    private Conversions conversions = Conversions.NONE;

    public RandomVersions(Random random, String name) {
        this.random = random;
        older = RandomLayouts.next(random, name);
        conversions = conversions.narrowing(random.nextBoolean() ? Narrowing.CLAMP : Narrowing.TRUNCATE);
        newer = evolve(older, "");
    }

    public Layout older() {
        return older;
    }

    public Layout newer() {
        return newer;
    }

    public Conversions conversions() {
        return conversions;
    }

    private Layout evolve(Layout layout, String path) {
        List<DeclaredField> fields = new ArrayList<>(layout.fields());
        if (random.nextInt(3) == 0) {
            Collections.shuffle(fields, random);
        }
        LayoutBuilder builder = Layout.named(layout.name());
        int added = 0;
        for (DeclaredField field : fields) {
            if (random.nextInt(6) == 0) {
                add(builder, "new" + added++, path);
            }
            if (random.nextInt(10) != 0) {
                evolve(builder, field, path);
                if (random.nextInt(10) == 0 ? !field.local() : field.local()) {
                    builder.local();
                }
                if (field.type() != FieldType.STRUCT && random.nextInt(4) == 0) {
                    conversions = conversions.narrowing(path + field.name(), random.nextBoolean() ? Narrowing.CLAMP : Narrowing.TRUNCATE);
                }
            }
        }
        add(builder, "new" + added, path);
        return builder.build();
    }

    private void add(LayoutBuilder builder, String name, String path) {
        int count = 1 + random.nextInt(3);
        switch (random.nextInt(4)) {
            case 0 -> {
                builder.int16Array(name, count);
                conversions = conversions.defaultTo(path + name, random.nextInt(100));
            }
            case 1 -> {
                builder.float64Array(name, count);
                conversions = conversions.defaultTo(path + name, random.nextDouble());
            }
            case 2 -> {
                builder.utf8Array(name, 5, count);
                conversions = conversions.defaultTo(path + name, "d" + random.nextInt(100));
            }
            default -> builder.int64Array(name, count);
        }
    }

    private void evolve(LayoutBuilder builder, DeclaredField field, String path) {
        int count = random.nextInt(3) == 0 ? 1 + random.nextInt(9) : field.count();
        boolean changes = random.nextInt(3) == 0;
        String name = field.name();
        switch (field.type()) {
            case STRUCT -> builder.structArray(name, evolve(field.nested(), path + name + "."), count);
            case UTF8 -> builder.utf8Array(name, changes ? 1 + random.nextInt(20) : field.length(), count);
            case BYTES -> builder.bytes(name, changes ? 1 + random.nextInt(40) : field.length());
            case POINTER -> builder.pointerArray(name, field.target(), count);
            case RAW_POINTER -> builder.rawPointer(name);
            default -> number(builder, name, changes ? NUMBERS.get(random.nextInt(NUMBERS.size())) : field.type(), count);
        }
    }

    private static void number(LayoutBuilder builder, String name, FieldType type, int count) {
        switch (type) {
            case INT8 -> builder.int8Array(name, count);
            case INT16 -> builder.int16Array(name, count);
            case INT32 -> builder.int32Array(name, count);
            case INT64 -> builder.int64Array(name, count);
            case FLOAT32 -> builder.float32Array(name, count);
            case FLOAT64 -> builder.float64Array(name, count);
            case BOOLEAN -> builder.boolArray(name, count);
            default -> builder.char16Array(name, count);
        }
    }

    /** Writes a value of a type. */
    public static void fill(Random random, FieldType type, long address, int lengthBytes) {
        if (type == FieldType.UTF8) {
            Memory.zero(address, lengthBytes);
            StringBuilder text = new StringBuilder();
            int characters = random.nextInt(lengthBytes + 1);
            for (int i = 0; i < characters; i++) {
                text.append(CHARACTERS[random.nextInt(CHARACTERS.length)]);
            }
            byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
            if (bytes.length <= lengthBytes) {
                Memory.copyFrom(bytes, 0, address, bytes.length);
            }
        } else if (type == FieldType.BOOLEAN) {
            Memory.putByte(address, (byte) random.nextInt(2));
        } else if (type == FieldType.FLOAT64 && random.nextBoolean()) {
            Memory.putDouble(address, random.nextGaussian() * random.nextInt(1_000_000));
        } else {
            for (int i = 0; i < lengthBytes; i++) {
                Memory.putByte(address + i, (byte) (random.nextInt(3) == 0 ? 0 : random.nextInt()));
            }
        }
    }
}
