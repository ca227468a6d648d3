package io.tha.region;

import io.tha.ThaException;
import io.tha.memory.Urgency;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.LockSupport;

/**
 * The thread that holds a death word: it locks the mutex and parks for as long as the process lives. When the process dies, in whatever way, the
 * kernel marks the word and wakes a watcher. One thread per word, so that no list of the kernel's ever holds two.
 */
final class DeathKeeper {
    private static final long STACK_BYTES = 256 * 1024;

    private DeathKeeper() {}

    /**
     * Locks a zeroed death word for the rest of this process's life.
     *
     * @return null, or what failed
     */
    static String lockForEver(long deathWordAddress, int slot) {
        CompletableFuture<String> outcome = new CompletableFuture<>();
        Thread keeper = new Thread(null, () -> keep(deathWordAddress, outcome), "tha-death-word-" + slot, STACK_BYTES, false);
        keeper.setDaemon(true);
        keeper.setContextClassLoader(null);
        keeper.start();
        try {
            return outcome.join();
        } catch (CompletionException e) {
            throw new ThaException("the death word of process slot " + slot + " cannot be locked: " + e.getCause(), e);
        }
    }

    private static void keep(long deathWordAddress, CompletableFuture<String> outcome) {
        try {
            // When the process is killed, the kernel marks the word when this thread gets a processor to end on.
            Urgency.begin();
            String failure = RobustMutex.initAndLock(deathWordAddress);
            outcome.complete(failure);
            if (failure != null) {
                return;
            }
        } catch (Throwable e) {
            outcome.completeExceptionally(e);
            return;
        }
        while (true) {
            LockSupport.park(outcome);
            forgetInterruption();
        }
    }

    /** An interrupted thread does not park, and nobody may end this one. */
    private static void forgetInterruption() {
        if (Thread.interrupted()) {
            System.getLogger(DeathKeeper.class.getName())
                    .log(System.Logger.Level.WARNING, "a thread that holds a death word was interrupted; it goes on");
        }
    }
}
