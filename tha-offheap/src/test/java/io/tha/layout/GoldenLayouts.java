package io.tha.layout;

import io.tha.transform.LayoutFile;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Layouts with all that a declaration can have; what they come to is in {@code golden.layouts} and {@code golden-offsets.txt}. */
public final class GoldenLayouts {
    private static final Layout POSITION = Layout.named("Position").float64("x").float64("y").int16("level").build();
    private static final Layout LEG =
            Layout.named("Leg").pointer("origin", "Airport").struct("at", POSITION).utf8("code", 5).structArray("track", POSITION, 2).build();

    private GoldenLayouts() {}

    static Layout[] all() {
        List<Layout> layouts = new ArrayList<>(List.of(numbers(), arrays(), texts(), pointers(), locals(), POSITION, LEG));
        layouts.add(Layout.named("Route").int8("kind").structArray("legs", LEG, 3).bool("open").struct("end", POSITION).build());
        layouts.add(Layout.named("Foreign")
                .field("later", 40, FieldType.INT32, 12)
                .field("first", 8, FieldType.INT64, 8)
                .field("raw", 17, FieldType.BYTES, 7)
                .field("name", 33, FieldType.UTF8, 5)
                .size(72)
                .build());
        layouts.add(Layout.named("Placed").int8("a").int16("b").at(6).int32("c").int8("d").at(2).int64("e").build());
        layouts.add(Layout.named("Flight")
                .int64("delayMinutes").was("delay", "late")
                .utf8("gate", 4).was("door")
                .int32("delay")
                .renamedFrom("Departure", "Leaving")
                .build());
        layouts.add(Layout.named("Größe").int32("höhe").was("hoehe").float32("größe").utf8("名", 3).build());
        layouts.add(Layout.opaque("Opaque", 100));
        layouts.addAll(LayoutBuilder.resolve(
                Layout.named("Outer").int16("a").structArray("inner", "Inner", 2).int8("z"), Layout.named("Inner").int8("b").int32("c")));
        Layout deep = Layout.named("Deep0").int8("value").build();
        for (int level = 1; level <= 15; level++) {
            deep = Layout.named("Deep" + level).struct("inner", deep).int8("more").build();
        }
        layouts.add(deep);
        return layouts.toArray(Layout[]::new);
    }

    private static Layout numbers() {
        return Layout.named("Numbers")
                .int8("a").int16("b").int8("c").int32("d").bool("e").int64("f").float32("g").float64("h").char16("i").bool("j").build();
    }

    private static Layout arrays() {
        return Layout.named("Arrays")
                .int8Array("a", 3).int16Array("b", 3).int32Array("c", 3).int64Array("d", 3)
                .float32Array("e", 3).float64Array("f", 3).boolArray("g", 3).char16Array("h", 3).build();
    }

    private static Layout texts() {
        return Layout.named("Texts").utf8("a", 1).utf8Array("b", 7, 3).bytes("c", 5).char16("d").int64("e").bytes("f", 1).build();
    }

    private static Layout pointers() {
        return Layout.named("Pointers").int8("a").pointer("any").pointer("one", "Airport").pointerArray("more", "Leg", 2).rawPointer("raw").build();
    }

    private static Layout locals() {
        return Layout.named("Locals").int32("kept").int64("cache").local().struct("where", POSITION).local().pointer("next").local().build();
    }

    static String text() {
        return LayoutFile.of(all()).text();
    }

    /** Where each value begins, as the lookup from an offset says it. */
    static String offsets() {
        StringBuilder text = new StringBuilder();
        for (Layout layout : LayoutFile.of(all()).layouts()) {
            String before = null;
            for (int offset = 0; offset < layout.sizeBytes(); offset++) {
                String path = layout.fieldAt(offset);
                if (path != null && !path.equals(before)) {
                    text.append(layout.name()).append(' ').append(path).append(' ').append(offset).append('\n');
                }
                before = path;
            }
        }
        return text.toString();
    }

    /** Prints both, for a JVM with other settings. */
    public static void main(String[] args) {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        out.println("locale " + Locale.getDefault());
        out.print(text());
        out.print(offsets());
        out.println("done");
    }
}
