package io.tha.testkit;

import java.util.Random;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Draws the tests of {@link Sampled} classes. */
final class Sample implements ExecutionCondition {
    private static final class SampledTests {
        private static final long SEED = Seeds.seed();

        private SampledTests() {}

        static boolean includes(String uniqueId) {
            return new Random(SEED + uniqueId.hashCode()).nextInt(Extent.WHOLE) < Extent.PERCENT;
        }
    }

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        if (Extent.isWhole() || !isTest(context) || SampledTests.includes(context.getUniqueId())) {
            return ConditionEvaluationResult.enabled("in the sample");
        }
        return ConditionEvaluationResult.disabled(
                "not in the sample of " + Extent.PERCENT + " %", "-D" + Seeds.PROPERTY + "=" + SampledTests.SEED + " repeats it");
    }

    /** Of a parameterized test each row is one: the method only contains them. */
    private static boolean isTest(ExtensionContext context) {
        String id = context.getUniqueId();
        return context.getTestMethod().isPresent() && (!id.contains("[test-template:") || id.contains("[test-template-invocation:"));
    }
}
