package io.tha.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Tries whether a command does here what a test needs. */
final class Probe {
    private Probe() {}

    /**
     * Runs a shell script through a command.
     *
     * @param command the words before those of the shell
     * @param expected output
     * @return empty if it prints that and ends well, else what happened
     */
    static String refusal(List<String> command, String script, String expected) {
        List<String> words = new ArrayList<>(command);
        words.addAll(List.of("sh", "-c", script));
        try {
            Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            int exit = process.waitFor();
            return exit == 0 && output.equals(expected) ? "" : String.join(" ", words) + ": exit code " + exit + ", " + output;
        } catch (IOException e) {
            return String.join(" ", words) + ": " + e.getMessage();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(String.join(" ", words) + " was interrupted", e);
        }
    }
}
