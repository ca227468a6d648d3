package io.tha.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ExtentTest {
    @Test
    void thereIsAlwaysOneRepetition() {
        assertEquals(1, Extent.of(1));
        assertTrue(Extent.of(1_000_000_000) >= 1);
        assertEquals(Extent.isWhole(), Extent.of(100) >= 100);
    }
}
