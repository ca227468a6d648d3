package io.tha.benchmarks.compared;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * The message that somebody would write by hand for a transaction of a {@link Load}: for each object its number and its long.
 *
 * <p>Threads: one.
 */
final class Changes {
    private static final int EACH = Integer.BYTES + Long.BYTES;

    private final int[] order;
    private final int number;
    private int next;

    Changes(Load load) {
        order = load.order();
        number = load.changes();
    }

    int lengthBytes() {
        return number * EACH;
    }

    /** Changes the next objects of a state. */
    void apply(FlatState state, long value) {
        for (int i = 0; i < number; i++) {
            state.set(nextObject(), value);
        }
    }

    /** Changes the next objects of a state, and writes that into a message. */
    void apply(FlatState state, long value, MutableDirectBuffer message, int offset) {
        int at = offset;
        for (int i = 0; i < number; i++, at += EACH) {
            int object = nextObject();
            state.set(object, value);
            message.putInt(at, object);
            message.putLong(at + Integer.BYTES, value);
        }
    }

    /** Changes the objects of a state that a message names. */
    static void applyMessage(DirectBuffer message, int offset, int lengthBytes, FlatState state) {
        for (int at = offset; at < offset + lengthBytes; at += EACH) {
            state.set(message.getInt(at), message.getLong(at + Integer.BYTES));
        }
    }

    /** The number of the next object. */
    int nextObject() {
        int object = order[next];
        next = next + 1 == order.length ? 0 : next + 1;
        return object;
    }
}
