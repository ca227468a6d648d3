package io.tha.transform;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tha.LayoutMismatchException;
import io.tha.layout.Layout;
import io.tha.layout.LayoutException;
import io.tha.memory.Memory;
import io.tha.transform.FieldMapping.Verdict;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which field becomes which, where pointers into objects lead, and what is told of what is lost. */
class TransformationTest {
    private static final int LENGTH = 256;

    private final long source = Memory.allocate(LENGTH);
    private final long target = Memory.allocate(LENGTH);
    private final List<String> lost = new ArrayList<>();
    private final Receiver receiver = new Receiver() {
        @Override
        public void pointer(long sourcePointer, String pointsTo, long targetAddress) {
            Memory.putLong(targetAddress, sourcePointer + 1);
        }

        @Override
        public void lost(Conversion conversion, int index, Loss loss, long sourceAddress) {
            lost.add(conversion.path() + "[" + index + "] " + loss + " " + conversion.valueAt(sourceAddress) + " " + conversion.narrowing());
        }
    };

    @AfterEach
    void free() {
        Memory.free(source);
        Memory.free(target);
    }

    private Transformation transform(Layout older, Layout newer, Conversions conversions) {
        Transformation transformation = Transformation.of(older, newer, conversions);
        transformation.initialize(target);
        transformation.apply(source, 0, older.sizeBytes(), target, receiver);
        return transformation;
    }

    @Test
    void aFieldThatTheNewerVersionRenamesIsFoundInBothDirections() {
        Layout older = Layout.named("Flight").int32("delay").int32("gate").build();
        Layout newer = Layout.named("Flight").int64("delayMinutes").was("delay").int32("gate").build();
        Memory.putInt(source, 5);
        Memory.putInt(source + 4, 6);
        transform(older, newer, Conversions.NONE);
        assertEquals(List.of(5L, 6), List.of(Memory.getLong(target), Memory.getInt(target + 8)));

        Memory.putLong(source, 7);
        Memory.putInt(source + 8, 8);
        transform(newer, older, Conversions.NONE);
        assertEquals(List.of(7, 8), List.of(Memory.getInt(target), Memory.getInt(target + 4)));
    }

    /** The old name means something else now. */
    @Test
    void anEarlierNameThatWasGivenToAnotherFieldIsNotMistaken() {
        Layout older = Layout.named("A").int32("x").build();
        Layout newer = Layout.named("A").int32("y").was("x").int32("x").build();
        Memory.putInt(source, 5);
        transform(older, newer, Conversions.NONE.defaultTo("x", -1));
        assertEquals(List.of(5, -1), List.of(Memory.getInt(target), Memory.getInt(target + 4)));

        Memory.putInt(source + 4, 9);
        transform(newer, older, Conversions.NONE);
        assertEquals(5, Memory.getInt(target));
        // Between two versions that both have the new name it is just a name.
        Layout third = Layout.named("A").int32("x").int32("y").was("x").build();
        transform(newer, third, Conversions.NONE);
        assertEquals(List.of(9, 5), List.of(Memory.getInt(target), Memory.getInt(target + 4)));
    }

    @Test
    void whatIsLostIsToldWithFieldElementAndValue() {
        Layout older = Layout.named("A").int32Array("counts", 3).float64("mean").utf8("name", 8).build();
        Layout newer = Layout.named("A").int8Array("counts", 2).int16("mean").utf8("name", 3).build();
        Memory.zero(source, older.sizeBytes());
        Memory.putInt(source + 4, 300);
        Memory.putInt(source + 8, 1);
        Memory.putDouble(source + 16, 2.5);
        Memory.copyFrom("aaß".getBytes(StandardCharsets.UTF_8), 0, source + 24, 4);

        transform(older, newer, Conversions.NONE.narrowing(Narrowing.CLAMP).narrowing("counts", Narrowing.TRUNCATE));

        assertEquals(
                List.of("counts[1] RANGE int32 300 TRUNCATE", "counts[0] LENGTH byte 1 TRUNCATE", "mean[0] PRECISION float64 2.5 CLAMP",
                        "name[0] LENGTH utf8 'aaß' CLAMP"),
                lost);
        assertEquals(List.of((byte) 44, (short) 2), List.of(Memory.getByte(target + 1), Memory.getShort(target + 2)));
        assertEquals('a', Memory.getByte(target + 5));
        assertEquals(0, Memory.getByte(target + 6));
    }

    @Test
    void pointersIntoAnObjectLeadToTheSameFieldAndElement() {
        Layout oldLeg = Layout.named("Leg").int16("from").int16("to").build();
        Layout newLeg = Layout.named("Leg").int64("to").int64("from").int64("distance").build();
        Layout older = Layout.named("Route").int32("id").structArray("legs", oldLeg, 3).int8("gone").build();
        Layout newer = Layout.named("Route").structArray("legs", newLeg, 2).int64("id").build();
        Transformation transformation = Transformation.of(older, newer, Conversions.NONE);

        assertEquals(0, transformation.targetOffset(0, ""), "the object itself");
        assertEquals(24 + 8, transformation.targetOffset(4 + 4, ""), "legs[1].from");
        assertEquals(24, transformation.targetOffset(4 + 4, "Leg"), "legs[1]");
        assertEquals(24, transformation.targetOffset(4 + 4 + 2, ""), "legs[1].to");
        assertEquals(-1, transformation.targetOffset(4 + 8, ""), "legs[2], for which there is no room");
        assertEquals(-1, transformation.targetOffset(16, ""), "gone");
        assertEquals(-1, transformation.targetOffset(4 + 1, ""), "the second byte of a number that has another width");
    }

    @Test
    void fieldsOfWhichNothingCanBeMadeAreAllNamed() {
        Layout older = Layout.named("A").int32("a").utf8("b", 4).int32("c").build();
        Layout newer = Layout.named("A").utf8("a", 4).pointer("b").int64("c").build();

        LayoutMismatchException refused = assertThrows(LayoutMismatchException.class, () -> Transformation.of(older, newer, Conversions.NONE));

        assertTrue(refused.getMessage().contains("'a': int32 cannot become utf8(4)"), refused.getMessage());
        assertTrue(refused.getMessage().contains("'b': utf8(4) cannot become pointer"), refused.getMessage());
    }

    @Test
    void aComparisonTellsWhatBecomesOfEachField() {
        Layout older = Layout.named("A").int32("same").int32("wide").int64("narrow").int8("gone").build();
        Layout newer = Layout.named("A").int32("same").int64("wide").int32("narrow").int16("added").build();

        List<FieldMapping> mappings = Transformation.compare(older, newer, Conversions.NONE.defaultTo("added", 3));

        assertEquals(
                List.of(
                        new FieldMapping("same", "same", Verdict.SAFE, "identical, int32"),
                        new FieldMapping("wide", "wide", Verdict.SAFE, "int32 to int64"),
                        new FieldMapping("narrow", "narrow", Verdict.LOSSY, "int64 to int32, what does not fit: FAIL"),
                        new FieldMapping(null, "added", Verdict.SAFE, "new, 3"),
                        new FieldMapping("gone", null, Verdict.LOSSY, "gone, its data is not kept")),
                mappings);
    }

    @Test
    void conversionsThatFitNoFieldAreRefusedTogether() {
        Layout layout = Layout.named("A").int8("a").utf8("b", 2).build();
        Conversions conversions =
                Conversions.NONE.narrowing("x", Narrowing.CLAMP).defaultTo("a", 128).defaultTo("b", "abc").defaultTo("y.z", 1).defaultTo("a", 1.5);

        LayoutException refused = assertThrows(LayoutException.class, () -> conversions.check(layout));

        for (String problem : List.of("no field 'x'", "default 1.5 of field 'a'", "default abc of field 'b'", "no field 'y.z'")) {
            assertTrue(refused.getMessage().contains(problem), refused.getMessage());
        }
    }
}
