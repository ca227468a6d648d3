package io.tha;

import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * What an application had announced of a transaction that was not decided: the bytes that it gave, when its process was lost, to know afterwards
 * what has to be done again.
 *
 * <p>Threads: any; immutable.
 */
public final class Intent {
    private final long transactionId;
    private final long number;
    private final byte[] bytes;

    /**
     * Made by the engine.
     *
     * @param transactionId under which it was published
     * @param number its place among the intents of the application
     * @param bytes the application's; copied
     */
    public Intent(long transactionId, long number, byte[] bytes) {
        this.transactionId = transactionId;
        this.number = number;
        this.bytes = Objects.requireNonNull(bytes, "bytes").clone();
    }

    /** Of the transaction that published it. */
    public long transactionId() {
        return transactionId;
    }

    /** Grows in the order in which the application published its intents. */
    public long number() {
        return number;
    }

    public int lengthBytes() {
        return bytes.length;
    }

    /** A copy of what the application gave. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** What the application gave, as UTF-8. */
    public String text() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return "intent " + number + " of transaction " + transactionId + ", " + bytes.length + " bytes";
    }
}
