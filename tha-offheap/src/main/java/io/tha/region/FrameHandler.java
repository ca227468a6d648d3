package io.tha.region;

/** Is given the frames of committed transactions, in order. */
public interface FrameHandler {
    /**
     * A frame of the transaction that is being delivered: a registration, create, update, delete, or one for later features. Its header and
     * CRC were checked; what is inside its body was not, and where the writer has overwritten it meanwhile, {@link #committed} does not follow.
     *
     * @param type of {@link FrameType}
     * @param address of the frame
     * @param lengthBytes header and body
     */
    void frame(int type, long address, int lengthBytes);

    /**
     * The transaction was delivered whole.
     *
     * @param transactionId of it
     * @param endPosition behind its last frame
     */
    void committed(long transactionId, long endPosition);

    /**
     * A SCRUB frame, which is between two transactions and belongs to none. Its header and CRC were checked, its body was not, and where the writer
     * has overwritten it meanwhile, {@link #scrubbed} does not follow.
     *
     * @param address of the frame
     * @param lengthBytes header and body
     */
    default void scrub(long address, int lengthBytes) {}

    /**
     * The SCRUB frame was there as long as {@link #scrub} took.
     *
     * @param endPosition behind it
     */
    default void scrubbed(long endPosition) {}
}
