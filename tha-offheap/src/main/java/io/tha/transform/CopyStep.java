package io.tha.transform;

import io.tha.memory.Memory;

/** Bytes that mean the same in both layouts: any part of them. */
final class CopyStep extends Step {
    CopyStep(Place place, int lengthBytes) {
        super(place, lengthBytes, lengthBytes, 1);
    }

    /** Whether it begins where another one ends, on both sides. */
    boolean follows(CopyStep before) {
        return before.sourceEnd() == source && before.target + before.targetLength == target;
    }

    /** Both in one. */
    CopyStep with(CopyStep next) {
        return new CopyStep(place(), sourceLength + next.sourceLength);
    }

    @Override
    void apply(long sourceStart, int from, int to, long targetStart, Receiver receiver) {
        int begin = Math.max(from, source);
        Memory.copy(sourceStart + begin, targetStart + begin - source + target, Math.min(to, sourceEnd()) - begin);
    }

    @Override
    int targetOffset(int sourceOffset, String layoutName) {
        return sourceOffset - source + target;
    }
}
