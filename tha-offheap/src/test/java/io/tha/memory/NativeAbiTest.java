package io.tha.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The constants of the C library that Java holds are those of this platform's headers; skipped where there is no C compiler. */
class NativeAbiTest {
    @TempDir
    private Path directory;

    @Test
    void constantsAreThoseOfTheHeaders() throws Exception {
        Map<String, Long> headers = headers();

        int compared = 0;
        for (Field field : Posix.class.getFields()) {
            if (Modifier.isStatic(field.getModifiers()) && headers.containsKey(headerName(field))) {
                assertEquals(headers.get(headerName(field)), field.getInt(null), field.getName());
                compared++;
            }
        }
        assertTrue(compared >= 20, compared + " constants compared");
        assertTrue(headers.get("MUTEX_LENGTH") <= 64, "a death word has room for a mutex");
        assertEquals(0x4000_0000L, headers.get("FUTEX_OWNER_DIED_BIT"));
    }

    private static String headerName(Field field) {
        return field.getName().equals("SYS_FUTEX") ? "SYS_futex" : field.getName();
    }

    private Map<String, Long> headers() throws Exception {
        Path source = Path.of("..", "native", "abi.c").toAbsolutePath().normalize();
        assumeTrue(Files.exists(source), "native/abi.c is not beside this module");
        Path program = directory.resolve("abi");
        assumeTrue(runs("cc", "-std=c11", "-Wall", "-Wextra", "-Werror", "-o", program.toString(), source.toString()), "no C compiler");
        Process process = new ProcessBuilder(program.toString()).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor());
        return Arrays.stream(output.split("\n", -1))
                .filter(line -> !line.isEmpty())
                .map(line -> line.split(" ", -1))
                .collect(Collectors.toMap(parts -> parts[0], parts -> Long.parseLong(parts[1]), (a, b) -> b, TreeMap::new));
    }

    private static boolean runs(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command).inheritIO().start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
