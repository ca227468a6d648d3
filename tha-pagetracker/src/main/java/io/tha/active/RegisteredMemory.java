package io.tha.active;

import io.tha.capture.ForeignMemory;
import io.tha.tracker.TrackerKind;
import java.util.Objects;

/**
 * Memory outside the pool in which a named object lives; {@link ThaApplication#registerMemory}. The object in the pool mirrors it.
 *
 * <p>Threads: the one that writes the object's group.
 */
public final class RegisteredMemory implements AutoCloseable {
    private final Registrations registrations;
    private final ForeignMemory memory;
    private final String name;

    RegisteredMemory(Registrations registrations, ForeignMemory memory, String name) {
        this.registrations = registrations;
        this.memory = memory;
        this.name = name;
    }

    /** Of the mirror; what pointers to the object hold. It has what was committed or flushed last. */
    public long handle() {
        return memory.handle();
    }

    public long address() {
        return memory.pages().address();
    }

    /** The tracker that finds what was written here: one that sees raw writes. */
    public TrackerKind tracker() {
        return memory.pages().kind();
    }

    /** Whether it is still registered: not when it was closed, nor when the object is gone. */
    public boolean isOpen() {
        return registrations.isRegistered(memory);
    }

    /**
     * Says that this part will be written by somebody whom the tracker may not notice, a system call or a device, as
     * {@link io.tha.pool.ThaPool#touch} does for the pool. It holds until the group's transaction is committed or aborted.
     *
     * @param offset in the memory
     * @param lengthBytes within the layout's size
     * @throws IllegalStateException if the memory is not registered any more
     */
    public void touch(long offset, long lengthBytes) {
        Objects.checkFromIndexSize(offset, lengthBytes, memory.sizeBytes());
        registrations.hold(memory, offset, lengthBytes);
    }

    /**
     * Ends the registration; the memory may be unmapped then. What was written goes with the group's next transaction. The object stays in the
     * pool, where {@link io.tha.pool.ThaPool#delete} removes it, and can be registered with memory again. A second call does nothing.
     */
    @Override
    public void close() {
        registrations.end(memory);
    }

    @Override
    public String toString() {
        return "memory of object '" + name + "', " + memory.pages().lengthBytes() + " bytes at 0x" + Long.toHexString(address());
    }
}
