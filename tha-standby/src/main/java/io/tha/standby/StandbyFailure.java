package io.tha.standby;

import io.tha.ThaException;
import io.tha.memory.TruncatedFiles;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Why a standby gives up, in words for those who wait for it.
 *
 * <p>Threads: the one that has failed.
 */
final class StandbyFailure {
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final String name;
    private final Path domainDirectory;

    /** Made with the standby: when it has failed there may be no file left to load a class from. */
    StandbyFailure(String name, Path domainDirectory) {
        this.name = name;
        this.domainDirectory = domainDirectory;
        // Links what makes the text: without heap that fails, and once it has failed it fails for ever.
        describe(new OutOfMemoryError());
    }

    /** Tells it; where there is no memory even for that, as soon as there is. */
    void tell(Throwable cause, Consumer<ThaException> listener) {
        while (true) {
            try {
                listener.accept(cause instanceof ThaException known ? known : new ThaException(describe(cause), cause));
                return;
            } catch (OutOfMemoryError e) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    private String describe(Throwable cause) {
        String truncated = cause instanceof InternalError ? TruncatedFiles.describe(domainDirectory) : "";
        String what = truncated.isEmpty() ? cause.toString() : truncated;
        String remedy = cause instanceof OutOfMemoryError ? "give its JVM more memory (-Xmx), or its user more threads (ulimit -u)" : "mend that";
        return "standby of '" + name + "' has given up: " + what + "; " + remedy + ", close the standby and open it again";
    }
}
