package io.tha.interleaving;

import java.util.List;

/**
 * What some actors do to shared memory, and what must be true afterwards. Each run begins with {@link #begin}, ends with {@link #verify}, and has
 * another order of the actors' steps in between.
 */
public interface Scenario extends AutoCloseable {
    /** What the death of an actor sets in its death word; it is what the kernel sets. */
    int DEAD = 1 << 30;

    /** How many actors there are. */
    int actors();

    /** Puts the memory into its first state. */
    void begin();

    /**
     * What an actor does. It is called again and again from its beginning, and gets each time what its steps have got the first time: so it makes all
     * objects that it changes itself, and changes nothing else but memory by {@link SteppedMemory}. It makes at least one step, unless it ends in its
     * prologue.
     *
     * @param actor from 0
     * @param notes what it has to tell; emptied before each call
     */
    void act(int actor, List<Object> notes);

    /** The address of four bytes that are watched, if others look at them, and change when the actor dies. */
    long deathWord(int actor);

    /**
     * Looks at the end of a run.
     *
     * @param notes of each actor
     * @param trace all steps in the order in which they were made
     * @throws AssertionError if something is not as it must be
     */
    void verify(List<List<Object>> notes, List<Step> trace);

    /** What the words at an address are, for messages. */
    String nameOf(long address);

    /** A value of the word at an address, for messages. */
    default String textOf(long address, long value) {
        return Long.toHexString(value);
    }

    @Override
    void close();
}
