package io.tha.region;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tha.CorruptRegionException;
import io.tha.Outcome;
import io.tha.memory.MappedFile;
import io.tha.memory.Memory;
import io.tha.testkit.DomainDirectory;
import io.tha.testkit.Extent;
import io.tha.testkit.Seeds;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class OutcomeTableTest {
    private static final int STEPS = Extent.of(300_000);

    private DomainDirectory directory;
    private OutcomeTable table;

    @BeforeEach
    void create() {
        directory = DomainDirectory.create();
        table = OutcomeTable.create(directory.resolve("table"));
    }

    @AfterEach
    void close() {
        table.close();
        directory.close();
    }

    /** Ids mostly grow, now and then by so much that old ones lose their places; some are late. */
    @Test
    void itSaysWhatWasWrittenOrThatItHasForgotten() {
        Random random = Seeds.random();
        Map<Long, Outcome> expected = new HashMap<>();
        long newest = 1;
        int forgotten = 0;
        for (int step = 0; step < STEPS; step++) {
            newest += random.nextInt(1_000) == 0 ? random.nextInt((int) OutcomeTable.IDS / 8) : 1 + random.nextInt(3);
            long id = random.nextInt(10) == 0 ? Math.max(1, newest - random.nextInt(100_000)) : newest;
            switch (random.nextInt(3)) {
                case 0 -> {
                    table.committed(id);
                    expected.put(id, Outcome.COMMITTED);
                }
                case 1 -> {
                    table.aborted(id);
                    expected.put(id, Outcome.ABORTED);
                }
                default -> {
                    table.undecided(id);
                    expected.putIfAbsent(id, Outcome.UNDECIDED);
                }
            }
            assertEquals(expected.get(id), table.outcome(id));
        }
        for (Map.Entry<Long, Outcome> entry : expected.entrySet()) {
            Outcome found = table.outcome(entry.getKey());
            if (found == Outcome.FORGOTTEN && newest - entry.getKey() >= OutcomeTable.IDS - OutcomeDescriptor.IDS_PER_BLOCK) {
                forgotten++;
            } else {
                assertEquals(entry.getValue(), found, () -> "id " + entry.getKey());
            }
        }
        for (int i = 0; i < STEPS; i++) {
            long id = newest - random.nextInt((int) OutcomeTable.IDS - OutcomeDescriptor.IDS_PER_BLOCK);
            if (!expected.containsKey(id)) {
                assertEquals(Outcome.UNKNOWN_NEVER_PUBLISHED, table.outcome(id), () -> "id " + id);
            }
        }
        assertTrue(forgotten > 0, "nothing was forgotten");
        assertEquals(Outcome.UNKNOWN_NEVER_PUBLISHED, table.outcome(newest + 1));
    }

    @Test
    void anIdThatCameTooLateIsForgottenAndHarmsNone() {
        table.committed(OutcomeTable.IDS + 5);
        table.committed(5);
        assertEquals(Outcome.FORGOTTEN, table.outcome(5));
        assertEquals(Outcome.COMMITTED, table.outcome(OutcomeTable.IDS + 5));
        assertEquals(Outcome.UNKNOWN_NEVER_PUBLISHED, table.outcome(OutcomeTable.IDS + 6));
    }

    /** As a joiner does: what was decided before it began is in the copy, the rest it reads in the log. */
    @Test
    void aCopyMadeMeanwhileIsRightWithWhatFollows() throws InterruptedException {
        long stride = 700;
        AtomicLong decided = new AtomicLong();
        AtomicBoolean stop = new AtomicBoolean();
        Thread writer = new Thread(() -> {
            for (long n = 1; !stop.get(); n++) {
                decide(table, n * stride);
                decided.set(n);
            }
        });
        writer.start();
        try (OutcomeTable copy = OutcomeTable.create(directory.resolve("copy"))) {
            for (int round = 0; round < 200; round++) {
                while (decided.get() < round * 200L) {
                    Thread.onSpinWait();
                }
                long start = decided.get();
                copy.copyFrom(table.path());
                long end = decided.get();
                for (long n = start + 1; n <= end; n++) {
                    decide(copy, n * stride);
                }
                for (long n = Math.max(1, end - (OutcomeTable.IDS / 2) / stride); n <= end; n++) {
                    assertEquals(outcomeOf(n * stride), copy.outcome(n * stride), "id " + n * stride + " after a copy from " + start + " to " + end);
                    assertEquals(Outcome.UNKNOWN_NEVER_PUBLISHED, copy.outcome(n * stride + 1));
                }
                for (long n = Math.max(1, end - 2 * OutcomeTable.IDS / stride); n <= end; n++) {
                    Outcome old = copy.outcome(n * stride);
                    assertTrue(old == outcomeOf(n * stride) || old == Outcome.FORGOTTEN, "id " + n * stride + " is said to be " + old);
                }
            }
        } finally {
            stop.set(true);
            writer.join();
        }
    }

    private static Outcome outcomeOf(long id) {
        return id % 3 == 0 ? Outcome.ABORTED : Outcome.COMMITTED;
    }

    private static void decide(OutcomeTable table, long id) {
        if (outcomeOf(id) == Outcome.ABORTED) {
            table.aborted(id);
        } else {
            table.committed(id);
        }
    }

    /** Its writer died when it had announced that a block is given up. */
    @Test
    void aBlockThatWasBeingGivenUpIsTheNewOnes() {
        table.committed(5);
        try (MappedFile file = MappedFile.open(table.path(), OutcomeDescriptor.FILE_LENGTH);
                OutcomeTable copy = OutcomeTable.create(directory.resolve("copy"))) {
            long tag = 1 + OutcomeDescriptor.BLOCK_COUNT;
            Memory.putLong(file.address() + OutcomeDescriptor.TAGS_OFFSET, -tag);
            copy.copyFrom(table.path());
            for (OutcomeTable each : new OutcomeTable[] {table, copy}) {
                assertEquals(Outcome.FORGOTTEN, each.outcome(5));
                assertEquals(Outcome.UNKNOWN_NEVER_PUBLISHED, each.outcome(OutcomeTable.IDS + 5));
                each.aborted(OutcomeTable.IDS + 6);
                assertEquals(Outcome.ABORTED, each.outcome(OutcomeTable.IDS + 6));
                assertEquals(Outcome.UNKNOWN_NEVER_PUBLISHED, each.outcome(OutcomeTable.IDS + 5));
            }
        }
    }

    @Test
    void aDamagedHeaderIsRefused() {
        for (int offset = 0; offset <= OutcomeDescriptor.BLOCK_COUNT_OFFSET; offset += Integer.BYTES) {
            try (MappedFile file = MappedFile.open(table.path(), OutcomeDescriptor.FILE_LENGTH);
                    OutcomeTable copy = OutcomeTable.create(directory.resolve("copy" + offset))) {
                Memory.putInt(file.address() + offset, Memory.getInt(file.address() + offset) ^ 1);
                assertThrows(CorruptRegionException.class, () -> copy.copyFrom(table.path()), "offset " + offset);
                Memory.putInt(file.address() + offset, Memory.getInt(file.address() + offset) ^ 1);
            }
        }
    }
}
