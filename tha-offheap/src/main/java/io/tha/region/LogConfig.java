package io.tha.region;

/**
 * What a new log is made with.
 *
 * @param capacity of the ring in bytes: a power of two, 64 KiB to 1 GiB
 * @param checksums whether frames carry a CRC-32C
 */
public record LogConfig(long capacity, boolean checksums) {
    public LogConfig {
        if (capacity < LogDescriptor.MIN_CAPACITY || capacity > LogDescriptor.MAX_CAPACITY || Long.bitCount(capacity) != 1) {
            throw new IllegalArgumentException("log ring of " + capacity + " bytes, expected a power of two from "
                    + LogDescriptor.MIN_CAPACITY + " to " + LogDescriptor.MAX_CAPACITY);
        }
    }
}
