package io.tha.examples.flights;

import io.tha.transform.FieldMapping.Verdict;
import io.tha.transform.LayoutComparison;
import io.tha.transform.LayoutFile;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * Writes the layouts of this version to {@code target/layouts}, and compares them with those of the version that runs out there. When this one does,
 * its file is copied to {@code layouts}.
 */
class FlightsLayoutsTest {
    private static final Path RELEASED = Path.of("layouts/flights.layouts");
    private static final Path THIS_VERSION = Path.of("target/layouts/flights.layouts");

    @Test
    void thisVersionCanTakeOverFromTheReleasedOneAndBack() {
        LayoutFile thisVersion = LayoutFile.of(FlightsService.layouts());

        thisVersion.write(THIS_VERSION);

        LayoutComparison.of(LayoutFile.read(RELEASED), thisVersion).requireAtMost(Verdict.SAFE, Verdict.LOSSY);
    }
}
