package io.tha.transform;

import io.tha.memory.Memory;

/** Bytes for which the target has no room: of a longer array, or longer raw bytes. Zeros are no loss. */
final class TailStep extends Step implements Conversion {
    TailStep(Place place, int lengthBytes) {
        super(place, lengthBytes, lengthBytes, 1);
    }

    @Override
    void apply(long sourceStart, int from, int to, long targetStart, Receiver receiver) {
        int begin = Math.max(from, source);
        long nonZero = Memory.firstNonZero(sourceStart + begin, Math.min(to, sourceEnd()) - begin);
        if (nonZero >= 0) {
            receiver.lost(this, 0, Loss.LENGTH, sourceStart + begin + nonZero);
        }
    }

    @Override
    int targetOffset(int sourceOffset, String layoutName) {
        return NO_OFFSET;
    }

    @Override
    public String valueAt(long sourceAddress) {
        return "byte " + Memory.getByte(sourceAddress);
    }
}
