package io.tha.follow;

import io.tha.pool.LayoutEntry;
import io.tha.pool.PoolStructure;

/** From ids and handles of the peer's frames to those of the pool here. */
interface Translation {
    PoolStructure pool();

    /** Of the peer's id; null if there is none. */
    LayoutEntry layoutOf(int peerId);

    /** The id here of the peer's prefix; -1 if there is none. */
    int prefixOf(int peerId);

    /** This side's handle of the peer's object, or 0. */
    long toLocal(long peerHandle);

    /** The peer's handle of the object in whose slot a byte of its pool is, or 0. */
    long peerHandleAt(long peerOffset);

    /** What a pointer of the peer is here, or 0. */
    long pointerToLocal(long peerPointer);
}
