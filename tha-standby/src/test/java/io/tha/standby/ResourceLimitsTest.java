package io.tha.standby;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tha.testkit.DomainDirectory;
import io.tha.testkit.ForkedJvm;
import io.tha.testkit.ForkedJvmBuilder;
import io.tha.testkit.Sampled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A process runs out of file descriptors, address space or heap: what it cannot do it says, it does not crash, the other side goes on,
 * and when there is enough again it goes on itself. The active would wait ten minutes for a standby that keeps its place in the log.
 */
@Timeout(300)
@Sampled
class ResourceLimitsTest {
    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final int FILE_LIMIT = 400;
    private static final int SOME_TRANSACTIONS = 300;

    private final DomainDirectory directory = DomainDirectory.create();
    private final List<ForkedJvm> processes = new ArrayList<>();

    @AfterEach
    void close() {
        processes.forEach(ForkedJvm::close);
        directory.close();
    }

    private ForkedJvm start(String role, String... jvmArgs) {
        ForkedJvmBuilder builder = ForkedJvm.of(LimitsNode.class).args(directory, role).deadline(DEADLINE);
        // A heap that needs no mappings later, and no compiler: the JVM itself does not survive everything that it is refused.
        builder.jvmArgs("-XX:+UseSerialGC", "-Xms48m", "-Xmx48m", "-XX:+AlwaysPreTouch", "-XX:-UsePerfData").jvmArgs(jvmArgs);
        ForkedJvm process = builder.start();
        processes.add(process);
        process.awaitLine("STARTED");
        return process;
    }

    private static String ask(ForkedJvm process, String command) {
        process.send(command);
        return process.awaitLine("");
    }

    private static void done(ForkedJvm process, String... commands) {
        for (String command : commands) {
            assertEquals("DONE " + command, ask(process, command), process::output);
        }
    }

    private static void limit(ForkedJvm process, String limit) throws IOException, InterruptedException {
        List<String> command = List.of("prlimit", "--pid", Long.toString(process.pid()), limit);
        try {
            assumeTrue(new ProcessBuilder(command).inheritIO().start().waitFor() == 0, () -> command + " is refused");
        } catch (IOException e) {
            assumeTrue(false, command + ": " + e);
        }
    }

    private static void someTransactions(ForkedJvm active) {
        for (int i = 0; i < SOME_TRANSACTIONS; i++) {
            done(active, "SMALL");
        }
    }

    @ParameterizedTest
    @CsvSource("FILES, ulimit -n")
    void aTransactionThatNeedsAFileFailsAloneWhenTheActiveHasNoMore(String resource, String remedy) throws IOException, InterruptedException {
        ForkedJvm active = start("active", "-Xint");
        ForkedJvm standby = start("standby");
        done(standby, "OPEN");
        done(active, "LARGE", "SMALL");
        limit(active, "--nofile=" + FILE_LIMIT);
        done(active, resource);

        String refused = ask(active, "LARGE");

        assertTrue(refused.startsWith("REFUSED") && refused.contains(".overflow'") && refused.contains(remedy), refused);
        someTransactions(active);
        done(active, "RELEASE", "LARGE", "SMALL");
        done(standby, "OPEN");
        active.kill();
    }

    @ParameterizedTest
    @CsvSource("FILES, ulimit -n")
    void aStandbyThatCanOpenNoMoreSaysSoAndTheActiveGoesOn(String resource, String remedy) throws IOException, InterruptedException {
        ForkedJvm active = start("active");
        ForkedJvm standby = start("standby", "-Xint");
        done(standby, "OPEN");
        done(active, "LARGE");
        limit(standby, "--nofile=" + FILE_LIMIT);
        done(standby, resource);

        done(active, "LARGE");

        someTransactions(active);
        String failure = ask(standby, "FAILURE");
        assertTrue(failure.contains("file '") && failure.contains(remedy), failure);
        done(standby, "RELEASE", "OPEN");
        done(active, "LARGE", "SMALL");
    }

    @Test
    void aStandbyWithoutAddressSpaceForItsPoolSaysSo() throws IOException, InterruptedException {
        ForkedJvm active = start("active");
        ForkedJvm standby = start("standby");
        done(standby, "OPEN");
        limit(standby, "--as=" + (addressSpace(standby) + 4096));

        String refused = ask(standby, "OPEN");

        assertTrue(refused.startsWith("REFUSED") && refused.contains("ulimit -v"), refused);
        someTransactions(active);
        limit(standby, "--as=unlimited");
        done(standby, "OPEN");
    }

    private static long addressSpace(ForkedJvm process) throws IOException {
        String line = Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")).stream()
                .filter(entry -> entry.startsWith("VmSize:")).findFirst().orElseThrow();
        return Long.parseLong(line.replaceAll("\\D", "")) << 10;
    }

    @Test
    void aStandbyWithoutHeapSaysSoAndTheActiveGoesOn() {
        ForkedJvm active = start("active");
        ForkedJvm standby = start("standby");
        done(standby, "OPEN");
        done(active, "LARGE");
        standby.send("HEAP");

        for (int i = 0; i < 20; i++) {
            done(active, "LARGE");
            someTransactions(active);
        }

        standby.send("RELEASE");
        standby.awaitLine("DONE RELEASE");
        String failure = ask(standby, "FAILURE");
        assertTrue(failure.contains("OutOfMemoryError") && failure.contains("-Xmx"), failure);
        done(standby, "OPEN");
        done(active, "LARGE", "SMALL");
    }
}
