package io.tha.examples.flights;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tha.layout.Layout;
import io.tha.transform.Conversions;
import io.tha.transform.FieldMapping.Verdict;
import io.tha.transform.LayoutComparison;
import io.tha.transform.LayoutFile;
import io.tha.transform.LayoutMapping;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Writes the layouts of each version to {@code target/layouts}, and compares them with those that were released, in {@code layouts}. Of a version
 * that is new the file is copied there when it runs.
 */
class FlightsLayoutsTest {
    private static final List<String> NAMES = List.of("flights.layouts", "flights-v2.layouts");
    private static final Path RELEASED = Path.of("layouts");
    private static final Path WRITTEN = Path.of("target/layouts");

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void whatRunsOutThereIsWhatIsBuiltHere(int version) throws IOException {
        String name = NAMES.get(version - 1);
        LayoutFile file = fileOf(FlightsVersion.of(version));

        file.write(WRITTEN.resolve(name));

        assertEquals(Files.readString(RELEASED.resolve(name)), file.text());
    }

    @Test
    void theSecondVersionCanTakeOverFromTheFirstAndBack() {
        LayoutFile first = LayoutFile.read(RELEASED.resolve(NAMES.get(0)));
        LayoutFile second = fileOf(FlightsVersion.of(2));

        LayoutComparison.of(first, second).requireAtMost(Verdict.LOSSY, Verdict.LOSSY);
    }

    /** Lossy is lossy: so that nothing else becomes it unseen, what is meant to be is listed. */
    @Test
    void nothingButWhatIsMeantToIsGoneOrMayNotFit() {
        LayoutComparison comparison = LayoutComparison.of(fileOf(FlightsVersion.of(1)), fileOf(FlightsVersion.of(2)));

        assertEquals(
                List.of("Airport.delayMinutes", "Airport.longestDelays", "Route.delayMinutes", "Totals.delayMinutes", "Totals.distanceMiles gone"),
                lossy(comparison.upgrade()));
        assertEquals(
                List.of(
                        "Airport.delayMinutes",
                        "Airport.routes",
                        "Airport.delays",
                        "Airport.longestDelays",
                        "Route.delayMinutes",
                        "Route.distanceKilometres gone",
                        "Route.leastDelayMinutes gone",
                        "Totals.delayMinutes"),
                lossy(comparison.downgrade()));
    }

    private static List<String> lossy(List<LayoutMapping> mappings) {
        return mappings.stream()
                .flatMap(mapping -> mapping.fields().stream()
                        .filter(field -> field.verdict() == Verdict.LOSSY)
                        .map(field -> mapping.source() + "." + field.source() + (field.target() == null ? " gone" : "")))
                .toList();
    }

    private static LayoutFile fileOf(FlightsVersion version) {
        LayoutFile file = LayoutFile.of();
        for (Map.Entry<Layout, Conversions> each : version.layouts().entrySet()) {
            file = file.with(each.getKey(), each.getValue());
        }
        return file;
    }
}
