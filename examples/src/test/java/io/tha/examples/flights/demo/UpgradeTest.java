package io.tha.examples.flights.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tha.examples.flights.FlightFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class UpgradeTest {
    private static final Path INPUT = Path.of("data/flights-20k.csv.gz");
    private static final int FLIGHTS = 3_000;

    @Test
    void theSecondVersionTakesOverFromTheFirstAndBackUnderLoad(@TempDir Path directory) throws IOException {
        DemoOptions options = new DemoOptions();
        options.upgrade = true;
        options.input = firstFlights(directory);
        options.kills = 2;

        assertEquals(0, new UpgradeRun(options).run(), () -> "repeat it with scripts/demo --upgrade --kills 2 --seed " + options.seed
                + " --input and the first " + FLIGHTS + " flights of " + INPUT);
    }

    private static Path firstFlights(Path directory) throws IOException {
        Path file = directory.resolve("flights.csv");
        try (BufferedReader all =
                new BufferedReader(new InputStreamReader(new GZIPInputStream(Files.newInputStream(INPUT)), StandardCharsets.UTF_8))) {
            Files.write(file, all.lines().limit(1 + FLIGHTS).toList());
        }
        return file;
    }

    @Test
    void eachStageHasAThirdOfTheKills() {
        assertEquals(List.of(1, 2, 1), versions(2));
        assertEquals(List.of(1, 2, 1, 1), versions(3));
        assertEquals(List.of(1, 1, 2, 2, 1, 1), versions(5));
        assertEquals(List.of(1, 1, 1, 2, 2, 2, 1, 1, 1), versions(8));
        assertThrows(IllegalArgumentException.class, () -> UpgradePlan.draw(1, 1, 100));
    }

    private static List<Integer> versions(int kills) {
        UpgradePlan plan = UpgradePlan.draw(1, kills, 100);
        return IntStream.rangeClosed(0, kills).map(plan::version).boxed().toList();
    }

    @Test
    void theReferenceKnowsWhatEachVersionHasCounted() {
        FlightFile flights = FlightFile.load(INPUT);
        VersionChange first = new VersionChange(0, 1);
        VersionChange upgrade = new VersionChange(1_000, 2);
        VersionChange downgrade = new VersionChange(2_000, 1);

        String older = Reference.of(flights, 1_000, first).text().get("totals");
        String newer = Reference.of(flights, 1_000, first, upgrade).text().get("totals");
        String back = Reference.of(flights, 2_000, first, upgrade, downgrade).text().get("totals");

        assertTrue(older.startsWith("position=1000 flights=1000 delayMinutes="), older);
        assertFalse(older.contains(" distanceMiles=0 "), older);
        assertTrue(newer.startsWith("position=1000 flights=1000 cancelled="), newer);
        assertTrue(back.startsWith("position=2000 flights=2000 delayMinutes=") && back.contains(" distanceMiles=0 "), back);
    }
}
