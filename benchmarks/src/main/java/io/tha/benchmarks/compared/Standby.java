package io.tha.benchmarks.compared;

/**
 * The side that follows, in another process.
 *
 * <p>Threads: one.
 */
interface Standby extends AutoCloseable {
    /**
     * Applies what has come, and does not wait for more.
     *
     * @param most how many transactions
     * @return how many it were
     */
    int poll(int most);

    /** The long of an object that transactions set, as it is here. */
    long value(int object);

    @Override
    void close();
}
