package io.tha.transform;

/** Structures in an array, each transformed by steps of its own. */
final class StructStep extends Step {
    private final Steps steps;
    private final String layoutName;

    StructStep(Place place, Shape shape, Steps steps) {
        super(place, shape.sourceLength(), shape.targetLength(), shape.count());
        this.steps = steps;
        layoutName = shape.layoutName();
    }

    /** Of the array. */
    record Shape(String layoutName, int sourceLength, int targetLength, int count) {}

    @Override
    void apply(long sourceStart, int from, int to, long targetStart, Receiver receiver) {
        int last = Math.min(sourceEnd(), to) - 1 - source;
        for (int i = Math.max(0, from - source) / sourceLength; i <= last / sourceLength; i++) {
            int shift = source + i * sourceLength;
            steps.apply(sourceStart + shift, from - shift, to - shift, targetStart + target + (long) i * targetLength, receiver);
        }
    }

    @Override
    int targetOffset(int sourceOffset, String name) {
        int element = (sourceOffset - source) / sourceLength;
        int inside = (sourceOffset - source) % sourceLength;
        int found = inside == 0 && name.equals(layoutName) ? 0 : steps.targetOffset(inside, name);
        return found == NO_OFFSET ? NO_OFFSET : target + element * targetLength + found;
    }
}
