package io.tha.tracker;

/**
 * Memory of this process that is watched for writes, by whatever code.
 *
 * <p>Threads: one at a time, except {@link #hold}; any may write to the memory meanwhile.
 */
interface WriteProtection extends AutoCloseable {
    /** From now on, writes to whole pages are noticed; what was written before counts as not written. */
    void watch(long address, long lengthBytes);

    /**
     * Reports what was written, and watches it again. What was reported before an exception is watched again, the rest will be reported later.
     *
     * @throws io.tha.ThaException if the kernel refuses: the range is not watched, or memory for its page tables is lacking
     */
    void scan(long from, long to, RangeConsumer consumer);

    /** These pages will be written by somebody who cannot be noticed, until {@link #letGo}: every scan reports them. */
    default void hold(int owner, long from, long to) {
        // Where everybody is noticed there is nothing to do.
    }

    /** What an owner holds is noticed again as ever. */
    default void letGo(int owner) {
        // As above.
    }

    /** Nothing is watched any more. */
    @Override
    void close();

    /** Is told of written memory. */
    interface RangeConsumer {
        /**
         * Whole pages.
         *
         * @param start address
         * @param end address behind the last page
         */
        void accept(long start, long end);
    }
}
