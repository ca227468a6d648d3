package io.tha.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tha.testkit.DomainDirectory;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The program in the README works as it is pasted. */
@Timeout(120)
class ReadmeTest {
    private final DomainDirectory directory = DomainDirectory.create();
    private final List<Process> processes = new ArrayList<>();

    @AfterEach
    void endAll() {
        processes.forEach(Process::destroyForcibly);
        directory.close();
    }

    @Test
    void theProgramCountsOnAfterAKill() throws IOException, InterruptedException {
        Path root = Path.of("..").toAbsolutePath().normalize();
        String readme = Files.readString(root.resolve("README.md"));
        String program = readme.substring(readme.indexOf("```java\n") + "```java\n".length(), readme.indexOf("```", readme.indexOf("```java\n") + 3));
        Path source = directory.resolve("Hello.java");
        Files.writeString(source, program);

        BufferedReader active = start(root, source, "active");
        long committed = count(active);
        BufferedReader standby = start(root, source, "standby");
        awaitStandbyFile();
        for (int i = 0; i < 4; i++) {
            committed = count(active);
        }
        processes.get(0).toHandle().destroyForcibly();
        for (String line = active.readLine(); line != null; line = active.readLine()) {
            committed = line.contains("has committed") ? number(line) : committed;
        }

        assertTrue(count(standby) > committed);
    }

    /** The standby's copy is there when its prepared log is. */
    private void awaitStandbyFile() throws IOException {
        while (true) {
            try (var files = Files.list(directory.resolve("domain"))) {
                if (files.anyMatch(file -> file.toString().endsWith(".prepared"))) {
                    return;
                }
            }
            Thread.onSpinWait();
        }
    }

    private BufferedReader start(Path root, Path source, String role) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("@" + root.resolve("scripts/jvm.args"));
        if (Runtime.version().feature() >= 24) {
            command.add("--sun-misc-unsafe-memory-access=allow");
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), source.toString(), role, directory.resolve("domain").toString()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        processes.add(process);
        return new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    private static long count(BufferedReader output) throws IOException {
        String line = output.readLine();
        while (line != null && !line.contains("has committed")) {
            line = output.readLine();
        }
        assertEquals(false, line == null, "the program ended");
        return number(line);
    }

    private static long number(String line) {
        return Long.parseLong(line.substring(line.lastIndexOf(' ') + 1));
    }
}
