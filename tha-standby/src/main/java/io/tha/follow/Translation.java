package io.tha.follow;

import io.tha.layout.Layout;
import io.tha.pool.PoolStructure;

/** From ids and handles of the peer's frames to those of the pool here. */
interface Translation {
    PoolStructure pool();

    /** The peer's layout with an id; null if there is none. */
    Layout layoutOf(int peerId);

    /** The peer's layout of an object of the pool here. */
    Layout peerLayout(long local);

    /** Whether the peer's objects of a layout have the same bytes here, pointers aside. */
    boolean isSame(Layout peerLayout);

    /** The id here of the peer's prefix; -1 if there is none. */
    int prefixOf(int peerId);

    /** This side's handle of the peer's object, or 0. */
    long toLocal(long peerHandle);

    /** The peer's handle of the object in whose slot a byte of its pool is, or 0. */
    long peerHandleAt(long peerOffset);

    /**
     * What a pointer of the peer is here, or 0.
     *
     * @param pointsTo the layout that the peer declares for what it points to; empty for any
     */
    long pointerToLocal(long peerPointer, String pointsTo);
}
