package io.tha.transform;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * The steps of a structure, in the order in which they lie in the source.
 *
 * <p>Threads: immutable.
 */
final class Steps {
    private final Step[] inOrder;

    Steps(Collection<Step> steps) {
        List<Step> joined = new ArrayList<>();
        steps.stream().sorted(Comparator.comparingInt(step -> step.source)).forEach(step -> {
            Step before = joined.isEmpty() ? null : joined.get(joined.size() - 1);
            if (before instanceof CopyStep copy && step instanceof CopyStep next && next.follows(copy)) {
                joined.set(joined.size() - 1, copy.with(next));
            } else {
                joined.add(step);
            }
        });
        inOrder = joined.toArray(Step[]::new);
    }

    /** As {@link Step#apply}. */
    void apply(long sourceStart, int from, int to, long targetStart, Receiver receiver) {
        for (int i = firstEndingAfter(from); i < inOrder.length && inOrder[i].source < to; i++) {
            inOrder[i].apply(sourceStart, from, to, targetStart, receiver);
        }
    }

    /** As {@link Step#targetOffset}. */
    int targetOffset(int sourceOffset, String layoutName) {
        int i = firstEndingAfter(sourceOffset);
        boolean isThere = i < inOrder.length && inOrder[i].source <= sourceOffset;
        return isThere ? inOrder[i].targetOffset(sourceOffset, layoutName) : Step.NO_OFFSET;
    }

    private int firstEndingAfter(int offset) {
        int low = 0;
        int high = inOrder.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (inOrder[middle].sourceEnd() > offset) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }
}
