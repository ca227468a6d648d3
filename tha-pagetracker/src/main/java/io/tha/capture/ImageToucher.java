package io.tha.capture;

import io.tha.memory.LineMarks;
import io.tha.memory.Memory;
import io.tha.pool.CommittedImage;
import io.tha.tracker.PageTracker.LineConsumer;

/**
 * Reads one word of each written line in the image before the diff does: the reads do not wait for each other, so their cache misses overlap instead
 * of adding up one by one between the diff's comparisons.
 *
 * <p>Threads: under the commit lock.
 */
final class ImageToucher implements LineConsumer {
    private final CommittedImage image;
    /** Keeps the reads from being thought useless. */
    private long touched;

    ImageToucher(CommittedImage image) {
        this.image = image;
    }

    @Override
    public void accept(int page, long lines) {
        long pageAddress = image.address((long) page << LineMarks.PAGE_SHIFT);
        long sum = touched;
        for (long left = lines; left != 0; left &= left - 1) {
            sum += Memory.getLong(pageAddress + ((long) Long.numberOfTrailingZeros(left) << LineMarks.LINE_SHIFT));
        }
        touched = sum;
    }
}
