package io.tha.tracker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The handler beside others than the JVM's, in native/tracker_test.c; skipped where it cannot be compiled. */
@Timeout(120)
class FaultHandlerChainTest {
    @TempDir
    private Path directory;

    @Test
    void otherHandlersWorkAsEver() throws Exception {
        String reason = Trackers.unavailableReason(TrackerKind.MPROTECT);
        assumeTrue(reason == null, reason);
        Path source = Path.of("..", "native", "tracker_test.c").toAbsolutePath().normalize();
        Path program = directory.resolve("test");
        assumeTrue(isThere("cc"), "no C compiler");
        String compiled =
                run(List.of("cc", "-std=c11", "-O2", "-Wall", "-Wextra", "-Werror", "-pthread", "-o", program.toString(), source.toString()));
        assertEquals("", compiled);

        assertEquals("", run(List.of("/bin/sh", "-c", "ulimit -c 0; exec " + program)));
    }

    private static boolean isThere(String compiler) throws InterruptedException {
        try {
            return new ProcessBuilder(compiler, "--version").redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private static String run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            assertTrue(process.waitFor(60, TimeUnit.SECONDS), "still running: " + command);
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.exitValue() == 0 ? output : output + "exit code " + process.exitValue();
        } finally {
            process.destroyForcibly();
        }
    }
}
