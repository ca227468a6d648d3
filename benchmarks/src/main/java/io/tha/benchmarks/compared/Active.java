package io.tha.benchmarks.compared;

/**
 * The side that serves. Its state has all objects of its {@link Load} when it is opened, each with zeroes.
 *
 * <p>Threads: one.
 */
interface Active extends AutoCloseable {
    /**
     * Sets one long of each of the next objects, and hands that to the standby as one transaction; waits while there is no room for it.
     *
     * @param value what they are set to
     */
    void transact(long value);

    /** Waits until the standby is there; returns at once where that is not needed. */
    default void awaitStandby() {}

    @Override
    void close();
}
