package io.tha.follow;

import io.tha.layout.ElementCursor;
import io.tha.layout.Layout;
import io.tha.memory.Memory;
import io.tha.memory.ObjectMemory;
import io.tha.pool.CommittedImage;
import io.tha.pool.NameWord;
import io.tha.pool.PoolStructure;

/**
 * Copies objects of an image one by one, while its active goes on: to other places than they have there, or to another layout.
 *
 * <p>Threads: the follower's.
 */
final class ObjectCopy {
    private final CommittedImage image;
    private final Replica replica;
    private final PoolStructure pool;
    private final ElementCursor cursor = new ElementCursor();
    private final NameWord imageName = new NameWord();
    private final NameWord name = new NameWord();

    ObjectCopy(CommittedImage image, Replica replica) {
        this.image = image;
        this.replica = replica;
        pool = replica.pool();
    }

    /** Makes an object without contents; what is in the pool by then is right already. */
    void create(PeerLayout layout, int group, long peerHandle, int slabFirstPage) {
        long body = ObjectMemory.bodyOffset(peerHandle);
        NameWord peerName = image.nameWord(body, imageName);
        int prefix = peerName.isDynamic() ? replica.registry().prefix(peerName.prefixId()) : -1;
        if (prefix >= 0) {
            name.setDynamic(prefix, peerName.number());
        } else if (peerName.isStatic()) {
            name.setStatic(peerName.text());
        } else {
            name.setNone();
        }
        int slotLength = layout.peer().slotLength();
        if (replica.peers().isPossible(slabFirstPage, slotLength, peerHandle)) {
            long local = pool.createReplica(layout.local(), group, image.objectId(body), name);
            replica.peers().put(slabFirstPage, slotLength, peerHandle, local, pool::deleteReplica);
            enterNameLater(local);
        }
    }

    /** Names of the image may be ahead, and collide. */
    private void enterNameLater(long local) {
        if (!pool.enterName(local)) {
            replica.unnamed(local);
        }
    }

    /**
     * Copies the contents of an object. Where that was done before it is done once more: what is converted must not be so twice, and slabs may
     * overlap meanwhile.
     *
     * @return of how many bytes
     */
    int contents(long peerHandle, long local) {
        PeerLayout of = replica.layoutHere(local);
        long body = ObjectMemory.bodyOffset(local);
        long source = image.address(ObjectMemory.bodyOffset(peerHandle));
        if (of.isTransformed()) {
            replica.transformed().object(of, peerHandle, local).copy(source);
            return of.peer().layout().sizeBytes();
        }
        Layout layout = of.local().layout();
        Memory.copy(source, pool.memory().base() + body, layout.sizeBytes());
        if (layout.hasPointers()) {
            replica.pointers().convert(layout, body, 0, layout.sizeBytes());
        }
        if (layout.hasLocals()) {
            clearLocals(layout, pool.memory().base() + body);
        }
        return layout.sizeBytes();
    }

    /** An image has none, but the pool of an active without an image has its own. */
    private void clearLocals(Layout layout, long address) {
        for (int at = 0; at < layout.sizeBytes(); at = cursor.end()) {
            cursor.seek(layout, at);
            if (cursor.isLocal()) {
                Memory.zero(address + cursor.start(), cursor.end() - cursor.start());
            }
        }
    }
}
