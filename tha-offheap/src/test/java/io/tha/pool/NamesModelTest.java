package io.tha.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tha.testkit.Extent;
import io.tha.testkit.Seeds;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The tables behind the names, against collections. */
class NamesModelTest {
    private static final int STEPS = Extent.of(100_000);

    /** Few hashes, so that they repeat and their runs of places collide and wrap around. */
    @Test
    void aHashTableHoldsWhatWasAdded() {
        Random random = Seeds.random();
        Map<Long, List<Long>> model = new HashMap<>();
        try (HashTable table = new HashTable()) {
            for (int step = 1; step <= STEPS; step++) {
                int wanted = 1 + step * 40 / STEPS % 20 * 50;
                long hash = random.nextInt(wanted) * (random.nextBoolean() ? 1L : 0x1_0000_0000L);
                List<Long> values = model.computeIfAbsent(hash, key -> new ArrayList<>());
                if (values.size() < 3 && random.nextInt(5) < 3) {
                    table.add(hash, step);
                    values.add((long) step);
                } else if (!values.isEmpty()) {
                    Long value = values.remove(random.nextInt(values.size()));
                    table.removeAt(indexOf(table, hash, value));
                }
                assertEquals(values.stream().sorted().toList(), valuesOf(table, hash).stream().sorted().toList(), "step " + step);
            }
            model.forEach((hash, values) ->
                    assertEquals(values.stream().sorted().toList(), valuesOf(table, hash).stream().sorted().toList()));
        }
    }

    private static List<Long> valuesOf(HashTable table, long hash) {
        List<Long> values = new ArrayList<>();
        for (int at = table.find(hash); at >= 0; at = table.findNext(at, hash)) {
            values.add(table.value(at));
        }
        return values;
    }

    private static int indexOf(HashTable table, long hash, long value) {
        int at = table.find(hash);
        while (table.value(at) != value) {
            at = table.findNext(at, hash);
        }
        return at;
    }

    /** Numbers in sequence and far apart, of several prefixes; also names that another object has. */
    @Test
    void implicitNamesAreThoseThatWereAdded() {
        Random random = Seeds.random();
        Map<Long, Long> model = new HashMap<>();
        List<Long> known = new ArrayList<>();
        try (ImplicitNames names = new ImplicitNames()) {
            long next = 1;
            for (int step = 1; step <= STEPS; step++) {
                long scattered = random.nextInt(50) == 0 ? (1L << 48) - 1 : random.nextLong() >>> 16 + random.nextInt(47);
                long number = random.nextInt(3) > 0 ? next++ : scattered;
                long name = known.isEmpty() || random.nextInt(2) == 0
                        ? Long.MIN_VALUE | (long) random.nextInt(3) << 48 | number
                        : known.get(random.nextInt(known.size()));
                if (random.nextInt(2 + step * 4 / STEPS % 2 * 3) == 0) {
                    assertEquals(model.putIfAbsent(name, (long) step) == null, names.add(name, step), "step " + step);
                    known.add(name);
                } else {
                    long body = random.nextInt(4) == 0 ? -1 : model.getOrDefault(name, -1L);
                    names.remove(name, body);
                    model.remove(name, body);
                }
                assertEquals(model.getOrDefault(name, 0L), names.find(name), "step " + step);
            }
            known.forEach(name -> assertEquals(model.getOrDefault(name, 0L), names.find(name)));
        }
    }
}
