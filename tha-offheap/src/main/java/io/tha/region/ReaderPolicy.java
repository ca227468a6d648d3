package io.tha.region;

import java.time.Duration;

/**
 * What a writer does about a reader that does not make room.
 *
 * @param timeoutNanos how long it waits
 * @param rejects whether it refuses to publish then, instead of dropping the reader
 */
public record ReaderPolicy(long timeoutNanos, boolean rejects) {
    /** The reader is dropped, and has to build its copy anew. */
    public static ReaderPolicy dropAfter(Duration timeout) {
        return new ReaderPolicy(timeout.toNanos(), false);
    }
}
