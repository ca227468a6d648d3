package io.tha.transform;

/**
 * Part of a {@link Transformation}: values of one kind, in a row in the source, and in the target.
 *
 * <p>Threads: immutable.
 */
abstract class Step {
    static final int NO_OFFSET = -1;

    final int source;
    final int sourceLength;
    final int target;
    final int targetLength;
    final int count;
    private final Place place;

    Step(Place place, int sourceLength, int targetLength, int count) {
        this.place = place;
        source = place.source();
        target = place.target();
        this.sourceLength = sourceLength;
        this.targetLength = targetLength;
        this.count = count;
    }

    /** A field of the target, and where its values are, from where the structures begin. */
    record Place(String path, Narrowing narrowing, int source, int target) {}

    final Place place() {
        return place;
    }

    /** As {@link Conversion#path}. */
    public final String path() {
        return place.path();
    }

    /** As {@link Conversion#narrowing}. */
    public final Narrowing narrowing() {
        return place.narrowing();
    }

    final int sourceEnd() {
        return source + sourceLength * count;
    }

    /**
     * Transforms what it has in a range of the source, which cuts no value.
     *
     * @param sourceStart address where the source structure begins, or would: only the range is read
     * @param targetStart address where the target structure begins
     */
    abstract void apply(long sourceStart, int from, int to, long targetStart, Receiver receiver);

    /**
     * Where something of the source that begins at an offset is in the target, or {@link #NO_OFFSET}.
     *
     * @param layoutName of what begins there, which may be a nested structure; empty for the innermost value
     */
    abstract int targetOffset(int sourceOffset, String layoutName);
}
