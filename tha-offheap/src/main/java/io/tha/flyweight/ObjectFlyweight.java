package io.tha.flyweight;

import io.tha.LayoutMismatchException;
import io.tha.layout.DeclaredField;
import io.tha.layout.Layout;
import io.tha.layout.Utf8Text;
import io.tha.memory.Memory;
import io.tha.memory.ObjectMemory;
import java.util.Objects;

/**
 * A view of one object at a time, or of a structure in it; base of the generated classes. Each access checks the handle as a field handle does, and
 * makes no garbage: one flyweight serves any number of objects, one after the other.
 *
 * <p>A nested structure is shown by a flyweight that belongs to its outer one: the method that returns it moves it to where the outer one is
 * then. Who looks at two structures at a time takes two outer flyweights.
 *
 * <p>Threads: one; the objects follow the contract of their memory.
 */
public abstract class ObjectFlyweight {
    private static final ObjectMemory NOWHERE = new Nowhere();

    private final Layout layout;
    private final long layoutKey;
    private ObjectMemory memory = NOWHERE;
    private long handle;
    /** From the start of the object to the structure that is shown; 0 unless it is nested. */
    private long start;

    /**
     * Shows nothing yet.
     *
     * @param layout of what is shown
     * @param outermost layout of the objects in which it is; the same unless it is nested
     */
    protected ObjectFlyweight(Layout layout, Layout outermost) {
        this.layout = layout;
        layoutKey = outermost.key();
    }

    /**
     * Shows an object from now on. Nothing is checked before its fields are accessed. A flyweight of a nested structure shows that structure of
     * another object of the outer layout.
     *
     * @param inMemory its pool
     * @param ofHandle its handle
     * @return this
     */
    public abstract ObjectFlyweight wrap(ObjectMemory inMemory, long ofHandle);

    /** The handle of the object that is shown, or in which the structure is; 0 before the first {@link #wrap}. */
    public final long handle() {
        return handle;
    }

    /** What {@link #wrap} does. */
    protected final void show(ObjectMemory inMemory, long ofHandle) {
        // Objects of one pool follow each other mostly: the garbage collector's barrier is saved.
        if (memory != inMemory) {
            memory = Objects.requireNonNull(inMemory, "memory of the object that is to be shown");
        }
        handle = ofHandle;
    }

    /** Moves the flyweight of a nested structure to its place in the object that is shown. */
    protected final void showNested(ObjectFlyweight nested, int offset) {
        nested.show(memory, handle);
        nested.start = start + offset;
    }

    /** The address of a value, for reading; a nested structure has its own. */
    protected long readAt(int offset) {
        return memory.read(handle, layoutKey) + offset;
    }

    /** The address of a value of at most eight bytes, for writing; a nested structure has its own. */
    protected long writeAt(int offset) {
        return memory.write(handle, layoutKey, offset);
    }

    /** {@link #readAt} in a nested structure. */
    protected final long readNestedAt(int offset) {
        return memory.read(handle, layoutKey) + start + offset;
    }

    /** {@link #writeAt} in a nested structure. */
    protected final long writeNestedAt(int offset) {
        return memory.write(handle, layoutKey, start + offset);
    }

    /** Writes text. */
    protected final void writeText(int offset, Utf8Text text, CharSequence value) {
        text.set(memory, handle, layoutKey, start + offset, value);
    }

    /** Copies bytes of a field into the whole of an array. */
    protected final void readBytes(int offset, int lengthBytes, int from, byte[] to) {
        Objects.checkFromIndexSize(from, to.length, lengthBytes);
        Memory.copyTo(readAt(offset) + from, to, 0, to.length);
    }

    /** Copies the whole of an array into a field. */
    protected final void writeBytes(int offset, int lengthBytes, byte[] from, int to) {
        Objects.checkFromIndexSize(to, from.length, lengthBytes);
        long address = memory.writeRange(handle, layoutKey, start + offset + to, from.length);
        Memory.copyFrom(from, 0, address, from.length);
    }

    /** The index, if an array of so many values has it. */
    protected final int checkIndex(String field, int index, int count) {
        if (Integer.compareUnsigned(index, count) >= 0) {
            throw new IndexOutOfBoundsException(
                    "layout '" + layout.name() + "', field '" + field + "': index " + index + ", expected 0 to " + (count - 1));
        }
        return index;
    }

    /**
     * Makes sure that a field is where the generated code has it.
     *
     * @throws LayoutMismatchException if it is not
     */
    protected static void requirePlace(Layout layout, String field, int offset, int lengthBytes) {
        for (DeclaredField declared : layout.fields()) {
            if (declared.name().equals(field) && (declared.offset() != offset || declared.length() != lengthBytes)) {
                throw new LayoutMismatchException("layout '" + layout.name() + "', field '" + field + "': its flyweight was compiled for offset "
                        + offset + " and values of " + lengthBytes + " bytes, here it has offset " + declared.offset() + " and values of "
                        + declared.length() + " bytes; a nested structure or the engine has changed since: compile the flyweight anew");
            }
        }
    }

    /** Where a flyweight is before it shows an object. */
    private static final class Nowhere extends ObjectMemory {
        @Override
        protected RuntimeException rejected(long handle, long layoutKey) {
            return new IllegalStateException("the flyweight shows no object yet; call wrap first");
        }

        @Override
        protected RuntimeException writeRefused() {
            return rejected(0, 0);
        }
    }
}
