package io.tha.examples.flights.demo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tha.active.ThaApplication;
import io.tha.active.ThaConfig;
import io.tha.examples.flights.Flight;
import io.tha.examples.flights.FlightFile;
import io.tha.examples.flights.FlightsDemo;
import io.tha.examples.flights.FlightsService;
import io.tha.examples.flights.FlightsVersion;
import io.tha.examples.flights.PoolText;
import io.tha.testkit.DomainDirectory;
import io.tha.testkit.Sampled;
import io.tha.tracker.TrackerKind;
import io.tha.tracker.Trackers;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(300)
@Sampled
class DemoTest {
    private static final Path INPUT = Path.of("data/flights-20k.csv.gz");

    @ParameterizedTest
    @EnumSource(names = "APPLICATION", mode = EnumSource.Mode.EXCLUDE)
    void serviceAndReferenceAgree(TrackerKind tracker) {
        requireAvailable(tracker);

        assertAgree(tracker, 1);
    }

    @Test
    void theSecondVersionAndTheReferenceAgree() {
        assertAgree(TrackerKind.AUTO, 2);
    }

    private static void assertAgree(TrackerKind tracker, int version) {
        FlightFile flights = FlightFile.load(INPUT);
        ThaConfig config = ThaConfig.builder().poolBytes(8 << 20).ringBytes(1 << 20).tracker(tracker).build();
        try (DomainDirectory directory = DomainDirectory.create();
                ThaApplication application = ThaApplication.open(directory.path(), FlightsService.NAME, config)) {
            FlightsService service = new FlightsService(application, FlightsVersion.of(version));
            for (int i = 0; i < flights.size(); i++) {
                service.accept(flights.get(i));
            }

            assertEquals(Reference.of(flights, flights.size(), new VersionChange(0, version)).text(), PoolText.of(application.pool()));
        }
    }

    @ParameterizedTest
    @EnumSource(names = "APPLICATION", mode = EnumSource.Mode.EXCLUDE)
    void killsComeOutAsTheyWereAskedFor(TrackerKind tracker) {
        requireAvailable(tracker);
        DemoOptions options = new DemoOptions();
        options.tracker = tracker;
        options.input = INPUT;
        options.kills = 2;

        assertEquals(0, new DemoRun(options).run());
    }

    @Test
    void aTrackerThatTheServiceDoesNotServeIsRefused() {
        DemoOptions options = new DemoOptions();
        options.tracker = TrackerKind.APPLICATION;
        options.input = INPUT;

        assertThrows(IllegalArgumentException.class, new DemoRun(options)::run);
    }

    private static void requireAvailable(TrackerKind tracker) {
        String reason = Trackers.unavailableReason(tracker);
        assumeTrue(reason == null, tracker + " cannot be used here: " + reason);
    }

    @Test
    void anActiveThatEndsOfItselfIsNoKill() throws IOException, InterruptedException {
        Process demo = demo("--input", INPUT.toString(), "--kills=1", "--seed=1", "--rate=1000");
        try (BufferedReader output = demo.inputReader()) {
            String line = output.readLine();
            while (line != null && !line.contains("is due")) {
                line = output.readLine();
            }
            demo.children().filter(DemoTest::isActive).forEach(ProcessHandle::destroyForcibly);

            assertTrue(output.lines().anyMatch(said -> said.contains("ended of itself")), "it did not notice");
            assertEquals(1, demo.waitFor());
        } finally {
            demo.destroy();
        }
    }

    @Test
    void wrongInputIsToldInOneLine() throws IOException, InterruptedException {
        String input = "--input=" + INPUT;
        for (String[] wrong : new String[][] {{"--input=none.csv"}, {input, "--kills=20000"}, {input, "--upgrade", "--kills=1"}}) {
            Process demo = demo(wrong);
            try (BufferedReader output = demo.inputReader()) {
                List<String> said = output.lines().toList();

                assertEquals(1, said.size(), String.join("\n", said));
                assertTrue(said.get(0).startsWith("demo: "), said.get(0));
                assertEquals(2, demo.waitFor());
            }
        }
    }

    private static Process demo(String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), FlightsDemo.class.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    private static boolean isActive(ProcessHandle node) {
        return node.info().arguments().stream().anyMatch(arguments -> List.of(arguments).contains("active"));
    }

    @Test
    void theBoardKeepsWhatEachProcessSaid(@TempDir Path directory) {
        Board driver = Board.open(directory.resolve("board"), 3);
        Board killed = Board.open(directory.resolve("board"), 1);
        Board successor = Board.open(directory.resolve("board"), 2);
        driver.limit(9);
        killed.position(0, 5);
        successor.position(1, 7);

        assertEquals(5, driver.position(0));
        assertEquals(7, driver.position(1));
        assertEquals(9, successor.limit());
    }

    @Test
    void aSeedRepeatsItsKills() {
        assertArrayEquals(KillPlan.draw(7, 5, 1_000), KillPlan.draw(7, 5, 1_000));
        assertEquals(9, KillPlan.draw(1, 9, 10).length);
        assertThrows(IllegalArgumentException.class, () -> KillPlan.draw(1, 10, 10));
    }

    @Test
    void aFlightIsWhatItsTextSays() {
        FlightFile flights = FlightFile.load(INPUT);
        for (int i = 0; i < flights.size(); i++) {
            assertEquals(flights.get(i), Flight.of(flights.get(i).text()));
        }
    }

    @Test
    void theVerdictSeesWhatIsLostDuplicatedOrDifferent() {
        List<Kill> none = List.of();
        List<Check> right = List.of(new Check("a", state(3, "x"), state(3, "x")));

        assertTrue(new Verdict(3, 0, none, right).isGood());
        assertTrue(line(state(2, "x")).contains("lost=1 duplicated=0 state=different"));
        assertTrue(line(state(4, "x")).contains("lost=0 duplicated=1 state=different"));
        assertTrue(line(state(3, "y")).contains("lost=0 duplicated=0 state=different"));
        assertFalse(new Verdict(3, 1, none, right).isGood(), "a kill is missing");
        assertFalse(new Verdict(3, 1, List.of(new Kill(1, 2, 1, 0, 0, 0)), right).isGood(), "one was lost between");
    }

    private static String line(SortedMap<String, String> found) {
        Verdict verdict = new Verdict(3, 0, List.of(), List.of(new Check("a", state(3, "x"), found)));
        assertFalse(verdict.isGood());
        assertFalse(verdict.differences().isEmpty());
        return verdict.line();
    }

    private static SortedMap<String, String> state(int flights, String other) {
        return new TreeMap<>(Map.of("totals", "position=" + flights + " flights=" + flights + " rest", "object", other));
    }
}
