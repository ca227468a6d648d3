package io.tha.pool;

import io.tha.memory.ObjectMemory;

/**
 * A replica's objects, to be written with fields by the follower alone: the pool itself refuses that.
 *
 * <p>Threads: the follower's.
 */
final class ReplicaMemory extends ObjectMemory {
    private final PoolMemory memory;
    private final HandleDiagnosis diagnosis;

    ReplicaMemory(PoolMemory memory, PageTable pages, Registry registry) {
        this.memory = memory;
        diagnosis = new HandleDiagnosis(memory, pages, registry);
        attach(memory.base(), memory.sizeBytes());
    }

    @Override
    protected RuntimeException rejected(long handle, long layoutKey) {
        return diagnosis.explain(handle, layoutKey);
    }

    @Override
    protected RuntimeException writeRefused() {
        return new IllegalStateException("pool file '" + memory.path() + "': a replica's memory is always writable");
    }
}
