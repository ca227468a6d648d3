package io.tha.transform;

import io.tha.memory.Memory;

/** Pointers. */
final class PointerStep extends ElementStep {
    PointerStep(Place place, int count) {
        super(place, Long.BYTES, Long.BYTES, count);
    }

    @Override
    void value(long sourceAddress, long targetAddress, int index, Receiver receiver) {
        receiver.pointer(Memory.getLong(sourceAddress), targetAddress);
    }
}
