package io.tha.capture;

/** Is told of ranges of objects that differ from the committed image, widened to whole elements. */
interface RangeSink {
    /**
     * One range.
     *
     * @param handle of the object
     * @param start offset in the object
     * @param end offset behind the range
     */
    void differs(long handle, int start, int end);
}
