package io.tha.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.RepeatedTest;

/** As many of its rows run as the property says, and a few more or less. */
@Sampled
class SampledTest {
    private static final int ROWS = 40;
    /** More than five standard deviations of the number that is drawn, and less than what is left out. */
    private static final int LUCK = 20;

    private static int ran;

    @RepeatedTest(ROWS)
    void row() {
        ran++;
    }

    @AfterAll
    static void soManyRan() {
        if (Extent.isWhole()) {
            assertEquals(ROWS, ran);
        } else {
            assertTrue(Math.abs(ran - Extent.of(ROWS)) < LUCK, ran + " of " + ROWS);
        }
    }
}
