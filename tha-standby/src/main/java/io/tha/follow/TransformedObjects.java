package io.tha.follow;

import io.tha.layout.ElementCursor;
import io.tha.layout.Layout;
import io.tha.memory.LineMarks;
import io.tha.memory.ObjectMemory;
import io.tha.pool.PoolStructure;
import io.tha.transform.Conversion;
import io.tha.transform.Loss;
import io.tha.transform.Receiver;
import java.util.ArrayList;
import java.util.List;
import org.agrona.collections.Long2ObjectHashMap;
import org.agrona.collections.LongArrayList;

/**
 * Writes objects whose layout here differs from the active's.
 *
 * <p>While the state is copied from under a running active, what is read may never have been committed: values that do not fit are kept in mind, and
 * count at the end of the redo, if it has not written them once more.
 *
 * <p>Threads: the follower's.
 */
final class TransformedObjects implements Receiver {
    private static final int MOST_UNCERTAIN = 1 << 16;

    private final PoolStructure pool;
    private final PeerRegistry registry;
    private final Pointers pointers;
    private final Losses losses;
    private final ElementCursor cursor = new ElementCursor();
    /** By the active's handles. */
    private final Long2ObjectHashMap<List<Uncertain>> uncertain = new Long2ObjectHashMap<>();

    private final ObjectMemory memory;
    /** Objects here of which a rule has to compute something when the transaction is complete. */
    private final LongArrayList incomplete = new LongArrayList();

    private int uncertainCount;
    private boolean isCopying;
    private boolean isRedoing = true;
    /** At hand. */
    private PeerLayout layout;

    private long peerHandle;
    private long local;
    private long body;
    private long theirs;

    /** What did not fit of what was copied, and where it is in the active's object. */
    private record Uncertain(int offset, FieldLoss loss) {}

    TransformedObjects(PoolStructure pool, PeerRegistry registry, Pointers pointers, Losses losses) {
        this.pool = pool;
        this.registry = registry;
        this.pointers = pointers;
        this.losses = losses;
        memory = pool.replicaMemory();
    }

    /** The object that comes next, by the active's handle and that here. */
    TransformedObjects object(PeerLayout of, long handle, long handleHere) {
        layout = of;
        peerHandle = handle;
        local = handleHere;
        body = ObjectMemory.bodyOffset(local);
        return this;
    }

    /** It was created, or has to be as if it was. */
    void initialize() {
        forget(peerHandle);
        compute();
        layout.transformation().initialize(pool.memory().base() + body);
    }

    /** An object of the active is gone, and nothing of it counts any more. */
    void forget(long handle) {
        if (uncertainCount > 0) {
            List<Uncertain> gone = uncertain.remove(handle);
            uncertainCount -= gone == null ? 0 : gone.size();
        }
    }

    /** All of it, from an image that may change meanwhile. */
    void copy(long source) {
        initialize();
        isCopying = true;
        apply(0, layout.peer().layout().sizeBytes(), source);
        isCopying = false;
    }

    /**
     * A range of it, as it was committed.
     *
     * @param start offset in the active's object
     * @param end behind the range
     * @param source address of its bytes
     */
    void write(int start, int end, long source) {
        Layout peer = layout.peer().layout();
        if (start < end && (cuts(peer, start) || end < peer.sizeBytes() && cuts(peer, end))) {
            throw Replica.corrupt("UPDATE of bytes " + start + " to " + end + " of an object of layout '" + peer.name() + "', which cuts "
                    + peer.pathAt(start) + " or " + peer.pathAt(end - 1));
        }
        List<Uncertain> known = uncertainCount == 0 ? null : uncertain.get(peerHandle);
        if (known != null) {
            uncertainCount -= known.size();
            known.removeIf(loss -> loss.offset() >= start && loss.offset() < end);
            uncertainCount += known.size();
        }
        compute();
        apply(start, end, source - start);
    }

    /** Until the end of the redo no transaction is complete: then all objects are computed. */
    private void compute() {
        if (!isRedoing && layout.transformation().computes() && (incomplete.isEmpty() || incomplete.getLong(incomplete.size() - 1) != local)) {
            incomplete.addLong(local);
        }
    }

    /**
     * The transaction is complete.
     *
     * @throws io.tha.LayoutMismatchException if the function of a rule fails
     */
    void settle() {
        for (int i = 0; i < incomplete.size(); i++) {
            settle(incomplete.getLong(i));
        }
        incomplete.clear();
    }

    private void settle(long object) {
        if (pool.pool().isLive(object)) {
            PeerLayout of = registry.of(pool.layoutOn((int) (ObjectMemory.bodyOffset(object) >>> LineMarks.PAGE_SHIFT)));
            if (of != null && of.isTransformed() && of.transformation().computes()) {
                of.transformation().compute(memory, object);
            }
        }
    }

    private boolean cuts(Layout peer, int offset) {
        cursor.seek(peer, offset);
        return !cursor.isRaw() && cursor.start() != offset;
    }

    private void apply(int start, int end, long objectStart) {
        theirs = objectStart;
        layout.transformation().apply(objectStart, start, end, pool.memory().base() + body, this);
    }

    @Override
    public void pointer(long sourcePointer, String pointsTo, long targetAddress) {
        pointers.write(targetAddress - pool.memory().base(), sourcePointer, pointsTo);
    }

    @Override
    public void lost(Conversion conversion, int index, Loss loss, long sourceAddress) {
        int offset = (int) (sourceAddress - theirs);
        FieldLoss found = new FieldLoss(
                pool.soundName(body),
                layout.local().layout().name(),
                conversion.path(),
                layout.peer().layout().fieldAt(offset),
                conversion.valueAt(sourceAddress),
                loss,
                conversion.narrowing());
        if (isCopying && uncertainCount < MOST_UNCERTAIN) {
            uncertain.computeIfAbsent(peerHandle, handle -> new ArrayList<>(1)).add(new Uncertain(offset, found));
            uncertainCount++;
        } else {
            losses.lost(found);
        }
    }

    /** The copy is the committed state now. */
    void endRedo() {
        uncertain.values().forEach(found -> found.forEach(each -> losses.lost(each.loss())));
        uncertain.clear();
        uncertainCount = 0;
        isRedoing = false;
        if (registry.computes()) {
            pool.pool().forEach(this::settle);
        }
    }
}
