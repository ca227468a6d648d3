package io.tha.transform;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tha.layout.Layout;
import io.tha.layout.LayoutException;
import io.tha.layout.RandomLayouts;
import io.tha.testkit.Seeds;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The text of layout files, and what is refused. */
class LayoutFileTest {
    private static final Layout POSITION = Layout.named("Position").float64("x").float64("y").build();
    private static final Layout LEG = Layout.named("Leg").structArray("track", POSITION, 3).utf8("code", 5).renamedFrom("Hop").build();
    private static final Layout AREA = Layout.named("Area").struct("center", POSITION).int32("radius").build();
    private static final Conversions CONVERSIONS = Conversions.NONE
            .narrowing(Narrowing.CLAMP)
            .dangling(Dangling.NULL)
            .narrowing("track.y", Narrowing.TRUNCATE)
            .narrowing("code", Narrowing.FAIL)
            .defaultTo("track.x", 0.1)
            .defaultTo("code", "a\"b\n")
            .rule(new Rule(List.of("code"), List.of("track.x", "track.y"), (memory, leg) -> {}, (memory, leg) -> {}));
    private static final String TEXT =
            """
            tha-layouts 1
            layout Position size=16 alignment=8
              field x type=float64 offset=0 length=8 count=1
              field y type=float64 offset=8 length=8 count=1
            layout Area size=24 alignment=8
              field center type=struct offset=0 length=16 count=1 layout=Position
              field radius type=int32 offset=16 length=4 count=1
            layout Leg size=56 alignment=8 was=Hop
              field track type=struct offset=0 length=16 count=3 layout=Position
              field code type=utf8 offset=48 length=5 count=1
            registered Area fingerprint=AREA narrowing=FAIL dangling=KEEP
            registered Leg fingerprint=LEG narrowing=CLAMP dangling=NULL
              narrowing code=FAIL
              narrowing track.y=TRUNCATE
              default code="a\\"b\\u000a"
              default track.x=0.1
              rule code > track.x,track.y
            end
            """
                    .replace("=AREA", String.format("=%016x", AREA.fingerprint()))
                    .replace("=LEG", String.format("=%016x", LEG.fingerprint()));

    @TempDir
    private Path directory;

    @Test
    void theTextIsTheSameInWhateverOrderLayoutsAndConversionsAreGiven() {
        Conversions reordered = Conversions.NONE
                .rule(CONVERSIONS.rules().get(0))
                .defaultTo("code", "a\"b\n")
                .defaultTo("track.x", 0.1)
                .narrowing("code", Narrowing.FAIL)
                .narrowing("track.y", Narrowing.TRUNCATE)
                .narrowing(Narrowing.CLAMP)
                .dangling(Dangling.NULL);

        assertEquals(TEXT, LayoutFile.of(AREA).with(LEG, CONVERSIONS).text());
        assertEquals(TEXT, LayoutFile.of().with(LEG, reordered).with(AREA, Conversions.NONE).text());
    }

    @Test
    void aFileReadsBackWithItsConversions() {
        Path file = directory.resolve("made/for/it/v1.layouts");

        LayoutFile.of(AREA).with(LEG, CONVERSIONS).write(file);
        LayoutFile found = LayoutFile.read(file);

        assertEquals(TEXT, found.text());
        assertEquals(file.toString(), found.name());
        assertEquals(List.of(AREA, LEG), found.layouts());
        assertEquals(Narrowing.TRUNCATE, found.conversions("Leg").narrowingOf("track.y"));
        assertEquals(Dangling.NULL, found.conversions("Leg").dangling());
        assertEquals(0.1, found.conversions("Leg").defaultOf("track.x"));
        assertEquals("a\"b\n", found.conversions("Leg").defaultOf("code"));
        assertEquals(List.of("track.x", "track.y"), found.conversions("Leg").rules().get(0).newer());
    }

    @Test
    void filesOfRandomLayoutsReadBack() {
        Random random = Seeds.random();
        Path file = directory.resolve("random.layouts");
        for (int i = 0; i < 100; i++) {
            RandomVersions versions = new RandomVersions(random, "L");
            LayoutFile written = LayoutFile.of().with(versions.newer(), versions.conversions());
            List<Layout> more = new ArrayList<>();
            for (int j = random.nextInt(4); j > 0; j--) {
                more.add(RandomLayouts.next(random, "M" + j));
            }
            Collections.shuffle(more, random);
            for (Layout layout : more) {
                written = written.with(layout, Conversions.NONE.narrowing(random.nextBoolean() ? Narrowing.CLAMP : Narrowing.FAIL));
            }

            written.write(file);
            LayoutFile read = LayoutFile.read(file);

            assertEquals(written.text(), read.text());
            assertEquals(written.layouts(), read.layouts());
            assertEquals(versions.conversions().defaults(), read.conversions("L").defaults());
            assertEquals(versions.conversions().narrowings(), read.conversions("L").narrowings());
        }
    }

    @Test
    void numbersHaveTheFewestDigitsThatLeadBackToThem() {
        assertEquals("1.0", DefaultText.of(1.0));
        assertEquals("-0.0", DefaultText.of(-0.0));
        assertEquals("0.1", DefaultText.of(0.1));
        assertEquals("0.002", DefaultText.of(2e-3));
        assertEquals("1E+300", DefaultText.of(1e300));
        // Double.toString of JDK 17 says 1.9999999999999998E23, that of 25 says 2.0E23.
        assertEquals("2E+23", DefaultText.of(Double.parseDouble("2e23")));
        assertEquals("NaN", DefaultText.of(Double.NaN));
        assertEquals("-Infinity", DefaultText.of(Double.NEGATIVE_INFINITY));
        Random random = Seeds.random();
        for (int i = 0; i < 5_000; i++) {
            double value = Double.longBitsToDouble(random.nextLong());
            assertEquals(value, DefaultText.parse(DefaultText.of(value)));
        }
    }

    @Test
    void theExampleInTheSpecificationIsOne() throws IOException {
        String specification = Files.readString(Path.of("../docs/versions.md"));
        int start = specification.indexOf("```\ntha-layouts") + "```\n".length();
        String example = specification.substring(start, specification.indexOf("```", start));

        assertEquals(example, read(example).text());
    }

    @Test
    void aFileThatWasCutAnywhereIsRefused() throws IOException {
        byte[] bytes = TEXT.getBytes(StandardCharsets.UTF_8);
        for (int length = 0; length < bytes.length; length++) {
            String cut = new String(bytes, 0, length, StandardCharsets.UTF_8);

            assertThrows(LayoutException.class, () -> LayoutFileParser.parse("cut", cut), () -> cut);
        }
        assertRefused(TEXT.substring(0, TEXT.indexOf("  default")), "line 15: expected 'end' as the last line", "the file was cut");
    }

    @Test
    void whateverIsAcceptedIsWhatWouldBeWritten() {
        Random random = Seeds.random();
        for (int i = 0; i < 5_000; i++) {
            int at = random.nextInt(TEXT.length());
            String with = random.nextBoolean() ? "" : Character.toString("0129 \n=.\"\\axL-".charAt(random.nextInt(14)));
            String changed = TEXT.substring(0, at) + with + TEXT.substring(at + random.nextInt(2));
            try {
                assertEquals(changed, LayoutFileParser.parse("changed", changed).text());
            } catch (LayoutException refused) {
                assertTrue(refused.getMessage().startsWith("layout file 'changed', line "), refused.getMessage());
            }
        }
    }

    @Test
    void whatIsWrongIsNamedWithFileAndLine() throws IOException {
        assertRefused("tha-layouts 2\nend\n", "line 1: expected 'tha-layouts 1', found 'tha-layouts 2'; use the version of THA");
        assertRefused("\u0000ELF", "line 1: expected 'tha-layouts 1', found '\\u0000ELF'; is it another file?");
        assertRefused(TEXT.replace("\n", "\r\n"), "line 1: expected 'tha-layouts 1', found 'tha-layouts 1\\u000d'");
        assertRefused(TEXT.replace("offset=8 ", "offset=x "), "line 4: expected 'layout NAME size=N");
        assertRefused(TEXT.replace("y type=float64 offset=8", "y type=float64 offset=4"), "line 2: layout 'Position': field 'y'", "misaligned");
        assertRefused(TEXT.replace("layout=Position\n  field radius", "layout=Elsewhere\n  field radius"), "line 6: layout 'Area'", "'Elsewhere'");
        assertRefused(TEXT.replace("layout Area", "layout Position"), "line 5: layout 'Position'");
        assertRefused(TEXT.replace("layout Area", "layout Leg").replace("registered Area", "registered Leg"), "line 8: layout 'Leg' is there twice");
        assertRefused(TEXT.replace("radius", "range"), "line 11: expected 'registered Area fingerprint=", "changed by hand");
        assertRefused(TEXT.replaceAll("registered Area.*\n", ""), "line 5: expected 'layout Leg");
        assertRefused(TEXT.replaceAll("(registered Area.*\n)", "$1$1"), "line 19: layout 'Area' is registered twice");
        assertRefused(TEXT.replace("track.y=TRUNCATE", "track.z=TRUNCATE"), "line 12: layout 'Leg', conversions: it has no field 'track.z'");
        assertRefused(TEXT.replace("dangling=NULL", "dangling=KEPT"), "line 12: expected 'registered LAYOUT fingerprint=HEX");
        assertRefused(TEXT.replace("track.y=TRUNCATE", "track.y=ROUND"), "line 14: expected '  narrowing PATH=");
        assertRefused(TEXT.replace("track.x=0.1", "track.x=0.10"), "line 16: expected '  default track.x=0.1', found '  default track.x=0.10'");
        assertRefused(TEXT.replace("track.x=0.1", "track.x=1_000"), "line 16: expected '  narrowing PATH=");
        assertRefused(TEXT.replace("end\n", "end\nend\n"), "line 18: expected 'registered LAYOUT");
    }

    @Test
    void bytesThatAreNotUtf8AreNamedWithTheirLine() throws IOException {
        byte[] bytes = TEXT.getBytes(StandardCharsets.UTF_8);
        bytes[TEXT.indexOf("field y") + 6] = (byte) 0xFF;
        Files.write(file(), bytes);

        LayoutException refused = assertThrows(LayoutException.class, () -> LayoutFile.read(file()));

        assertTrue(refused.getMessage().contains("line 4: expected UTF-8, found byte 0xff"), refused.getMessage());
    }

    @Test
    void filesWithoutEndAreNotReadToTheirEnd() {
        LayoutException refused = assertThrows(LayoutException.class, () -> LayoutFile.read(Path.of("/dev/zero")));

        assertTrue(refused.getMessage().contains("'/dev/zero' has more than 16777216 bytes"), refused.getMessage());
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        UncheckedIOException missing = assertThrows(UncheckedIOException.class, () -> LayoutFile.read(file()));

        assertTrue(missing.getMessage().contains(file().toString()), missing.getMessage());
    }

    @Test
    void aHundredThousandConversionsAreReadInTime() {
        StringBuilder text = new StringBuilder(TEXT.substring(0, TEXT.indexOf("  narrowing")));
        for (int i = 0; i < 100_000; i++) {
            text.append("  narrowing code").append(i).append("=FAIL\n");
        }

        assertTimeout(Duration.ofMinutes(1), () -> assertRefused(text + "end\n", "line 12: layout 'Leg', conversions: it has no field 'code"));
    }

    @Test
    void oneNameMeansOneLayout() {
        Layout other = Layout.named("Position").float32("x").build();

        assertThrows(LayoutException.class, () -> LayoutFile.of(AREA, AREA));
        assertThrows(LayoutException.class, () -> LayoutFile.of(AREA, Layout.named("Other").struct("p", other).build()));
        assertThrows(LayoutException.class, () -> LayoutFile.of(AREA, other));
        assertThrows(LayoutException.class, () -> LayoutFile.of(LEG, Layout.named("Way").int8("a").renamedFrom("Hop").build()));
        assertThrows(LayoutException.class, () -> LayoutFile.of(LEG, Layout.named("Hop").int8("a").build()));
    }

    private Path file() {
        return directory.resolve("hostile.layouts");
    }

    private LayoutFile read(String text) throws IOException {
        Files.writeString(file(), text);
        return LayoutFile.read(file());
    }

    private void assertRefused(String text, String... parts) {
        LayoutException refused = assertThrows(LayoutException.class, () -> read(text));
        for (String part : parts) {
            assertTrue(refused.getMessage().contains(part), () -> "expected '" + part + "' in: " + refused.getMessage());
        }
        assertTrue(refused.getMessage().contains("'" + file() + "'"), refused.getMessage());
    }
}
