package io.tha.active;

import io.tha.capture.ForeignMemories;
import io.tha.capture.ForeignMemory;
import io.tha.layout.Layout;
import io.tha.memory.LineMarks;
import io.tha.pool.PoolStructure;
import io.tha.pool.ThaPool;
import io.tha.tracker.ForeignPages;
import io.tha.tracker.TrackerKind;

/**
 * What the caller of {@link ThaApplication#registerMemory} wants.
 *
 * @param name of the object
 * @param address of the memory
 * @param lengthBytes whole pages
 * @param layout of the object
 * @param group of the object
 */
record MemoryRegistration(String name, long address, long lengthBytes, Layout layout, int group) {

    /** Registers it; under the commit lock. When it fails nothing is changed. */
    ForeignMemory enter(PoolStructure structure, ForeignMemories foreign, TrackerKind poolKind) {
        ThaPool pool = structure.pool();
        requireLength();
        foreign.requireForeign(address, lengthBytes);
        long existing = pool.find(name);
        if (existing != 0) {
            requireSame(pool, existing);
            if (foreign.has(existing)) {
                throw refused("the object has a memory already; close its registration first");
            }
        }
        ForeignPages pages = ForeignPages.open(poolKind, address, lengthBytes);
        try {
            ForeignMemory memory = existing != 0 ? attach(structure, existing, pages) : create(structure, pages);
            foreign.add(memory);
            return memory;
        } catch (RuntimeException e) {
            pages.close();
            throw e;
        }
    }

    private ForeignMemory attach(PoolStructure structure, long handle, ForeignPages pages) {
        ForeignMemory memory = new ForeignMemory(structure, handle, address, pages);
        memory.fillMemory();
        pages.watch();
        return memory;
    }

    private ForeignMemory create(PoolStructure structure, ForeignPages pages) {
        pages.watch();
        ForeignMemory memory = new ForeignMemory(structure, structure.pool().allocate(layout, name, group), address, pages);
        memory.fillMirror();
        return memory;
    }

    private void requireLength() {
        long pages = (long) layout.sizeBytes() + LineMarks.PAGE_LENGTH - 1 & -LineMarks.PAGE_LENGTH;
        if (lengthBytes != pages) {
            throw refused("its length is " + lengthBytes + " bytes, expected " + pages + ", the whole pages for the " + layout.sizeBytes()
                    + " bytes of layout '" + layout.name() + "'");
        }
    }

    private void requireSame(ThaPool pool, long handle) {
        if (pool.layoutOf(handle).fingerprint() != layout.fingerprint()) {
            throw refused("the object has layout '" + pool.layoutOf(handle).description() + "', expected '" + layout.description() + "'");
        }
        if (pool.groupOf(handle) != group) {
            throw refused("the object is of group " + pool.groupOf(handle) + ", expected " + group);
        }
    }

    private IllegalArgumentException refused(String reason) {
        return new IllegalArgumentException("memory at 0x" + Long.toHexString(address) + " cannot be registered as '" + name + "': " + reason);
    }
}
