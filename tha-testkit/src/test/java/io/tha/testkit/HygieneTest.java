package io.tha.testkit;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What no compiler forbids, looked for in the sources of the whole repository. */
class HygieneTest {
    private static final Path ROOT = root();
    private static final List<Path> SOURCES = sources();
    // Put together, so that this file does not find itself.
    private static final Pattern REMINDER = Pattern.compile("\\b(FIX" + "ME|TO" + "DO)\\b");
    private static final Pattern PRINT = Pattern.compile("\\bSystem\\s*\\.\\s*out\\b");
    private static final Pattern UNSAFE = Pattern.compile("\\bsun\\.misc\\." + "Unsafe\\b");
    private static final Pattern WALL_CLOCK = Pattern.compile("\\b(currentTimeMillis|Instant|Clock|Date|Calendar|(Local|Zoned|Offset)DateTime"
            + "|[lL]astModified\\w*|CLOCK_REALTIME\\w*|gettimeofday)\\b");
    private static final Pattern SLEEP = Pattern.compile("\\bThread\\." + "sleep\\b");

    @Test
    void theSourcesAreFound() {
        assertTrue(SOURCES.contains(ROOT.resolve("tha-testkit/src/main/java/io/tha/testkit/Seeds.java")), "below " + ROOT + ": " + SOURCES);
    }

    @Test
    void aReminderNamesItsIssue() {
        require(anywhere -> true, line -> REMINDER.matcher(line).find() && !line.contains("issue"), "do it, or name the issue in the line");
    }

    @Test
    void theEngineDoesNotPrint() {
        require(file -> isMainOf(file, "tha-") && !isMainOf(file, "tha-testkit") && !isMainOf(file, "tha-torture")
                        && !file.endsWith("StandbyMain.java"),
                line -> PRINT.matcher(line).find(), "throw, return, or report through the API; only StandbyMain prints");
    }

    @Test
    void memoryIsNotReachedBySunMiscUnsafe() {
        require(HygieneTest::isJava, line -> UNSAFE.matcher(line).find(), "use io.tha.memory.Memory");
    }

    @Test
    void noDecisionHangsOnAClockThatSomebodyCanSet() {
        require(file -> isMainOf(file, "tha-") && !isMainOf(file, "tha-testkit") || file.startsWith("native"),
                line -> WALL_CLOCK.matcher(line).find(), "use System.nanoTime, for distances in one process");
    }

    @Test
    void testsWaitForWhatHappensAndNotForTimeToPass() {
        require(file -> isJava(file) && (file.startsWith("tha-testkit") || file.toString().contains("src/test/")),
                line -> SLEEP.matcher(line).find(), "wait for the event: ForkedJvm.awaitLine, a latch, a condition with a deadline");
    }

    private static void require(Predicate<Path> where, Predicate<String> banned, String instead) {
        List<String> found = new ArrayList<>();
        for (Path file : SOURCES) {
            Path relative = ROOT.relativize(file);
            if (where.test(relative)) {
                List<String> lines = lines(file);
                for (int i = 0; i < lines.size(); i++) {
                    if (banned.test(lines.get(i))) {
                        found.add(relative + ":" + (i + 1) + ": " + lines.get(i).strip());
                    }
                }
            }
        }
        assertTrue(found.isEmpty(), () -> instead + System.lineSeparator() + String.join(System.lineSeparator(), found));
    }

    private static boolean isJava(Path file) {
        return file.toString().endsWith(".java");
    }

    private static boolean isMainOf(Path file, String modulePrefix) {
        return isJava(file) && file.toString().startsWith(modulePrefix) && file.toString().contains("src/main/");
    }

    private static List<String> lines(Path file) {
        try {
            // Latin-1 reads anything; what is looked for is ASCII.
            return Files.readAllLines(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Path> sources() {
        List<Path> found = new ArrayList<>();
        try (Stream<Path> modules = Files.list(ROOT)) {
            for (Path module : modules.toList()) {
                Path sources = module.endsWith("native") || module.endsWith("scripts") ? module : module.resolve("src");
                if (Files.isDirectory(sources)) {
                    addFiles(sources, found);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }

    private static void addFiles(Path directory, List<Path> found) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            files.filter(Files::isRegularFile).forEach(found::add);
        }
    }

    private static Path root() {
        Path directory = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(directory.resolve(".mvn"))) {
            directory = directory.getParent();
            if (directory == null) {
                throw new IllegalStateException("no directory above " + Path.of("").toAbsolutePath() + " has the .mvn of the repository");
            }
        }
        return directory;
    }
}
