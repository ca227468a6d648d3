package io.tha.torture;

import io.tha.pool.ThaPool;
import java.util.List;

/**
 * Compares a state, whole, with that of the model after as many transactions as it says to have, and with what this process has seen before: a
 * committed transaction never goes away.
 *
 * <p>Threads: one at a time.
 */
final class StateCheck {
    private static final int SHOWN_LENGTH = 400;

    private final LaneModel[] models = new LaneModel[Plan.LANES];
    private final long[] seen = new long[Plan.LANES];

    StateCheck(long seed) {
        for (int i = 0; i < models.length; i++) {
            models[i] = new LaneModel(seed, i);
        }
    }

    /**
     * Compares.
     *
     * @return what is wrong, or null
     */
    synchronized String problem(ThaPool pool) {
        List<List<String>> lanes = LaneText.lines(pool);
        if (!lanes.get(Plan.LANES).isEmpty()) {
            return "torn: objects of no lane: " + lanes.get(Plan.LANES);
        }
        for (int lane = 0; lane < Plan.LANES; lane++) {
            long k = LaneText.sequence(pool, lane);
            if (k < seen[lane]) {
                return "lost: lane " + lane + " has transaction " + k + ", this process has seen " + seen[lane];
            }
            seen[lane] = k;
            List<String> expected = models[lane].lines(k);
            if (!expected.equals(lanes.get(lane))) {
                return "torn: lane " + lane + " after transaction " + k + ": " + difference(expected, lanes.get(lane));
            }
        }
        return null;
    }

    /** This process has committed it. */
    synchronized void saw(int lane, long k) {
        seen[lane] = Math.max(seen[lane], k);
    }

    /** What is in one of two sorted lists only. */
    static String difference(List<String> expected, List<String> found) {
        return "expected and not found " + shown(expected, found) + ", found and not expected " + shown(found, expected);
    }

    private static String shown(List<String> these, List<String> without) {
        String text = these.stream().filter(line -> !without.contains(line)).toList().toString();
        return text.length() > SHOWN_LENGTH ? text.substring(0, SHOWN_LENGTH) + "…" : text;
    }
}
