package io.tha.flyweight;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tha.layout.FieldType;
import io.tha.layout.Layout;
import org.junit.jupiter.api.Test;

/** The layout of a flyweight is the one that somebody would declare by hand. */
class LayoutOfFlyweightTest {
    private static final Layout PLACE = Layout.named("Place").float64("x").int16Array("floors", 2).utf8("label", 6).build();
    private static final Layout STOP = Layout.named("StopOfRoute")
            .int32("minute").struct("place", PLACE).structArray("exits", PLACE, 2).bytes("ticket", 5).build();

    @Test
    void fieldsLieInTheOrderOfTheirNumbers() {
        Layout byHand = Layout.named("Every")
                .int16("int16")
                .int32("int32").was("number", "int")
                .int64("int64").local()
                .float32("float32")
                .float64("float64").at(128)
                .bool("flag")
                .char16("letter")
                .utf8("text", 9)
                .bytes("bytes", 70)
                .pointer("stop", "StopOfRoute")
                .rawPointer("raw")
                .struct("route", STOP)
                .structArray("stops", STOP, 3)
                .int8("int8")
                .int8Array("int8s", 4)
                .int16Array("int16s", 4)
                .int32Array("int32s", 40)
                .int64Array("int64s", 4)
                .float32Array("float32s", 4)
                .float64Array("float64s", 4)
                .boolArray("flags", 4)
                .char16Array("letters", 4)
                .utf8Array("texts", 7, 4)
                .pointerArray("objects", "", 4)
                .size(1_024)
                .renamedFrom("All")
                .build();

        assertEquals(byHand.description(), EveryKindFlyweight.LAYOUT.description());
        assertEquals(byHand.fingerprint(), EveryKindFlyweight.LAYOUT.fingerprint());
    }

    @Test
    void everyFieldTypeIsAmongThem() {
        for (FieldType type : FieldType.values()) {
            assertTrue(EveryKindFlyweight.LAYOUT.fields().stream().anyMatch(field -> field.type() == type), type.text());
        }
    }
}
