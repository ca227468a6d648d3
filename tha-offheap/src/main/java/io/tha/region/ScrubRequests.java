package io.tha.region;

/**
 * What standbys have asked for, each in its reader slot; docs/formats.md 3.8. Nothing here is trusted: numbers may be anything, and the words of a
 * request may be of two.
 *
 * <p>Threads: one.
 */
public final class ScrubRequests {
    private final ReaderSlots readers;
    private final long[] answered = new long[LogDescriptor.READER_COUNT];

    /** Of the readers of a log that nobody has read before. */
    public ScrubRequests(ReaderSlots readers) {
        this.readers = readers;
    }

    /** Is told of a request. */
    public interface Answerer {
        /**
         * A standby wants a part of an object.
         *
         * @param handle whatever the standby has stored, as the other two
         */
        void answer(long handle, int start, int lengthBytes);
    }

    /** Tells of the requests that came since the last call, one for each reader; returns how many. */
    public int poll(Answerer answerer) {
        int count = 0;
        for (int slot = 0; slot < LogDescriptor.READER_COUNT; slot++) {
            long number = readers.requestNumberAcquire(slot);
            if (number != answered[slot] && readers.isActive(slot)) {
                answered[slot] = number;
                answerer.answer(readers.requestHandle(slot), readers.requestStart(slot), readers.requestLength(slot));
                count++;
            }
        }
        return count;
    }
}
