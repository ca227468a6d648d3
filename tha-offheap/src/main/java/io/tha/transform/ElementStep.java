package io.tha.transform;

/** A step that takes one value after the other. */
abstract class ElementStep extends Step {
    ElementStep(Place place, int sourceLength, int targetLength, int count) {
        super(place, sourceLength, targetLength, count);
    }

    @Override
    final void apply(long sourceStart, int from, int to, long targetStart, Receiver receiver) {
        int last = Math.min(sourceEnd(), to) - source;
        for (int i = Math.max(0, from - source) / sourceLength; (i + 1) * sourceLength <= last; i++) {
            value(sourceStart + source + (long) i * sourceLength, targetStart + target + (long) i * targetLength, i, receiver);
        }
    }

    abstract void value(long sourceAddress, long targetAddress, int index, Receiver receiver);

    @Override
    final int targetOffset(int sourceOffset, String layoutName) {
        int inside = (sourceOffset - source) % sourceLength;
        return inside == 0 ? target + (sourceOffset - source) / sourceLength * targetLength : NO_OFFSET;
    }
}
