package io.tha.layout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LayoutTest {
    private static final Layout POSITION = Layout.named("Position").float64("x").float64("y").build();

    @Test
    void fieldsAreAlignedInDeclarationOrder() {
        Layout layout = Layout.named("Mixed").int8("a").int32("b").int16("c").int64("d").char16("e").build();

        assertEquals(
                """
                layout Mixed size=32 alignment=8
                  field a type=int8 offset=0 length=1 count=1
                  field b type=int32 offset=4 length=4 count=1
                  field c type=int16 offset=8 length=2 count=1
                  field d type=int64 offset=16 length=8 count=1
                  field e type=char16 offset=24 length=2 count=1
                """,
                layout.description());
    }

    @Test
    void theFingerprintIsTheSameInEveryJvm() {
        Layout layout = Layout.named("Leg").pointer("origin", "Airport").structArray("track", POSITION, 3).utf8("code", 5).local().build();

        assertEquals(
                """
                layout Position size=16 alignment=8
                  field x type=float64 offset=0 length=8 count=1
                  field y type=float64 offset=8 length=8 count=1
                layout Leg size=64 alignment=8
                  field origin type=pointer offset=0 length=8 count=1 target=Airport
                  field track type=struct offset=8 length=16 count=3 layout=Position
                  field code type=utf8 offset=56 length=5 count=1 local
                """,
                layout.description());
        assertEquals("fe1a84e9de329bab", Long.toHexString(layout.fingerprint()));
    }

    @Test
    void everyProblemIsReportedWithItsField() {
        LayoutException problem = assertThrows(
                LayoutException.class,
                () -> Layout.named("Bad")
                        .field("a", 0, FieldType.INT64, 8)
                        .field("b", 4, FieldType.INT32, 4)
                        .field("c", 13, FieldType.INT32, 4)
                        .int8("a")
                        .int32Array("none", 0)
                        .int8("white space")
                        .build());

        String message = problem.getMessage();
        assertTrue(message.contains("field 'b' at 4 overlaps field 'a', which ends at 8"), message);
        assertTrue(message.contains("field 'c': offset 13 is misaligned, expected a multiple of 4"), message);
        assertTrue(message.contains("field 'a': the name is used twice"), message);
        assertTrue(message.contains("field 'none': 0 values of 4 bytes"), message);
        assertTrue(message.contains("field 'white space' 'white space' holds white space"), message);
    }

    @Test
    void nestedLayoutsAreFoundByName() {
        LayoutBuilder inner = Layout.named("Inner").int32("value");
        LayoutBuilder outer = Layout.named("Outer").int8("flag").struct("inner", "Inner");

        assertEquals(8, LayoutBuilder.resolve(outer, inner).get(0).sizeBytes());
    }

    @Test
    void anUnknownNestedLayoutIsNamed() {
        LayoutException problem =
                assertThrows(LayoutException.class, () -> Layout.named("Outer").struct("inner", "Inner").build());

        assertTrue(problem.getMessage().contains("layout 'Outer', field 'inner': unknown nested layout 'Inner'"), problem.getMessage());
    }

    @Test
    void aCycleOfNestedStructuresIsShown() {
        LayoutException problem = assertThrows(
                LayoutException.class,
                () -> LayoutBuilder.resolve(
                        Layout.named("A").struct("b", "B"), Layout.named("B").struct("c", "C"), Layout.named("C").struct("a", "A")));

        assertTrue(problem.getMessage().contains("A > B > C > A"), problem.getMessage());
    }

    @Test
    void aFieldBeyondTheGreatestSizeIsNamed() {
        LayoutException problem = assertThrows(
                LayoutException.class, () -> Layout.named("Huge").int8("a").int64Array("big", 1 << 28).build());

        assertTrue(problem.getMessage().contains("field 'big': ends at byte 2147483656, the limit is 1073741824"), problem.getMessage());
    }

    @Test
    void anExistingStructureKeepsItsGapsOpaque() {
        Layout layout = Layout.named("Foreign").field("id", 8, FieldType.INT64, 8).size(64).build();
        ElementCursor cursor = new ElementCursor();

        cursor.seek(layout, 3);
        assertEquals("3..8 raw=true", show(cursor));
        cursor.seek(layout, 11);
        assertEquals("8..16 raw=false", show(cursor));
        cursor.seek(layout, 40);
        assertEquals("40..64 raw=true", show(cursor));
    }

    @Test
    void descriptionsOfRandomLayoutsReadBack() {
        long seed = Long.getLong("tha.seed", new Random().nextLong());
        System.out.println("descriptionsOfRandomLayoutsReadBack -Dtha.seed=" + seed);
        Random random = new Random(seed);
        for (int i = 0; i < 2_000; i++) {
            Layout layout = RandomLayouts.next(random, "L" + i);

            assertEquals(layout, Layout.parse(layout.description()));
            assertElementsCoverTheLayout(layout);
        }
    }

    @Test
    void hostileDescriptionsAreRefused() {
        String good = Layout.named("Good").int32("a").struct("p", POSITION).build().description();
        for (int i = 0; i < good.length(); i++) {
            for (char replacement : new char[] {'0', '9', ' ', '\n', 'x', '='}) {
                String changed = good.substring(0, i) + replacement + good.substring(i + 1);
                try {
                    assertEquals(changed, Layout.parse(changed).description());
                } catch (LayoutException expected) {
                    assertTrue(expected.getMessage().length() > 10);
                }
            }
        }
    }

    @Test
    void severalDescriptionsShareWhatTheyNest() {
        Layout area = Layout.named("Area").struct("center", POSITION).build();
        Layout path = Layout.named("Path").structArray("points", POSITION, 9).build();
        String text = POSITION.ownDescription() + area.ownDescription() + path.ownDescription();

        assertEquals(List.of(POSITION, area, path), Layout.parseAll(text, 1));
        for (String wrong : List.of(text + "\n", text + POSITION.ownDescription(), text.replace("size=16", "size=016"))) {
            assertThrows(LayoutException.class, () -> Layout.parseAll(wrong, 1), () -> wrong);
        }
        LayoutException misplaced = assertThrows(LayoutException.class, () -> Layout.parseAll(area.ownDescription() + text, 7));
        assertTrue(misplaced.getMessage().startsWith("line 8: layout 'Area', field 'center': unknown nested"), misplaced.getMessage());
    }

    /** Ten fields of a structure of ten, and so on: each level is one more line of text and ten times the fields. */
    @Test
    void aShortDescriptionCannotDeclareFieldsWithoutEnd() {
        StringBuilder text = new StringBuilder("layout L0 size=1 alignment=1\n  field a type=int8 offset=0 length=1 count=1\n");
        int size = 1;
        for (int level = 1; level <= 9; level++) {
            text.append("layout L").append(level).append(" size=").append(size * 10).append(" alignment=1\n");
            for (int i = 0; i < 10; i++) {
                text.append("  field f").append(i).append(" type=struct offset=").append(i * size).append(" length=").append(size)
                        .append(" count=1 layout=L").append(level - 1).append('\n');
            }
            size *= 10;
        }

        LayoutException refused =
                assertTimeout(Duration.ofMinutes(1), () -> assertThrows(LayoutException.class, () -> Layout.parse(text.toString())));

        assertTrue(refused.getMessage().contains("layout 'L6': it has 2111110 fields with those of its nested structures"), refused.getMessage());
    }

    /** Each layout's description holds that of the one which it nests. */
    @Test
    void aShortDescriptionCannotMakeALongOneManyTimes() {
        StringBuilder text = new StringBuilder("layout L size=4096 alignment=1\n");
        for (int i = 0; i < 4_096; i++) {
            text.append("  field ").append("a".repeat(200)).append(i).append(" type=int8 offset=").append(i).append(" length=1 count=1\n");
        }
        for (int i = 0; i < 1_000; i++) {
            text.append("layout M").append(i).append(" size=4096 alignment=1\n  field a type=struct offset=0 length=4096 count=1 layout=L\n");
        }

        LayoutException refused = assertThrows(LayoutException.class, () -> Layout.parse(text.toString()));

        assertTrue(refused.getMessage().contains("have descriptions of"), refused.getMessage().substring(0, 100));
    }

    @Test
    void aCountThatIsTooGreatToMultiplyIsRefused() {
        LayoutException refused = assertThrows(
                LayoutException.class,
                () -> Layout.parse("layout A size=8 alignment=8\n  field a type=int64 offset=0 length=8 count=2147483647\n"));

        assertTrue(refused.getMessage().startsWith("description, line 2: expected"), refused.getMessage());
    }

    private static void assertElementsCoverTheLayout(Layout layout) {
        ElementCursor cursor = new ElementCursor();
        for (int at = 0; at < layout.sizeBytes(); at = cursor.end()) {
            cursor.seek(layout, at);
            assertEquals(at, cursor.start());
            int start = at;
            int end = cursor.end();
            assertTrue(end > start && end <= layout.sizeBytes() && cursor.runEnd() >= end);
            for (int inside = start; inside < end && !cursor.isRaw(); inside++) {
                cursor.seek(layout, inside);
                assertEquals(start + ".." + end, cursor.start() + ".." + cursor.end());
            }
        }
    }

    private static String show(ElementCursor cursor) {
        return cursor.start() + ".." + cursor.end() + " raw=" + cursor.isRaw();
    }
}
