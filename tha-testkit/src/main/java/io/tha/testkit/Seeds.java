package io.tha.testkit;

import java.security.SecureRandom;
import java.util.Random;

/** The seed of a random test: taken from the system property {@value #PROPERTY}, else new in each run, and always printed. */
public final class Seeds {
    /** The system property that repeats a run. */
    public static final String PROPERTY = "tha.seed";

    private static final StackWalker CALLERS = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);

    private Seeds() {}

    /**
     * The seed for the calling test.
     *
     * @throws IllegalArgumentException if the property is set but is not a number
     */
    public static long seed() {
        String set = System.getProperty(PROPERTY);
        long seed = set == null ? new SecureRandom().nextLong() : parse(set);
        System.out.println(caller() + ": seed=" + seed + " repeat with -D" + PROPERTY + "=" + seed);
        return seed;
    }

    /** A generator that begins with the {@link #seed} of the calling test. */
    public static Random random() {
        return new Random(seed());
    }

    private static long parse(String value) {
        try {
            return Long.decode(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("system property " + PROPERTY + " is '" + value + "', expected a 64-bit number", e);
        }
    }

    private static String caller() {
        return CALLERS.walk(frames -> frames
                .filter(frame -> frame.getDeclaringClass() != Seeds.class)
                .findFirst()
                .map(frame -> frame.getDeclaringClass().getSimpleName() + "." + frame.getMethodName())
                .orElse("test"));
    }
}
