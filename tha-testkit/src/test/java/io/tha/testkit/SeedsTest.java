package io.tha.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SeedsTest {
    private final String before = System.getProperty(Seeds.PROPERTY);

    @AfterEach
    void restoreTheProperty() {
        if (before == null) {
            System.clearProperty(Seeds.PROPERTY);
        } else {
            System.setProperty(Seeds.PROPERTY, before);
        }
    }

    @Test
    void thePropertyRepeatsARun() {
        System.setProperty(Seeds.PROPERTY, "42");

        assertEquals(42, Seeds.seed());
        assertEquals(Seeds.random().nextLong(), Seeds.random().nextLong());
    }

    @Test
    void theSeedIsPrintedWithTheTestAndTheWayToRepeatIt() {
        System.clearProperty(Seeds.PROPERTY);
        PrintStream console = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        long seed;
        try {
            System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
            seed = Seeds.seed();
        } finally {
            System.setOut(console);
        }

        String line = printed.toString(StandardCharsets.UTF_8);
        assertTrue(line.startsWith("SeedsTest.theSeedIsPrintedWithTheTestAndTheWayToRepeatIt: seed=" + seed), line);
        assertTrue(line.contains("repeat with -Dtha.seed=" + seed), line);
    }

    @Test
    void aPropertyThatIsNoNumberIsRefused() {
        System.setProperty(Seeds.PROPERTY, "many");

        assertThrows(IllegalArgumentException.class, Seeds::seed);
    }
}
