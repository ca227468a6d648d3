package io.tha.tracker;

import io.tha.memory.LineMarks;

/**
 * Finds the lines that were written: (page, line mask) out. A line that is reported need not differ from the committed image; a line that
 * differs must be reported.
 *
 * <p>Threads: one at a time per group, different groups in parallel.
 */
public interface PageTracker extends AutoCloseable {
    /** Which one it is. */
    TrackerKind kind();

    /** From now on every write is noticed. */
    void start();

    /**
     * Finds what was written so far, in all groups; others may go on writing. Under the commit lock.
     *
     * @throws io.tha.ThaException if the kernel refuses; nothing is forgotten
     */
    void gather();

    /**
     * Somebody will write there, until the group's transaction is decided or flushed, whom this tracker may not be able to notice by himself. By
     * the group's thread, also without the commit lock.
     */
    void touch(int group, long poolOffset, long lengthBytes);

    /** Reports the written lines of a group that were gathered, and makes no garbage. */
    void collect(int group, LineConsumer consumer);

    /** Forgets what was written to a group: its transaction is decided. */
    void clear(int group);

    /** Stops noticing. */
    @Override
    void close();

    /** Is told of written lines. */
    interface LineConsumer {
        /**
         * One page.
         *
         * @param page index in the pool
         * @param lines mask; bit 0 is the first line of 64 bytes
         */
        void accept(int page, long lines);

        /**
         * A range that the application has named, inside one object. Whoever only asks for lines is told of those that hold it.
         *
         * @param poolOffset of the first byte
         * @param lengthBytes at least 1
         */
        default void named(long poolOffset, long lengthBytes) {
            long lastLine = poolOffset + lengthBytes - 1 >>> LineMarks.LINE_SHIFT;
            for (long line = poolOffset >>> LineMarks.LINE_SHIFT; line <= lastLine; line++) {
                accept((int) (line >>> LineMarks.PAGE_SHIFT - LineMarks.LINE_SHIFT), 1L << line);
            }
        }
    }
}
