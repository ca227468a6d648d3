package io.tha.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Collection;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Every benchmark runs, so that it cannot rot; sizes are tiny, and figures mean nothing. */
class BenchmarksRunTest {
    private static final int PATTERNS = 2;
    private static final int SCENES = 4;
    private static final int PAUSES = 2;
    private static final int ACCESSES = 7;

    @Test
    void fieldWritesAreMeasured() throws RunnerException {
        assertEquals(3 * PATTERNS, run(WhatDoesAFieldWriteCost.class).size());
    }

    @Test
    void flyweightsAreMeasured() throws RunnerException {
        assertEquals(2 * ACCESSES, run(WhatDoesAFlyweightCost.class).size());
    }

    @Test
    void allocationsAreMeasured() throws RunnerException {
        assertEquals(2, run(WhatDoesAnAllocationCost.class).size());
    }

    @Test
    void commitsAreMeasured() throws RunnerException {
        assertEquals(2 * SCENES, run(WhatDoesACommitCost.class).size());
    }

    @Test
    void transformationsAreMeasured() throws RunnerException {
        assertEquals(2, run(WhatDoesATransformationCost.class).size());
    }

    @Test
    void coordinatedCommitsAreMeasured() throws RunnerException {
        assertEquals(2 * PAUSES, run(HowSoonIsACoordinatedCommitVisible.class).size());
    }

    @Test
    void applyingIsMeasured() {
        HowFastDoesAStandbyApply.main(new String[] {"--quick"});
    }

    @Test
    void joiningIsMeasured() {
        HowFastDoesAStandbyJoin.main(new String[] {"--quick"});
    }

    @Test
    void takeoversAreMeasured() {
        HowLongDoesATakeoverTake.main(new String[] {"--quick"});
    }

    @Test
    void takeoversByMappingAreMeasured() {
        HowLongDoesATakeoverByMappingTake.main(new String[] {"--quick"});
    }

    @Test
    void failoversAreMeasured() throws IOException {
        HowLongDoesAFailoverTake.main(new String[] {"--quick"});
    }

    @Test
    void switchoversAreMeasured() {
        HowLongIsASwitchoversPause.main(new String[] {"--quick"});
    }

    @Test
    void deathsAreMeasured() throws Exception {
        HowSoonIsADeathNoticed.main(new String[] {"--quick"});
    }

    @Test
    void parkedStandbysAreMeasured() throws IOException {
        WhatDoParkedStandbysCost.main(new String[] {"--quick"});
    }

    @Test
    void scrubbingIsMeasured() {
        WhatDoesScrubbingCost.main(new String[] {"--quick"});
    }

    @Test
    void decisionsAreMeasured() {
        WhatDoesADecisionCost.main(new String[] {"--quick"});
    }

    @Test
    void trackersAreMeasured() {
        WhatDoesATrackerCost.main(new String[] {"--quick"});
    }

    private static Collection<RunResult> run(Class<?> question) throws RunnerException {
        Options options = new OptionsBuilder()
                .include(question.getName() + "\\.")
                .forks(0)
                .warmupIterations(0)
                .measurementIterations(1)
                .measurementTime(TimeValue.milliseconds(5))
                .param("objects", "1000")
                .param("ringMib", "1")
                .verbosity(VerboseMode.SILENT)
                .shouldFailOnError(true)
                .build();
        Collection<RunResult> results = new Runner(options).run();
        results.forEach(result -> assertTrue(result.getPrimaryResult().getScore() > 0, () -> "no score of " + result.getParams()));
        return results;
    }
}
