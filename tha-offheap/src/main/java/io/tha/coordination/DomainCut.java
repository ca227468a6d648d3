package io.tha.coordination;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Which coordinated transactions the state of one application has, and how far those of the other applications must be to have them too; a vector
 * clock (Fidge, Mattern, 1988) that counts the entries of each application's chain. Two states of which none {@linkplain #isBehind is behind} the
 * other have the same of all transactions in which both applications took part; docs/coordination.md 5.5.
 *
 * <p>Threads: any; immutable.
 */
public final class DomainCut {
    private final int application;
    private final long[] chainEnds;

    /**
     * A cut.
     *
     * @param application whose state it is, by its index in the domain
     * @param chainEnds for each application of the domain, by its index, how many entries of its chain are needed
     */
    public DomainCut(int application, long... chainEnds) {
        if (application < 0 || application >= chainEnds.length) {
            throw new IllegalArgumentException("application " + application + " of " + chainEnds.length);
        }
        this.application = application;
        this.chainEnds = chainEnds.clone();
    }

    /**
     * What {@link #toBytes} gave, maybe in another process.
     *
     * @throws IllegalArgumentException if it is something else
     */
    public static DomainCut fromBytes(byte[] bytes) {
        if (bytes.length < 2 * Long.BYTES || bytes.length % Long.BYTES != 0) {
            throw new IllegalArgumentException(bytes.length + " bytes are no domain cut, which has at least two longs");
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        long index = buffer.getLong();
        long[] ends = new long[bytes.length / Long.BYTES - 1];
        buffer.asLongBuffer().get(ends);
        if (index < 0 || index >= ends.length) {
            throw new IllegalArgumentException("domain cut of application " + index + ", expected 0 to " + (ends.length - 1));
        }
        return new DomainCut((int) index, ends);
    }

    /** For another process: the application, then the ends, as little-endian longs. */
    public byte[] toBytes() {
        ByteBuffer buffer = ByteBuffer.allocate((1 + chainEnds.length) * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        buffer.putLong(application);
        buffer.asLongBuffer().put(chainEnds);
        return buffer.array();
    }

    /** Whose state it is, by its index in the domain. */
    public int application() {
        return application;
    }

    /** How many entries of its own chain the state has. */
    public long chainEnd() {
        return chainEnds[application];
    }

    /** How many entries of the chain of another application that one must have. */
    public long needs(int other) {
        return other < chainEnds.length ? chainEnds[other] : 0;
    }

    /** Whether the other state has something in which this application took part, and this one lacks it. */
    public boolean isBehind(DomainCut other) {
        return chainEnd() < other.needs(application);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DomainCut cut && cut.application == application && Arrays.equals(cut.chainEnds, chainEnds);
    }

    @Override
    public int hashCode() {
        return 31 * application + Arrays.hashCode(chainEnds);
    }

    @Override
    public String toString() {
        return "application " + application + " at " + Arrays.toString(chainEnds);
    }
}
