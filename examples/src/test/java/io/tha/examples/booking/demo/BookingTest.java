package io.tha.examples.booking.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tha.testkit.Extent;
import io.tha.testkit.Seeds;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import picocli.CommandLine;

@Timeout(300)
class BookingTest {
    private static final int KILLS = Extent.of(4);

    @Test
    void whoeverIsKilledEachBookingIsInAllServicesOrInNone() {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        BookingOptions options = options("--kills=" + KILLS, "--seed=" + Seeds.seed());

        int status = new BookingRun(options, new PrintStream(output, true, StandardCharsets.UTF_8)).run();

        String all = output.toString(StandardCharsets.UTF_8);
        List<String> lines = all.lines().toList();
        assertEquals(0, status, all);
        assertTrue(
                lines.get(lines.size() - 1).matches("bookings=[1-9]\\d* kills=" + KILLS + " half_visible=0 lost=0 invariants=hold"), all);
        assertEquals(KILLS, lines.stream().filter(line -> line.startsWith("kill ")).count(), all);
    }

    @Test
    void fewerKillsThanNoneAreRefused() {
        assertThrows(CommandLine.ParameterException.class, () -> options("--kills=-1"));
    }

    private static BookingOptions options(String... arguments) {
        BookingOptions options = new BookingOptions();
        new CommandLine(options).parseArgs(arguments);
        return options;
    }
}
