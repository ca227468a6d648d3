package io.tha.region;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tha.testkit.DomainDirectory;
import io.tha.testkit.Seeds;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Of the readers that follow, exactly one is first: who has applied most, and of equals the one in the first slot. */
class ElectionTest {
    private static final int ROUNDS = 500;
    private static final int MOST_READERS = 10;
    private static final int MOST_POSITIONS = 4;

    @Test
    void exactlyOneIsFirst() {
        Random random = Seeds.random();
        try (DomainDirectory directory = DomainDirectory.create();
                LogFile log = LogFile.prepare(directory.resolve("prepared"), new LogConfig(64 << 10, true))) {
            BitSet dead = new BitSet();
            ReaderSlots slots = new ReaderSlots(log, dead::get);
            for (int round = 0; round < ROUNDS; round++) {
                dead.clear();
                List<Integer> readers = new ArrayList<>();
                long[] applied = new long[MOST_READERS];
                int count = 1 + random.nextInt(MOST_READERS);
                for (int process = 0; process < count; process++) {
                    int slot = slots.reserve(process);
                    slots.activate(slot, 0);
                    applied[slot] = random.nextInt(MOST_POSITIONS) - 1L;
                    if (applied[slot] >= 0) {
                        slots.appliedRelease(slot, applied[slot]);
                    }
                    readers.add(slot);
                }
                // Only now: slots of the dead are taken by those who come.
                readers.forEach(slot -> dead.set(slot, random.nextInt(4) == 0));
                int expected = -1;
                for (int slot : readers) {
                    boolean candidate = applied[slot] >= 0 && !dead.get(slot);
                    if (candidate && (expected < 0 || applied[slot] > applied[expected])) {
                        expected = slot;
                    }
                }
                for (int slot : readers) {
                    if (!dead.get(slot)) {
                        assertEquals(slot == expected, slots.isFirst(slot), "slot " + slot + ", first should be " + expected);
                    }
                }
                assertTrue(expected >= 0 || readers.stream().noneMatch(slot -> applied[slot] >= 0 && !dead.get(slot)));
                readers.forEach(slots::leave);
            }
        }
    }
}
