package io.tha.interleaving;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tha.memory.Memory;
import io.tha.testkit.Seeds;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The explorer runs each order that makes a difference, once, and no other. */
class ExplorerTest {
    private final long memory = Memory.allocate(256);

    @AfterEach
    void free() {
        Steps.reset();
        Memory.free(memory);
    }

    /** Programs of one letter for a step: a small one reads a word, a capital writes it; the words are a, b, c. */
    private final class Programs implements Scenario {
        private final String[] programs;
        private boolean fails;
        private final Set<List<Object>> ends = new HashSet<>();

        Programs(String... programs) {
            this.programs = programs;
            Steps.watch(memory, 64);
        }

        @Override
        public int actors() {
            return programs.length;
        }

        @Override
        public void begin() {
            Memory.zero(memory, 256);
        }

        @Override
        public void act(int actor, List<Object> notes) {
            Steps.prologueEnds();
            long written = (actor + 1) * 10L;
            for (char step : programs[actor].toCharArray()) {
                long address = memory + 8L * (Character.toLowerCase(step) - 'a');
                if (Character.isLowerCase(step)) {
                    notes.add(SteppedMemory.getLong(address));
                } else {
                    SteppedMemory.putLong(address, ++written);
                }
            }
        }

        @Override
        public long deathWord(int actor) {
            return memory + 128 + 8L * actor;
        }

        @Override
        public void verify(List<List<Object>> notes, List<Step> trace) {
            ends.add(List.of(notes.toString(), Memory.getLong(memory), Memory.getLong(memory + 8)));
            if (fails && Memory.getLong(memory) == 11) {
                throw new AssertionError("the first one was the last one");
            }
        }

        @Override
        public String nameOf(long address) {
            return address == memory ? "a" : "another";
        }

        @Override
        public void close() {}
    }

    private long runs(String... programs) {
        Explorer explorer = new Explorer(new Programs(programs));
        explorer.exploreAll();
        return explorer.runs();
    }

    @Test
    void ordersThatMakeNoDifferenceAreRunOnce() {
        assertEquals(1, runs("AAA", "BBB", "ccc", "ccc"));
        assertEquals(1, runs("aaa", "aaa", "aaa"));
    }

    @Test
    void ordersOfStepsThatConflictAreAllRun() {
        assertEquals(2, runs("A", "A"));
        assertEquals(6, runs("A", "A", "A"));
        assertEquals(2, runs("A", "a"));
        assertEquals(4, runs("A", "a", "a"), "each reader before or behind the writer");
        assertEquals(20, runs("AAA", "AAA"), "6 over 3");
        assertEquals(90, runs("AA", "AA", "AA"), "6! / 2^3");
        assertEquals(3, runs("Ab", "Ba"), "one first, the other first, or both writes first");
    }

    /** By the ends of all orders of random programs, drawn many times. */
    @Test
    void nothingThatCanHappenIsLeftOut() {
        Random random = Seeds.random();
        for (int round = 0; round < 100; round++) {
            String[] programs = new String[2 + random.nextInt(2)];
            for (int i = 0; i < programs.length; i++) {
                StringBuilder program = new StringBuilder();
                for (int step = 0; step < 2 + random.nextInt(2); step++) {
                    program.append("aAbB".charAt(random.nextInt(4)));
                }
                programs[i] = program.toString();
            }
            Programs drawn = new Programs(programs);
            Explorer byChance = new Explorer(drawn);
            for (int i = 0; i < 2_000; i++) {
                byChance.runOne(random);
            }
            Programs all = new Programs(programs);
            new Explorer(all).exploreAll();

            Set<List<Object>> missed = new HashSet<>(drawn.ends);
            missed.removeAll(all.ends);
            assertEquals(Set.of(), missed, () -> "of " + List.of(programs));
        }
    }

    @Test
    void anActorDiesWhereItIsTold() {
        Programs programs = new Programs("AAA", "a");

        Explorer explorer = new Explorer(programs);
        boolean died = explorer.exploreAll(2);

        assertTrue(died);
        assertEquals(3, explorer.runs());
        assertEquals(Scenario.DEAD, Memory.getInt(programs.deathWord(0)));
        assertEquals(12, Memory.getLong(memory));
    }

    @Test
    void whoIsMarkedDeadMayMakeSomeStepsMore() {
        Programs programs = new Programs("AAA", "a");
        Explorer explorer = new Explorer(programs);
        explorer.linger(1);

        assertTrue(explorer.exploreAll(1));

        assertEquals(3, explorer.runs());
        assertEquals(12, Memory.getLong(memory));
    }

    @Test
    void aRunThatEndsAsItMustNotIsTold() {
        Programs programs = new Programs("A", "aA");
        programs.fails = true;
        Explorer explorer = new Explorer(programs);

        AssertionError error = assertThrows(AssertionError.class, explorer::exploreAll);

        assertTrue(error.getMessage().contains("actor 1 reads a: 0"), error::getMessage);
    }
}
