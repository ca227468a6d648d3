package io.tha.layout;

import java.util.Random;

/** Layouts of all types, nested up to three deep. */
public final class RandomLayouts {
    private static final int MAX_DEPTH = 3;

    private RandomLayouts() {}

    public static Layout next(Random random, String name) {
        return next(random, name, 0);
    }

    private static Layout next(Random random, String name, int depth) {
        LayoutBuilder builder = Layout.named(name);
        int fields = 1 + random.nextInt(6);
        for (int i = 0; i < fields; i++) {
            String field = "f" + i;
            int count = random.nextBoolean() ? 1 : 1 + random.nextInt(9);
            switch (random.nextInt(depth < MAX_DEPTH ? 13 : 12)) {
                case 0 -> builder.int8Array(field, count);
                case 1 -> builder.int16Array(field, count);
                case 2 -> builder.int32Array(field, count);
                case 3 -> builder.int64Array(field, count);
                case 4 -> builder.float32Array(field, count);
                case 5 -> builder.float64Array(field, count);
                case 6 -> builder.boolArray(field, count);
                case 7 -> builder.char16Array(field, count);
                case 8 -> builder.utf8Array(field, 1 + random.nextInt(20), count);
                case 9 -> builder.bytes(field, 1 + random.nextInt(40));
                case 10 -> builder.pointerArray(field, random.nextBoolean() ? "" : "Target", count);
                case 11 -> builder.rawPointer(field);
                default -> builder.structArray(field, next(random, name + "_" + i, depth + 1), count);
            }
            if (random.nextInt(5) == 0) {
                builder.local();
            }
            if (random.nextInt(5) == 0) {
                builder.was("g" + i, "h" + i);
            }
        }
        if (random.nextInt(5) == 0) {
            builder.renamedFrom(name + "Before");
        }
        return builder.build();
    }
}
