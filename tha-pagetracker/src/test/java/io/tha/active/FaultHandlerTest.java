package io.tha.active;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tha.testkit.DomainDirectory;
import io.tha.testkit.ForkedJvm;
import io.tha.testkit.ForkedJvmBuilder;
import io.tha.tracker.TrackerKind;
import io.tha.tracker.Trackers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The JVM goes on using SIGSEGV for its own purposes while MPROTECT does. */
@Timeout(300)
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

    private ForkedJvmBuilder node(String what) {
        return ForkedJvm.of(FaultHandlerNode.class).args(directory.path(), what);
    }

    @ParameterizedTest
    @CsvSource({"null, caught 100000", "stack, caught 200", "garbage, collected 200000", "truncated, caught 100"})
    void theJvmWorksAsEver(String what, String result) {
        try (ForkedJvm node = node(what).jvmArgs("-Xmx64m", "-XX:-OmitStackTraceInFastThrow").start()) {
            assertEquals(0, node.awaitExit(), node::output);
            assertEquals(List.of("WORKS", result, "DONE"), node.lines(), node::output);
        }
    }

    @Test
    void aRealCrashIsReportedByTheJvm() throws IOException {
        Path report = directory.resolve("crash.log");
        try (ForkedJvm node = node("crash").jvmArgs("-XX:ErrorFile=" + report, "-XX:-CreateCoredumpOnCrash").start()) {
            assertEquals(ABORTED, node.awaitExit(), node::output);

            String text = Files.readString(report);
            assertTrue(text.contains("SIGSEGV") && text.contains("si_addr: 0x0000000000000010"), text);
            assertTrue(text.contains("FaultHandlerNode.main"), "the stack of the thread is in the report: " + text);
        }
    }

    /** What docs/trackers.md says of -Xcheck:jni. */
    @Test
    void checkJniWarnsOfTheHandlerAndNothingElse() {
        try (ForkedJvm node = node("null").jvmArgs("-Xmx64m", "-Xcheck:jni").start()) {
            assertEquals(0, node.awaitExit(), node::output);
            assertTrue(node.lines().contains("DONE"), node::output);
            System.err.println(node.output());
        }
    }
}
