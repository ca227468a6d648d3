package io.tha.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tha.layout.Layout;
import io.tha.testkit.ForkedJvm;
import io.tha.transform.LayoutFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs of the command on files. */
@Timeout(120)
class CheckLayoutsTest {
    @TempDir
    private Path directory;

    private String narrow;
    private String wide;
    private String text;

    @BeforeEach
    void writeFiles() {
        narrow = write("narrow", Layout.named("Airport").utf8("code", 8).int32("delay").build());
        wide = write("wide", Layout.named("Airport").utf8("code", 8).int64("delay").build());
        text = write("text", Layout.named("Airport").utf8("code", 8).utf8("delay", 8).build());
    }

    private String write(String name, Layout layout) {
        Path file = directory.resolve(name + ".layouts");
        LayoutFile.of(layout).write(file);
        return file.toString();
    }

    @Test
    void versionsThatKeepAllExitWith0() {
        run(0, wide, wide).prints("upgrade=safe downgrade=safe");
    }

    @Test
    void versionsThatMayLoseValuesInEitherDirectionExitWith1() {
        run(1, narrow, wide)
                .prints("  safe          Airport.delay  int32 to int64")
                .prints("  lossy         Airport.delay  int64 to int32, what does not fit: FAIL")
                .prints("upgrade=safe downgrade=lossy");
        run(1, wide, narrow).prints("upgrade=lossy downgrade=safe");
    }

    @Test
    void versionsThatCannotTakeOverFromEachOtherExitWith2() {
        run(2, text, wide)
                .prints("  incompatible  Airport.delay  utf8(8) cannot become int64")
                .prints("upgrade=incompatible downgrade=incompatible");
        run(2, narrow, text).prints("  incompatible  Airport.delay  int32 cannot become utf8(8)");
    }

    @Test
    void filesAndArgumentsThatAreWrongExitWith3() throws IOException {
        byte[] whole = Files.readAllBytes(Path.of(wide));
        Path cut = Files.write(directory.resolve("cut.layouts"), Arrays.copyOf(whole, whole.length / 2));
        Path binary = Files.write(directory.resolve("binary.layouts"), new byte[] {(byte) 0xCA, (byte) 0xFE, 10});
        Path later = Files.writeString(
                directory.resolve("later.layouts"), new String(whole, StandardCharsets.UTF_8).replace("tha-layouts 1", "tha-layouts 2"));

        run(3, wide, cut.toString()).prints("! check-layouts: layout file '" + cut + "', line ");
        run(3, binary.toString(), wide).prints("! check-layouts: layout file '" + binary + "', line 1: expected UTF-8");
        run(3, later.toString(), wide).prints("line 1: expected 'tha-layouts 1', found 'tha-layouts 2'");
        run(3, wide, "/dev/zero").prints("! check-layouts: layout file '/dev/zero' has more than");
        run(3, wide, directory.resolve("none").toString()).prints("! check-layouts: layout file '" + directory.resolve("none") + "' cannot be read");
        run(3, wide).prints("Missing required parameter: 'NEW'");
    }

    private static Output run(int status, String... arguments) {
        try (ForkedJvm command = ForkedJvm.of(CheckLayouts.class).args((Object[]) arguments).start()) {
            assertEquals(status, command.awaitExit(), command::output);
            return new Output(command.output());
        }
    }

    /** All that a run has printed. */
    private record Output(String text) {
        Output prints(String part) {
            assertTrue(text.contains(part), () -> "expected '" + part + "' in\n" + text);
            return this;
        }
    }
}
