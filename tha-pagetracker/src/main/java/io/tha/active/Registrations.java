package io.tha.active;

import io.tha.capture.ForeignMemories;
import io.tha.capture.ForeignMemory;
import io.tha.pool.PoolStructure;
import io.tha.tracker.TrackerKind;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Registers memory outside the pool, and ends that, between commits.
 *
 * <p>Threads: any.
 */
final class Registrations {
    private final ReentrantLock commitLock;
    private final PoolStructure pool;
    private final ForeignMemories memories;
    private final TrackerKind tracker;
    private final Runnable checkActive;

    /**
     * Under a commit lock.
     *
     * @param checkActive throws unless this process is the active
     */
    Registrations(ReentrantLock commitLock, PoolStructure pool, ForeignMemories memories, TrackerKind tracker, Runnable checkActive) {
        this.commitLock = commitLock;
        this.pool = pool;
        this.memories = memories;
        this.tracker = tracker;
        this.checkActive = checkActive;
    }

    RegisteredMemory register(MemoryRegistration registration) {
        return locked(() -> {
            checkActive.run();
            return new RegisteredMemory(this, registration.enter(pool, memories, tracker), registration.name());
        });
    }

    boolean isRegistered(ForeignMemory memory) {
        return locked(() -> memories.contains(memory));
    }

    /** Somebody will write to a memory who may not be noticed. */
    void hold(ForeignMemory memory, long offset, long lengthBytes) {
        locked(() -> {
            if (!memories.contains(memory)) {
                throw new IllegalStateException("the memory is not registered any more");
            }
            memory.pages().hold(offset, lengthBytes);
            return null;
        });
    }

    void end(ForeignMemory memory) {
        locked(() -> {
            memories.end(memory);
            return null;
        });
    }

    private <T> T locked(Supplier<T> action) {
        commitLock.lock();
        try {
            return action.get();
        } finally {
            commitLock.unlock();
        }
    }
}
