package io.tha.region;

import com.sun.jna.Native;
import io.tha.memory.Memory;
import io.tha.memory.Posix;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * The few pthread functions that lock a death word, and the futex word that the others watch. Only the owner calls {@link #initAndLock}, once, on the
 * thread whose death counts; nothing here ever unlocks or destroys.
 */
final class RobustMutex {
    /** In the futex word: the owner died while it held the mutex; set by the kernel. */
    static final int OWNER_DIED = 0x4000_0000;
    /** In the futex word: the kernel shall wake a waiter when the owner dies. */
    static final int WAITERS = 0x8000_0000;
    static final int THREAD_ID_MASK = ~(OWNER_DIED | WAITERS);

    private static final int PTHREAD_PROCESS_SHARED = 1;
    private static final int PTHREAD_MUTEX_ROBUST = 1;
    private static final int ATTRIBUTES_LENGTH = 64;
    private static final long PROBE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long PROBE_PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(50);

    private static boolean probed;
    private static String unavailableReason;

    private RobustMutex() {}

    /** Why robust mutexes cannot be used here, or null when they can: found out, once, by letting a thread die with one. */
    static synchronized String unavailableReason() {
        if (!probed) {
            unavailableReason = Posix.available() ? probe() : Posix.unavailableReason();
            probed = true;
        }
        return unavailableReason;
    }

    private static String probe() {
        try {
            Native.register(Pthread.class, "c");
            Pthread.gnu_get_libc_version();
        } catch (LinkageError | RuntimeException e) {
            return "the C library has no robust mutexes of glibc's form: " + e.getMessage();
        }
        // Never freed: should the kernel be late, it still writes to it.
        long mutex = Memory.allocate(ProcessSlotDescriptor.DEATH_WORD_LENGTH);
        AtomicReference<String> failure = new AtomicReference<>();
        // Not in a static initializer: this thread would wait for the class that waits for it.
        Thread victim = new Thread(() -> failure.set(initAndLock(mutex)), "tha-death-word-probe");
        victim.setDaemon(true);
        victim.start();
        long start = System.nanoTime();
        while ((Memory.getIntVolatile(mutex) & OWNER_DIED) == 0) {
            if (failure.get() != null || System.nanoTime() - start > PROBE_NANOS) {
                return failure.get() != null ? failure.get() : "the kernel did not mark the mutex of a thread that died";
            }
            LockSupport.parkNanos(PROBE_PAUSE_NANOS);
        }
        return null;
    }

    /**
     * Makes a zeroed area a robust process-shared mutex, and locks it for the calling thread.
     *
     * @return null, or what failed
     */
    static String initAndLock(long address) {
        long attributes = Memory.allocate(ATTRIBUTES_LENGTH);
        try {
            int failed = Pthread.pthread_mutexattr_init(attributes);
            failed = failed != 0 ? failed : Pthread.pthread_mutexattr_setpshared(attributes, PTHREAD_PROCESS_SHARED);
            failed = failed != 0 ? failed : Pthread.pthread_mutexattr_setrobust(attributes, PTHREAD_MUTEX_ROBUST);
            failed = failed != 0 ? failed : Pthread.pthread_mutex_init(address, attributes);
            failed = failed != 0 ? failed : Pthread.pthread_mutex_lock(address);
            if (failed != 0) {
                return "a pthread function returned errno " + failed;
            }
        } finally {
            Memory.free(attributes);
        }
        // The layout is not in any header we compile against, so we look: the futex word must now hold this thread.
        int word = Memory.getIntVolatile(address);
        int thread = Pthread.gettid();
        return (word & THREAD_ID_MASK) == thread ? null : "the futex word is 0x" + Integer.toHexString(word) + ", expected thread " + thread;
    }

    /** The C library's own names, apart from {@link Posix} because other C libraries lack some of them. */
    private static final class Pthread {
        private Pthread() {}

        static native long gnu_get_libc_version();

        static native int gettid();

        static native int pthread_mutexattr_init(long attributes);

        static native int pthread_mutexattr_setpshared(long attributes, int shared);

        static native int pthread_mutexattr_setrobust(long attributes, int robust);

        static native int pthread_mutex_init(long mutex, long attributes);

        static native int pthread_mutex_lock(long mutex);
    }
}
