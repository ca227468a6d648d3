package io.tha.active;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tha.testkit.DomainDirectory;
import io.tha.testkit.ForkedJvm;
import io.tha.testkit.ForkedJvmBuilder;
import io.tha.testkit.Sampled;
import io.tha.tracker.TrackerKind;
import io.tha.tracker.Trackers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The JVM goes on using SIGSEGV for its own purposes while MPROTECT does. */
@Timeout(300)
@Sampled
class FaultHandlerTest {
    private static final int ABORTED = 128 + 6;

    private final DomainDirectory directory = DomainDirectory.create();

    @BeforeEach
    void requireHandler() {
        String reason = Trackers.unavailableReason(TrackerKind.MPROTECT);
        assumeTrue(reason == null, reason);
    }

    @AfterEach
    void remove() {
        directory.close();
    }

    private ForkedJvmBuilder node(TrackerKind tracker, String what) {
        return ForkedJvm.of(FaultHandlerNode.class).args(directory.path(), tracker, what);
    }

    @ParameterizedTest
    @CsvSource({"null, caught 100000", "stack, caught 200", "garbage, collected 200000", "truncated, caught them"})
    void theJvmWorksAsEver(String what, String result) {
        try (ForkedJvm node = node(TrackerKind.MPROTECT, what).jvmArgs("-Xmx64m", "-XX:-OmitStackTraceInFastThrow").start()) {
            assertWorks(node, result);
        }
    }

    /** The JDK's library that lets the JVM be asked first, before those who came later. */
    @ParameterizedTest
    @CsvSource({"null, caught 100000", "stack, caught 200"})
    void theJvmWorksAsEverBeforeUs(String what, String result) {
        try (ForkedJvm node = node(TrackerKind.MPROTECT, what).through(withJsig()).start()) {
            assertWorks(node, result);
        }
    }

    private static void assertWorks(ForkedJvm node, String result) {
        assertEquals(0, node.awaitExit(), node::output);
        assertEquals(List.of("WORKS", result, "DONE"), node.lines(), node::output);
    }

    private static List<String> withJsig() {
        Path library = Path.of(System.getProperty("java.home"), "lib", "libjsig.so");
        assumeTrue(Files.exists(library), "no " + library);
        return List.of("/bin/sh", "-c", "LD_PRELOAD=" + library + " exec \"$@\"", "sh");
    }

    @ParameterizedTest
    @EnumSource(names = {"SOFTWARE", "MPROTECT"})
    void aRealCrashIsReportedByTheJvm(TrackerKind tracker) throws IOException {
        assertCrashIsReported(tracker, List.of("/bin/sh", "-c", "ulimit -c 0; exec \"$@\"", "sh"));
    }

    /** Repeated, as two other threads write to protected pages meanwhile: their faults must not be taken for the crash. */
    @RepeatedTest(10)
    void aRealCrashIsReportedByTheJvmBeforeUs() throws IOException {
        assertCrashIsReported(TrackerKind.MPROTECT, withJsig());
    }

    private void assertCrashIsReported(TrackerKind tracker, List<String> through) throws IOException {
        Path report = directory.resolve("crash.log");
        try (ForkedJvm node = node(tracker, "crash").jvmArgs("-XX:ErrorFile=" + report).through(through).start()) {
            assertEquals(ABORTED, node.awaitExit(), node::output);

            String text = Files.readString(report);
            assertTrue(text.contains("SIGSEGV") && text.contains("si_addr: 0x0000000000000010"), text);
            assertTrue(text.contains("FaultHandlerNode.main"), "the stack of the thread is in the report: " + text);
        }
    }

    /** What docs/trackers.md says of -Xcheck:jni. */
    @Test
    void checkJniWarnsOfTheHandlerAndNothingElse() {
        try (ForkedJvm node = node(TrackerKind.MPROTECT, "null").jvmArgs("-Xcheck:jni").start()) {
            assertEquals(0, node.awaitExit(), node::output);
            assertFalse(node.output().contains("FATAL"), node::output);
            List<String> ofSignals = node.lines().stream().filter(line -> line.startsWith("Warning: ")).toList();
            assertEquals(List.of("Warning: SIGSEGV handler modified!"), ofSignals, node::output);
            // JNA's, of which the JVM has a low opinion; none is ours, since the library does not use JNI.
            List<String> stacks = node.lines().stream().filter(line -> line.contains("FaultHandler$Calls")).toList();
            assertEquals(List.of(), stacks, node::output);
        }
    }
}
