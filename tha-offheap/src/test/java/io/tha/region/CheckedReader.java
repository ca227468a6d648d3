package io.tha.region;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tha.Intent;
import java.util.List;

/** A reader that compares every delivered frame with the model. */
final class CheckedReader implements FrameHandler, AutoCloseable {
    private final CommittedModel model;
    private final LogReader reader;
    private final long applied;
    private int next;
    private int frames;

    /**
     * Joins at a redo start, with an image that has everything below a position.
     *
     * <p>Of a transaction that the image has, what was published before the redo start is not delivered again.
     */
    CheckedReader(LogFile log, CommittedModel model, long start, long applied) {
        this.model = model;
        this.applied = applied;
        reader = LogReader.join(log, new ReaderSlots(log, process -> false), 1, () -> start);
        next = model.firstAfter(reader.position());
    }

    /** From now on it counts as one that has what it has read. */
    void follows() {
        reader.applyAtOnce();
    }

    int poll() {
        return reader.poll(this);
    }

    /** Polls until nothing more comes; what the last poll returned. */
    int drain() {
        int result = poll();
        while (result > 0) {
            result = poll();
        }
        return result;
    }

    long position() {
        return reader.position();
    }

    /** How many transactions of the model are delivered, those before the start included. */
    int delivered() {
        return next;
    }

    List<Intent> intents() {
        return reader.intents();
    }

    @Override
    public void frame(int type, long address, int lengthBytes) {
        assertTrue(next < model.size(), "more is delivered than was committed");
        CommittedModel.Transaction expected = model.get(next);
        if (frames == 0 && expected.end() <= applied) {
            frames = firstLike(expected, type, address, lengthBytes);
        }
        assertTrue(frames < expected.frames().size(), "too many frames in transaction " + expected.id());
        assertNull(expected.frames().get(frames).difference(type, address, lengthBytes));
        frames++;
    }

    private static int firstLike(CommittedModel.Transaction expected, int type, long address, int lengthBytes) {
        int i = 0;
        while (i < expected.frames().size() && expected.frames().get(i).difference(type, address, lengthBytes) != null) {
            i++;
        }
        return i;
    }

    @Override
    public void committed(long transactionId, long endPosition) {
        assertTrue(next < model.size(), "more is delivered than was committed");
        CommittedModel.Transaction expected = model.get(next);
        assertEquals(expected.id(), transactionId);
        boolean noneAgain = frames == 0 && expected.end() <= applied;
        assertEquals(expected.frames().size(), noneAgain ? expected.frames().size() : frames, "frames of transaction " + transactionId);
        assertEquals(expected.end(), endPosition);
        next++;
        frames = 0;
    }

    @Override
    public void close() {
        reader.close();
    }
}
