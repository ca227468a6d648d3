package io.tha.transform;

import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * How many values did not fit, for each field of the receiver, of which there are only so many.
 *
 * <p>Threads: one.
 */
final class LossCounts {
    private final Map<String, Count> byPath = new HashMap<>();
    private long total;

    /** Of a field; made once, so that counting makes no garbage. */
    private static final class Count {
        private long losses;
    }

    void add(String path) {
        Count count = byPath.get(path);
        if (count == null) {
            count = new Count();
            byPath.put(path, count);
        }
        count.losses++;
        total++;
    }

    long total() {
        return total;
    }

    Map<String, Long> byField() {
        return byPath.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().losses));
    }
}
