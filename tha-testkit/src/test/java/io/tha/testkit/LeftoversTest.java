package io.tha.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class LeftoversTest {
    @Test
    void childrenAndDirectoriesGoWithTheJvmThatMadeThem() {
        try (ForkedJvm careless = ForkedJvm.start(Careless.class)) {
            long grandchild = Long.parseLong(careless.awaitLine("CHILD ").substring("CHILD ".length()));
            Path directory = Path.of(careless.awaitLine("DIRECTORY ").substring("DIRECTORY ".length()));

            assertEquals(0, careless.awaitExit());

            assertFalse(ProcessHandle.of(grandchild).map(ProcessHandle::isAlive).orElse(false));
            assertFalse(Files.exists(directory));
        }
    }
}
