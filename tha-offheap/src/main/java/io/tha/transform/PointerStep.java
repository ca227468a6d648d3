package io.tha.transform;

import io.tha.memory.Memory;

/** Pointers. */
final class PointerStep extends ElementStep {
    private final String pointsTo;

    PointerStep(Place place, int count, String pointsTo) {
        super(place, Long.BYTES, Long.BYTES, count);
        this.pointsTo = pointsTo;
    }

    @Override
    void value(long sourceAddress, long targetAddress, int index, Receiver receiver) {
        receiver.pointer(Memory.getLong(sourceAddress), pointsTo, targetAddress);
    }
}
