package io.tha.follow;

import io.tha.layout.Layout;
import io.tha.memory.LineMarks;
import io.tha.memory.ObjectMemory;
import io.tha.pool.LayoutEntry;
import io.tha.pool.PoolStructure;

/** The pool here is over the peer's own image: ids, handles and pointers are the same. */
final class SameAddresses implements Translation {
    private final PoolStructure pool;

    SameAddresses(PoolStructure pool) {
        this.pool = pool;
    }

    @Override
    public PoolStructure pool() {
        return pool;
    }

    @Override
    public Layout layoutOf(int peerId) {
        LayoutEntry entry = pool.registry().layout(peerId);
        return entry == null ? null : entry.layout();
    }

    @Override
    public Layout peerLayout(long local) {
        return pool.layoutOn((int) (ObjectMemory.bodyOffset(local) >>> LineMarks.PAGE_SHIFT)).layout();
    }

    @Override
    public boolean isSame(Layout peerLayout) {
        return true;
    }

    @Override
    public int prefixOf(int peerId) {
        return pool.registry().hasPrefix(peerId) ? peerId : -1;
    }

    @Override
    public long toLocal(long peerHandle) {
        return pool.pool().isLive(peerHandle) ? peerHandle : 0;
    }

    @Override
    public long peerHandleAt(long peerOffset) {
        long body = pool.pages().bodyAt(peerOffset);
        return body < 0 ? 0 : pool.liveHandleAt(body);
    }

    @Override
    public long pointerToLocal(long peerPointer, String pointsTo) {
        long handle = peerHandleAt(ObjectMemory.bodyOffset(peerPointer));
        return handle != 0 && ObjectMemory.generation(handle) == ObjectMemory.generation(peerPointer) ? peerPointer : 0;
    }
}
