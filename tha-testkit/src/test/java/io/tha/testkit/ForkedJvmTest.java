package io.tha.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ForkedJvmTest {
    private static final int SIGKILL_EXIT = 128 + 9;
    private static final Duration SHORT = Duration.ofMillis(200);

    @Test
    void theChildGetsArgumentsPropertiesAndTheFlagsOfThisJvm() {
        try (ForkedJvm child = ForkedJvm.of(Echo.class).args("one", 2).property("greeting", "hello").start()) {
            assertEquals("FLAGS " + JvmFlags.inherited(), child.awaitLine("FLAGS"));
            assertEquals("PROPERTY hello", child.awaitLine("PROPERTY"));
            assertEquals("READY one,2", child.awaitLine("READY"));
        }
    }

    @Test
    void theFlagsThatOpenTheJdkAreAmongThoseHandedOn() {
        assertTrue(JvmFlags.inherited().contains("--add-opens=java.base/java.lang.reflect=ALL-UNNAMED"), () -> "" + JvmFlags.inherited());
        assertTrue(JvmFlags.inherited().contains("--enable-native-access=ALL-UNNAMED"), () -> "" + JvmFlags.inherited());
    }

    @Test
    void linesSentComeBackAndTheExitCodeIsTold() {
        try (ForkedJvm child = ForkedJvm.start(Echo.class)) {
            child.send("first");
            child.send("second");

            assertEquals("ECHO second", child.awaitLine("ECHO sec"));
            child.send("exit 7");
            assertEquals(7, child.awaitExit());
        }
    }

    @Test
    void theEndOfItsInputReachesTheChild() {
        try (ForkedJvm child = ForkedJvm.start(Echo.class)) {
            child.endInput();

            child.awaitLine("END");
            assertEquals(0, child.awaitExit());
        }
    }

    @Test
    void aKilledChildIsGoneWhenKillReturns() {
        try (ForkedJvm child = ForkedJvm.start(Echo.class)) {
            child.awaitLine("READY");

            child.kill();

            assertFalse(ProcessHandle.of(child.pid()).map(ProcessHandle::isAlive).orElse(false));
            assertEquals(SIGKILL_EXIT, child.awaitExit());
        }
    }

    @Test
    void aStoppedChildSaysNothingUntilItIsResumed() {
        try (ForkedJvm child = ForkedJvm.start(Echo.class)) {
            child.awaitLine("READY");
            child.stop();
            child.send("late");

            assertThrows(AssertionError.class, () -> child.awaitLine("ECHO", SHORT));
            child.resume();
            assertEquals("ECHO late", child.awaitLine("ECHO"));
        }
    }

    @Test
    void aStoppedChildCanBeKilled() {
        ForkedJvm child = ForkedJvm.start(Echo.class);
        child.awaitLine("READY");
        child.stop();

        child.close();

        assertFalse(child.isAlive());
    }

    @ParameterizedTest
    @EnumSource
    void aJvmInNamespacesOfItsOwnIsStoppedAndKilledFromOutside(Namespaces namespaces) {
        String refusal = namespaces.refusal();
        assumeTrue(refusal.isEmpty(), refusal);
        try (ForkedJvm child = ForkedJvm.of(Echo.class).through(namespaces.command()).jvmArgs("-XX:-UsePerfData").start()) {
            child.awaitLine("READY");
            long jvm = child.pid();
            assertEquals(List.of(jvm, 1L), child.processIds());

            child.stop();
            child.send("late");
            assertThrows(AssertionError.class, () -> child.awaitLine("ECHO", SHORT));
            child.resume();
            child.awaitLine("ECHO");
            child.kill();

            assertFalse(ProcessHandle.of(jvm).map(ProcessHandle::isAlive).orElse(false));
            assertFalse(child.isAlive());
        }
    }

    @Test
    void aMissingLineIsReportedWithAllThatTheChildPrinted() {
        try (ForkedJvm child = ForkedJvm.start(Echo.class, "x")) {
            child.send("exit 3");

            AssertionError error = assertThrows(AssertionError.class, () -> child.awaitLine("NEVER"));

            child.awaitExit();
            assertTrue(error.getMessage().contains("begins with 'NEVER'"), error.getMessage());
            assertTrue(error.getMessage().contains("READY x"), error.getMessage());
            assertTrue(error.getMessage().contains("! this goes to standard error"), error.getMessage());
        }
    }

    @Test
    void aChildThatRunsOnIsReportedAtTheDeadline() {
        try (ForkedJvm child = ForkedJvm.of(Echo.class).deadline(SHORT).start()) {
            AssertionError error = assertThrows(AssertionError.class, child::awaitExit);

            assertTrue(error.getMessage().contains("is running"), error.getMessage());
            child.awaitLine("READY", Duration.ofSeconds(20));
            child.send("exit 0");
            child.awaitExit(Duration.ofSeconds(20));
        }
    }
}
