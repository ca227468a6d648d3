package io.tha.transform;

import io.tha.memory.Memory;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Memory outside the heap in place of a buffer on it: steps work on addresses, and objects on the heap have none that stays. It grows to what is
 * needed, and is used again.
 *
 * <p>Threads: one.
 */
final class OffHeapCopy implements AutoCloseable {
    private final UnsafeBuffer view = new UnsafeBuffer(0, 0);
    private long address;
    private int capacity;

    /** Whether a buffer needs it. */
    static boolean isNeeded(DirectBuffer buffer) {
        return buffer.byteArray() != null || buffer.addressOffset() == 0;
    }

    /** Copies from a buffer, whose bounds have been checked; returns the address. */
    long take(DirectBuffer from, int index, int length) {
        room(length);
        from.getBytes(index, view, 0, length);
        return address;
    }

    /** The address of so many bytes, which hold anything. */
    long room(int length) {
        if (capacity < length) {
            close();
            address = Memory.allocate(length);
            capacity = length;
            view.wrap(address, length);
        }
        return address;
    }

    /** Copies to a buffer, whose bounds have been checked. */
    void give(MutableDirectBuffer to, int index, int length) {
        to.putBytes(index, view, 0, length);
    }

    /** Gives the memory back; it can be used again. */
    @Override
    public void close() {
        Memory.free(address);
        address = 0;
        capacity = 0;
    }
}
