package io.tha.transform;

/** Decides what the bytes alone do not tell. */
public interface Receiver {
    /**
     * Writes what a pointer of the source means here; the bytes at the address are what the target had before.
     *
     * @param pointsTo the layout that the source declares for what it points to; empty for any
     */
    void pointer(long sourcePointer, String pointsTo, long targetAddress);

    /**
     * Is told that a value did not fit, and what its field's policy made of it was written.
     *
     * @param conversion of its field
     * @param index of the element in its array, or 0
     * @param sourceAddress of the value, which is valid during the call
     */
    void lost(Conversion conversion, int index, Loss loss, long sourceAddress);
}
