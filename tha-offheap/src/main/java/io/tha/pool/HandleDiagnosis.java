package io.tha.pool;

import io.tha.memory.LineMarks;
import io.tha.memory.Memory;
import io.tha.memory.ObjectMemory;

/** Finds out why a handle was not accepted; off the hot path. */
final class HandleDiagnosis {
    private final PoolMemory memory;
    private final PageTable pages;
    private final Registry registry;

    HandleDiagnosis(PoolMemory memory, PageTable pages, Registry registry) {
        this.memory = memory;
        this.pages = pages;
        this.registry = registry;
    }

    RuntimeException explain(long handle, long layoutKey) {
        String where = "pool file '" + memory.path() + "': handle 0x" + Long.toHexString(handle);
        if (handle == 0) {
            return new NullPointerException("pool file '" + memory.path() + "': handle 0 is null; it names no object");
        }
        long body = ObjectMemory.bodyOffset(handle);
        if (pages.bodyAt(body) != body) {
            return new IllegalArgumentException(where + " names offset " + body
                    + ", where no object begins; it is of another pool, or its object was deleted");
        }
        int page = (int) (body >>> LineMarks.PAGE_SHIFT);
        LayoutEntry entry = registry.layout(pages.layoutId(page));
        if (entry != null && Memory.getLong(memory.base() + body - ObjectMemory.CHECK_WORD_LENGTH) == (handle ^ entry.key())) {
            return new IllegalArgumentException(where + " names an object of layout '" + entry.layout().name()
                    + "', and was used with a field of " + (layoutKey == 0 ? "another" : "layout key 0x" + Long.toHexString(layoutKey)));
        }
        return new IllegalStateException(where + " names an object that was deleted, generation " + ObjectMemory.generation(handle));
    }
}
