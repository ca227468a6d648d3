package io.tha.examples.flights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlightFileTest {
    @TempDir
    private Path directory;

    @Test
    void columnsMayComeInAnyOrder() throws IOException {
        Path file = write("distance_miles,delay_minutes,destination,origin,date\n2399,-5,SFO,HNL,2001/01/01 01:10\n");

        FlightFile flights = FlightFile.load(file);

        assertEquals(1, flights.size());
        assertEquals(new Flight("2001/01/01 01:10", "HNL", "SFO", -5, 2399), flights.get(0));
    }

    @Test
    void theBundledFileHasTwentyThousandFlights() {
        FlightFile flights = FlightFile.load(Path.of("data/flights-20k.csv.gz"));

        assertEquals(20_000, flights.size());
        assertEquals(new Flight("2001/01/01 00:47", "DTW", "LAS", 66, 1750), flights.get(0));
    }

    @Test
    void aLineThatIsNoFlightIsNamed() throws IOException {
        Path file = write("date,origin,destination,delay_minutes,distance_miles\n2001/01/01 01:10,HNL,SFO,95,2399\n2001/01/01,HNL,SFO,late,2\n");

        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> FlightFile.load(file));

        assertTrue(refused.getMessage().contains("line 3"), refused.getMessage());
    }

    @Test
    void textThatNoFieldHoldsIsNamed() throws IOException {
        String header = "date,origin,destination,delay_minutes,distance_miles\n";
        for (String line : new String[] {"2001/01/01 01:10:00.000,HNL,SFO,1,2", "2001/01/01,ÄÖÜßÄ,SFO,1,2", "2001/01/01,,SFO,1,2"}) {
            Path file = write(header + line + "\n");

            IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> FlightFile.load(file));

            assertTrue(refused.getMessage().contains("line 2"), refused.getMessage());
        }
    }

    @Test
    void aMissingFileIsNamed() {
        Path file = directory.resolve("none.csv");

        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> FlightFile.load(file));

        assertTrue(refused.getMessage().contains("none.csv"), refused.getMessage());
    }

    @Test
    void missingColumnsAreNamed() throws IOException {
        Path file = write("date,from,to\n");

        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> FlightFile.load(file));

        assertTrue(refused.getMessage().contains("delay_minutes"), refused.getMessage());
    }

    @Test
    void delaysFallIntoBuckets() {
        assertEquals(0, new Flight("", "A", "B", -20, 1).bucket());
        assertEquals(0, new Flight("", "A", "B", 0, 1).bucket());
        assertEquals(1, new Flight("", "A", "B", 1, 1).bucket());
        assertEquals(6, new Flight("", "A", "B", 360, 1).bucket());
        assertEquals(Flight.BUCKET_COUNT - 1, new Flight("", "A", "B", 361, 1).bucket());
        assertTrue(new Flight("", "A", "B", 361, 1).isCancelled());
    }

    private Path write(String text) throws IOException {
        Path file = directory.resolve("flights.csv");
        Files.writeString(file, text);
        return file;
    }
}
