package io.tha.interleaving;

import io.tha.memory.Checksum;

/** Stands for {@link Checksum}: a range is read in one step. */
public final class SteppedChecksum {
    private final long base;
    private final long lengthBytes;
    /** Made when it is needed: most calls of an actor only repeat. */
    private Checksum checksum;

    public SteppedChecksum(long base, long lengthBytes) {
        this.base = base;
        this.lengthBytes = lengthBytes;
    }

    /** The CRC-32C of a range inside the mapping. */
    public int of(long address, long rangeBytes) {
        boolean step = Steps.isStep(address);
        if (step && Steps.isRepeated()) {
            return (int) Steps.repeat();
        }
        checksum = checksum == null ? new Checksum(base, lengthBytes) : checksum;
        int crc = checksum.of(address, rangeBytes);
        return step ? (int) Steps.read(address, rangeBytes, crc) : crc;
    }
}
