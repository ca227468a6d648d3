package io.tha.transform;

import io.tha.memory.ObjectMemory;

/**
 * Computes some fields of an object from other fields of the same object. Pure: what it writes depends on what it reads there and on nothing else,
 * and it writes no other field and no other object. It must be brief, and not call the engine; it is called for each object that has changed.
 */
@FunctionalInterface
public interface ObjectFunction {
    /**
     * Reads and writes with the fields of the layout.
     *
     * @param memory that holds the object
     * @param object its handle
     */
    void apply(ObjectMemory memory, long object);
}
