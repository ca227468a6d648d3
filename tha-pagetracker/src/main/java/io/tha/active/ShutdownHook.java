package io.tha.active;

import java.time.Duration;

/**
 * Hands an application over when the JVM is told to end, by SIGTERM for one. It unmaps nothing: the service's threads run until the JVM is gone.
 *
 * <p>Threads: any; the JVM runs it on a thread of its own.
 */
final class ShutdownHook {
    private static final System.Logger LOG = System.getLogger(ShutdownHook.class.getName());

    private final ThaApplication application;
    private final Duration timeout;
    private final Thread thread = new Thread(this::handOver, "tha-switchover");

    private ShutdownHook(ThaApplication application, Duration timeout) {
        this.application = application;
        this.timeout = timeout;
    }

    static ShutdownHook install(ThaApplication application, Duration timeout) {
        ShutdownHook hook = new ShutdownHook(application, timeout);
        try {
            Runtime.getRuntime().addShutdownHook(hook.thread);
        } catch (IllegalStateException e) {
            // A standby that takes over while its process is told to end.
            LOG.log(System.Logger.Level.INFO, "application ''{0}'' is not handed over, a standby takes over when this process is gone: {1}",
                    application.name(), e.getMessage());
        }
        return hook;
    }

    private void handOver() {
        try {
            SwitchoverResult result = application.switchover(timeout);
            LOG.log(System.Logger.Level.INFO, "application ''{0}'' at the end of its process: {1}", application.name(), result);
        } catch (RuntimeException e) {
            // Closed or fenced meanwhile: there is nothing to hand over.
            LOG.log(System.Logger.Level.INFO, "application ''{0}'' at the end of its process: {1}", application.name(), e);
        } finally {
            application.release();
        }
    }

    void remove() {
        try {
            Runtime.getRuntime().removeShutdownHook(thread);
        } catch (IllegalStateException e) {
            LOG.log(System.Logger.Level.DEBUG, "the JVM is ending already", e);
        }
    }
}
