package io.tha.benchmarks.compared;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class GoalTest {
    @Test
    void aGoalIsMetAtItsBound() {
        assertEquals("goal small.active_cost ratio=1.00 bound<=1.00 ok", Goal.atMost("small.active_cost", 1, 1).toString());
        assertEquals("goal small.rate ratio=1.00 bound>=1.00 ok", Goal.atLeast("small.rate", 1, 1).toString());
    }

    @Test
    void aGoalIsMissedBeyondItsBoundAndWhereNothingWasMeasured() {
        assertEquals("goal small.active_cost ratio=1.25 bound<=1.00 missed", Goal.atMost("small.active_cost", 1.25, 1).toString());
        assertEquals("goal small.rate ratio=0.75 bound>=1.00 missed", Goal.atLeast("small.rate", 0.75, 1).toString());
        assertEquals("goal small.rate ratio=NaN bound>=1.00 missed", Goal.atLeast("small.rate", Double.NaN, 1).toString());
    }
}
