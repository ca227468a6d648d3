package io.tha.pool;

import io.tha.memory.Memory;

/** A prefix of implicit names, with the counter of its numbers in the registry. */
final class Prefix {
    /** 15 bits of the name word. */
    static final int MAX_PREFIXES = 1 << 15;

    private static final long DYNAMIC = 1L << 63;
    private static final int ID_SHIFT = 48;

    /** 48 bits of the name word. */
    static final long MAX_NUMBER = (1L << ID_SHIFT) - 1;

    private final int id;
    private final String text;
    private final PoolMemory memory;
    private final long counterOffset;

    Prefix(int id, String text, PoolMemory memory, long counterOffset) {
        this.id = id;
        this.text = text;
        this.memory = memory;
        this.counterOffset = counterOffset;
    }

    int id() {
        return id;
    }

    long counterOffset() {
        return counterOffset;
    }

    String text() {
        return text;
    }

    /** A name word with a number that was not used before. */
    long takeName() {
        return nameWord(Memory.getAndAddLong(memory.registry() + counterOffset, 1));
    }

    long nameWord(long number) {
        return word(id, number);
    }

    static long word(int prefixId, long number) {
        return DYNAMIC | (long) prefixId << ID_SHIFT | number & MAX_NUMBER;
    }

    /** Numbers up to this one count as used. */
    synchronized void raise(long number) {
        long address = memory.registry() + counterOffset;
        if (number >= Memory.getLong(address)) {
            Memory.putLong(address, number + 1);
        }
    }

    static boolean isDynamic(long nameWord) {
        return nameWord < 0;
    }

    static int id(long nameWord) {
        return (int) (nameWord >>> ID_SHIFT) & (MAX_PREFIXES - 1);
    }

    static long number(long nameWord) {
        return nameWord & MAX_NUMBER;
    }
}
